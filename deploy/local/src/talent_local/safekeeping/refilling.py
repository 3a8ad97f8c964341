"""`talent refill`: begin the event log anew and fill it from the databases of the services."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from talent_local.home import Home
from talent_local.running import platform
from talent_local.running.plan import Plan, embedded_log
from talent_local.running.servers import SERVICES, broker, postgres, prepare_databases, servers
from talent_local.trouble import Trouble

Say = Callable[[str], None]


def refill(home: Home, say: Say = print) -> dict[str, int]:
    """Stop the programs, forget the log, fill it again; how many events of each service it holds then.

    The programs stay down; ``platform.start`` brings them up. A log that is not ours (``kafka://…``) must have been
    emptied by its operators, and is only filled.

    Raises:
        Trouble: when a service's own command refuses.
    """
    platform.stop_programs(home, say=say)
    plan = Plan.read(home)
    kind = (home.read("log") or {}).get("kind", platform.EMBEDDED)
    if kind == platform.EMBEDDED:
        postgres(home).start()
        postgres(home).drop_database("event_log")
        prepare_databases(home)
        _command([sys.executable, "-m", "shared.eventlog.migrate", embedded_log(home)], {})
    elif kind == platform.OWN_BROKER:
        postgres(home).start()
        unit = servers(home, ["kafka"])["kafka"]
        unit.stop()
        lose_records(home)
        unit.start()
    say("the event log is empty")
    recipes = [recipe for recipe in plan.programs if recipe.name in SERVICES]
    with ThreadPoolExecutor(max_workers=2) as pool:
        told = pool.map(
            lambda one: _command([sys.executable, "-m", "shared.messaging.refill", one.name], one.environment), recipes
        )
        counted = {
            recipe.name: int(line.split()[-2]) for recipe, line in zip(recipes, told, strict=True)
        }  # the log comes before the answer
    for name, count in counted.items():
        say(f"{name}: {count} events")
    return counted


def lose_records(home: Home) -> None:
    """Forget everything that the broker of this directory stored: topics, records and positions of consumers."""
    for folder in broker(home).directory.glob("data*"):
        shutil.rmtree(folder)


def _command(command: list[str], settings: dict[str, str]) -> str:
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LD_LIBRARY_PATH", "SSL_CERT_FILE") if key in os.environ}
    environment = kept | {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"} | settings
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"{' '.join(command[2:])}: {done.stderr.strip()[-800:]}")
    return done.stdout
