"""The platform as a whole: start it, stop it, forget what it knows. Used by the commands and by the cohort."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import psutil

from talent_local.home import Home
from talent_local.issuer.seed import client_secret_names
from talent_local.running.keys import ensure_keys
from talent_local.running.plan import KEY_OWNERS, SECRETS, Plan, embedded_log, make_plan, migrations
from talent_local.running.ports import choose
from talent_local.running.readiness import await_ready
from talent_local.running.servers import SERVICES, broker, postgres, prepare_databases, servers
from talent_local.running.units import GRACE_SECONDS, Program, Recipe, ended, recorded, send
from talent_local.trouble import Trouble

READY_SECONDS: Final = 60.0
OWN_BROKER: Final = "own"
"""Value of `log` for a Kafka broker that is started here."""
EMBEDDED: Final = "embedded"
"""Value of `log` for the event log inside PostgreSQL; the default."""

Say = Callable[[str], None]


def start(home: Home, *, log: str | None = None, say: Say = print) -> Plan:
    """Start everything that does not run yet and return when all programs are ready.

    Args:
        home: the state directory.
        log: `EMBEDDED`, `OWN_BROKER`, a `kafka://host:port` URL, or None for what it was the last time.
        say: hears a line per step.

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
        plan = make_plan(home, ports=ports, keys=keys, event_log=url, own_broker=chosen == OWN_BROKER)
        changed = home.read("plan") is not None and _differs(home, plan)
        if changed:
            _stop_programs(home, Plan.read(home), say)
        plan.write(home)
        if any(Program(home, recipe).pid is None for recipe in plan.programs):
            _migrate(home, plan, url, say)
        _supervise(home, restart=changed)
        late = await_ready(plan.programs, READY_SECONDS, lambda name: say(f"{name} is ready"))
        if late:
            raise Trouble(
                _why(home, late), "Read the log with `talent logs <process>`; `talent doctor` checks the rest."
            )
        say(f"ready after {time.monotonic() - began:.1f} s: http://127.0.0.1:{ports['gateway']}")
    return plan


def stop(home: Home, *, say: Say = print) -> None:
    """Stop everything in order, gateway first and PostgreSQL last; what is stored is kept."""
    if not home.root.exists():
        return
    with home.locked():
        _stop_supervisor(home)
        if home.read("plan") is not None:
            _stop_programs(home, Plan.read(home), say)
        for name, server in reversed(servers(home, ["postgres", "kafka"]).items()):
            if server.pid is not None:
                server.stop()
                say(f"{name} stopped")


def wipe(home: Home, *, say: Say = print) -> None:
    """Stop everything and forget all that was stored; ports, keys and the choice of event log are kept."""
    stop(home, say=say)
    for folder in (home.postgres, home.kafka):
        shutil.rmtree(folder, ignore_errors=True)
    home.clock.unlink(missing_ok=True)
    for kept in (home.root / "cohort", home.root / "supervised.json"):
        shutil.rmtree(kept, ignore_errors=True) if kept.is_dir() else kept.unlink(missing_ok=True)


def supervisor(home: Home) -> psutil.Process | None:
    """The live supervisor, or None."""
    return recorded(home.pids / "supervisor.json")


def _choose_log(home: Home, log: str | None) -> str:
    """Where events go; the kind cannot change while there are events in the other one."""
    kept = (home.read("log") or {}).get("kind")
    chosen = log or kept or EMBEDDED
    if kept and (kept == EMBEDDED) != (chosen == EMBEDDED) and postgres(home).pgdata.exists():
        raise Trouble(
            f"What is stored here was published to the {kept} event log; it cannot continue on another one.",
            "Use another state directory (TALENT_HOME=…), or forget this one with `talent down --wipe`.",
        )
    home.write("log", {"kind": chosen})
    return chosen


def _running(home: Home) -> list[str]:
    content = home.read("plan")
    names = [program["name"] for program in content["programs"]] if content else []
    return [name for name in names if recorded(home.pids / f"{name}.json")]


def _differs(home: Home, plan: Plan) -> bool:
    old = Plan.read(home)
    return (old.servers, old.programs) != (plan.servers, plan.programs)


def _migrate(home: Home, plan: Plan, event_log: str, say: Say) -> None:
    """Bring every database to its schema, two at a time."""
    steps = migrations(plan)
    if event_log.startswith("embedded+"):
        steps.append(Recipe("migrate-event-log", [sys.executable, "-m", "shared.eventlog.migrate", event_log]))
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
        failed = [
            recipe
            for recipe, status in zip(steps, pool.map(lambda step: _run(home, step), steps), strict=True)
            if status
        ]
    if failed:
        raise Trouble(_why(home, failed), "The databases are as before; mend the cause and say `talent up` again.")
    say("databases migrated")


def _run(home: Home, step: Recipe) -> int:
    environment = dict(os.environ) | {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"} | step.environment
    with home.log(step.name).open("wb") as log:
        done = subprocess.run(step.command, env=environment, cwd=home.root, stdout=log, stderr=log, check=False)
    return done.returncode


def _supervise(home: Home, *, restart: bool) -> None:
    """See to it that a supervisor is at work, with the present plan."""
    if restart:
        _stop_supervisor(home)
    if supervisor(home) is not None:
        return
    command = [sys.executable, "-m", "talent_local.running.supervisor", str(home.root)]
    with home.log("supervisor").open("ab") as log:
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=home.root
        )


def _stop_supervisor(home: Home) -> None:
    process = supervisor(home)
    if process is not None:
        send(process, signal.SIGTERM)
        if not ended(process, GRACE_SECONDS):
            send(process, signal.SIGKILL)
            ended(process, GRACE_SECONDS)


def _stop_programs(home: Home, plan: Plan, say: Say) -> None:
    """The gateway first, so that nothing new comes in; then the services together; then the issuer."""
    by_name = {recipe.name: Program(home, recipe) for recipe in plan.programs}
    for names in (("gateway",), SERVICES, tuple(by_name)):
        group = {name: by_name[name] for name in names if name in by_name and by_name[name].pid is not None}
        with ThreadPoolExecutor(max_workers=len(SERVICES)) as pool:
            list(pool.map(Program.stop, group.values()))
        for name in group:
            say(f"{name} stopped")


def _why(home: Home, recipes: list[Recipe]) -> str:
    """The end of the logs of what failed."""
    parts = []
    for recipe in recipes:
        log = home.log(recipe.name)
        tail = log.read_text(errors="replace").splitlines()[-12:] if log.exists() else []
        parts.append("\n".join([f"{recipe.name} failed; the end of {log}:", *(f"    {line[:400]}" for line in tail)]))
    return "\n".join(parts)
