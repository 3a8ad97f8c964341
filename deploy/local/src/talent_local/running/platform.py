"""The platform as a whole: start it, stop it, forget what it knows. Used by the commands and by the cohort."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from talent_local.home import Home
from talent_local.issuer.seed import client_secret_names
from talent_local.running.keys import ensure_keys
from talent_local.running.migrating import ends_of_logs, migrate
from talent_local.running.plan import KEY_OWNERS, NOTHING, SECRETS, Plan, embedded_log, make_plan
from talent_local.running.ports import choose
from talent_local.running.readiness import await_ready
from talent_local.running.servers import SERVICES, broker, postgres, prepare_databases, servers
from talent_local.running.supervising import stop_supervisor, supervise, supervisor
from talent_local.running.units import Program, recorded
from talent_local.trouble import Trouble

READY_SECONDS: Final = 60.0
HOPELESS_RESTARTS: Final = 3
"""A program that ended this often while it should become ready will not become so by waiting."""
OWN_BROKER: Final = "own"
"""Value of `log` for a Kafka broker that is started here."""
EMBEDDED: Final = "embedded"
"""Value of `log` for the event log inside PostgreSQL; the default."""

Say = Callable[[str], None]


def start(home: Home, *, log: str | None = None, say: Say = print, gateway: Mapping[str, str] = NOTHING) -> Plan:
    """Start everything that does not run yet and return when all programs are ready.

    Args:
        home: the state directory.
        log: `EMBEDDED`, `OWN_BROKER`, a `kafka://host:port` URL, or None for what it was the last time.
        say: hears a line per step.
        gateway: settings of the gateway beside the usual ones, for a trial; a start without them takes them away.

    Raises:
        Trouble: naming the step that failed, the end of its log, and what to do.
    """
    home.create()
    with home.locked():
        began = time.monotonic()
        chosen = _choose_log(home, log)
        names = ["postgres", "kafka"] if chosen == OWN_BROKER else ["postgres"]
        for name, server in servers(home, names).items():
            server.start()
            say(f"{name} runs")
        prepare_databases(home)
        url = {EMBEDDED: embedded_log(home)}.get(chosen) or chosen
        if chosen == OWN_BROKER:
            url = f"kafka://{broker(home).bootstrap}"
        keys = ensure_keys(home, KEY_OWNERS, (*SECRETS, *client_secret_names()))
        ports = choose(home, _running(home))
        plan = make_plan(home, ports=ports, keys=keys, event_log=url, own_broker=chosen == OWN_BROKER, gateway=gateway)
        changed = home.read("plan") is not None and _differs(home, plan)
        if changed:
            stop_supervisor(home)
            _stop_programs(home, Plan.read(home), say)
        plan.write(home)
        if any(Program(home, recipe).pid is None for recipe in plan.programs):
            migrate(home, plan, url, say)
        if supervisor(home) is None:
            (home.root / "supervised.json").unlink(missing_ok=True)
        before = _restarts(home)
        supervise(home)
        late = await_ready(
            plan.programs,
            READY_SECONDS,
            became=lambda name: say(f"{name} is ready"),
            hopeless=lambda one: _restarts(home).get(one.name, 0) >= before.get(one.name, 0) + HOPELESS_RESTARTS,
        )
        if late:
            raise Trouble(
                ends_of_logs(home, late), "Read the log with `talent logs <process>`; `talent doctor` checks the rest."
            )
        say(f"ready after {time.monotonic() - began:.1f} s: http://127.0.0.1:{ports['gateway']}")
    return plan


def stop(home: Home, *, say: Say = print) -> None:
    """Stop everything in order, gateway first and PostgreSQL last; what is stored is kept."""
    if not home.root.exists():
        return
    with home.locked():
        stop_supervisor(home)
        if home.read("plan") is not None:
            _stop_programs(home, Plan.read(home), say)
        for name, server in reversed(servers(home, ["postgres", "kafka"]).items()):
            if server.pid is not None:
                server.stop()
                say(f"{name} stopped")


def stop_programs(home: Home, *, say: Say = print) -> None:
    """Stop supervisor and programs; PostgreSQL and Kafka run on."""
    with home.locked():
        stop_supervisor(home)
        _stop_programs(home, Plan.read(home), say)


def wipe(home: Home, *, say: Say = print) -> None:
    """Stop everything and forget all that was stored; ports, keys and the choice of event log are kept."""
    stop(home, say=say)
    for folder in (home.postgres, home.kafka):
        shutil.rmtree(folder, ignore_errors=True)
    home.clock.unlink(missing_ok=True)
    for kept in (home.root / "cohort.json", home.root / "supervised.json"):
        shutil.rmtree(kept, ignore_errors=True) if kept.is_dir() else kept.unlink(missing_ok=True)


def _choose_log(home: Home, log: str | None) -> str:
    """Where events go; the kind cannot change while there are events in the other one."""
    kept = (home.read("log") or {}).get("kind")
    chosen = log or kept or EMBEDDED
    if kept and _kind(kept) != _kind(chosen) and postgres(home).pgdata.exists():
        raise Trouble(
            f"What is stored here was published to the {kept} event log; it cannot continue on another one.",
            "Use another state directory (TALENT_HOME=…), or forget this one with `talent down --wipe`.",
        )
    home.write("log", {"kind": chosen})
    return chosen


def _kind(log: str) -> str:
    """The same broker may be reached under another address; another kind is another log."""
    return log.partition(":")[0]


def _running(home: Home) -> list[str]:
    content = home.read("plan")
    names = [program["name"] for program in content["programs"]] if content else []
    return [name for name in names if recorded(home.pids / f"{name}.json")]


def _differs(home: Home, plan: Plan) -> bool:
    old = Plan.read(home)
    return (old.servers, old.programs) != (plan.servers, plan.programs)


def _restarts(home: Home) -> dict[str, int]:
    """How often the present supervisor has started each unit again."""
    return {name: int(report["restarts"]) for name, report in (home.read("supervised") or {}).items()}


def _stop_programs(home: Home, plan: Plan, say: Say) -> None:
    """The gateway first, so that nothing new comes in; then the services together; then the issuer."""
    by_name = {recipe.name: Program(home, recipe) for recipe in plan.programs}
    for names in (("gateway",), SERVICES, tuple(by_name)):
        group = {name: by_name[name] for name in names if name in by_name and by_name[name].pid is not None}
        with ThreadPoolExecutor(max_workers=len(SERVICES)) as pool:
            list(pool.map(Program.stop, group.values()))
        for name in group:
            say(f"{name} stopped")
