"""What the platform costs while nothing happens: resident memory and processor time of every process, at rest.

A scratch platform without a cohort on the embedded log. First API and worker of each member as processes of their own
(as on Kubernetes), then both in one (as on one machine). The aims are 120 MB a process and 3 % of a core.

    python benchmarks/footprint.py [seconds]
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gateway_path import cpu_of, free_ports
from tracing import resident

from talent_local.drills.fleet import REPLACED, Fleet, prepared
from talent_local.home import Home
from talent_local.running import platform
from talent_local.running.readiness import await_ready
from talent_local.running.units import Program, Recipe

SETTLING_SECONDS = 30.0
READY_SECONDS = 180.0
MEGABYTES, SHARE = 120.0, 0.03


def apart(fleet: Fleet) -> list[Recipe]:
    """API and worker of every member, each by itself."""
    recipes = []
    for name, port in zip(REPLACED, free_ports(len(REPLACED)), strict=True):
        whole = fleet.plan.recipe(name)
        assert whole is not None
        recipes.append(replace(whole, name=f"{name} api", command=[sys.executable, "-m", f"{name}.api"]))
        own = {f"{name.upper()}_PORT": str(port)}
        worker = [sys.executable, "-m", f"{name}.worker"]
        recipes.append(
            replace(whole, name=f"{name} worker", command=worker, port=port, environment=whole.environment | own)
        )
    return recipes


def together(fleet: Fleet) -> list[Recipe]:
    """Every member as the platform of one machine runs it."""
    found = [fleet.plan.recipe(name) for name in REPLACED]
    return [replace(recipe, name=f"{recipe.name} api and worker") for recipe in found if recipe is not None]


def rest(home: Home, recipes: Sequence[Recipe], seconds: float) -> dict[str, tuple[float, float]]:
    """By process: MB resident in the end, share of a core over the time; started for this and stopped after it."""
    programs = {recipe.name: Program(home, recipe) for recipe in recipes}
    try:
        for program in programs.values():
            program.start()
        late = await_ready(recipes, READY_SECONDS)
        if late:
            raise TimeoutError(f"not ready: {[recipe.name for recipe in late]}")
        time.sleep(SETTLING_SECONDS)
        pids = {name: program.pid or 0 for name, program in programs.items()}
        before = {name: cpu_of(pid) for name, pid in pids.items()}
        began = time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - began
        return {name: (resident(pid), (cpu_of(pid) - before[name]) / passed) for name, pid in pids.items()}
    finally:
        for program in programs.values():
            program.stop()


def report(found: dict[str, tuple[float, float]]) -> None:
    """The table; what is above its aim has a mark."""
    for name, (megabytes, share) in found.items():
        marks = f"{'*' if megabytes > MEGABYTES else ' '}{'*' if share > SHARE else ' '}"
        print(f"{name:28}{megabytes:>8.0f} MB{share * 100:>8.1f} % {marks}")
    megabytes, share = (sum(pair[n] for pair in found.values()) for n in (0, 1))
    print(f"{'in all':28}{megabytes:>8.0f} MB{share * 100:>8.1f} %\n")


def main() -> None:
    """Both ways, one after the other."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    root = Path(tempfile.mkdtemp(prefix="talent-footprint-"))
    root.chmod(0o755)  # PostgreSQL may run as another account
    home = Home(root)
    try:
        fleet = prepared(home)
        asyncio.run(fleet.migrate())
        for recipes in (apart(fleet), together(fleet)):
            report(rest(home, recipes, seconds))
        print(f"over {seconds:g} s; load of the machine {os.getloadavg()[0]:.1f} in the end")
    finally:
        platform.wipe(home, say=lambda _: None)
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
