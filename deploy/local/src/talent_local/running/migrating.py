"""Bringing every database to the schema of its program, by the programs' own commands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from talent_local.home import Home
from talent_local.running.plan import Plan, migrations
from talent_local.running.units import Recipe
from talent_local.trouble import Trouble


def migrate(home: Home, plan: Plan, event_log: str, say: Callable[[str], None]) -> None:
    """Run the migrations, as many at a time as there are cores.

    Raises:
        Trouble: with the end of the log of every one that failed.
    """
    steps = migrations(plan)
    if event_log.startswith("embedded+"):
        steps.append(Recipe("migrate-event-log", [sys.executable, "-m", "shared.eventlog.migrate", event_log]))
    with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
        results = list(pool.map(lambda step: _run(home, step), steps))
    failed = [step for step, status in zip(steps, results, strict=True) if status]
    if failed:
        advice = "The databases are as before; mend the cause and say `talent up` again."
        raise Trouble(ends_of_logs(home, failed), advice)
    say("databases migrated")


def ends_of_logs(home: Home, recipes: Iterable[Recipe], lines: int = 12) -> str:
    """The last lines of the logs of what failed."""
    parts = []
    for recipe in recipes:
        log = home.log(recipe.name)
        tail = log.read_text(errors="replace").splitlines()[-lines:] if log.exists() else []
        parts.append("\n".join([f"{recipe.name} failed; the end of {log}:", *(f"    {line[:400]}" for line in tail)]))
    return "\n".join(parts)


def _run(home: Home, step: Recipe) -> int:
    environment = dict(os.environ) | {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"} | step.environment
    with home.log(step.name).open("wb") as log:
        done = subprocess.run(step.command, env=environment, cwd=home.root, stdout=log, stderr=log, check=False)
    return done.returncode
