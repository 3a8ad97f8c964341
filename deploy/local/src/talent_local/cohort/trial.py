"""A platform of its own for a trial: started in a scratch directory, walked over, looked at, taken down."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talent_local.cohort.audit import book, violations
from talent_local.cohort.cohort import Size
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door
from talent_local.cohort.road.road import together
from talent_local.cohort.run import door_of, look
from talent_local.home import Home
from talent_local.running import platform
from talent_local.running.plan import Plan
from talent_local.trouble import Trouble

REST_SECONDS = 30.0
IMPATIENT = {
    "GATEWAY_WEBHOOK_RETRIES": "[0.4, 0.8, 2.0]",
    "GATEWAY_WEBHOOK_GIVE_UP_SECONDS": "8",
    "GATEWAY_WEBHOOK_ATTEMPT_SECONDS": "2",
    "GATEWAY_WEBHOOK_LEASE_SECONDS": "6",
}
"""Settings under which a trial sees webhooks fail for good in seconds instead of days."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a cohort left behind.

    Attributes:
        figures: numbers, as the services tell them.
        journeys: every journey by participation, without the times at which rows were written.
        book: the journal, without recorded times.
        violations: invariants that do not hold.
    """

    figures: dict[str, Any]
    journeys: dict[str, dict[str, Any]]
    book: list[tuple[Any, ...]]
    violations: list[str]


@contextmanager
def a_platform(log: str = platform.EMBEDDED) -> Iterator[Home]:
    """A platform that runs in a scratch directory, on free ports, for as long as the block lasts."""
    root = Path(tempfile.mkdtemp(prefix="talent-trial-"))
    root.chmod(0o755)  # PostgreSQL may run as another account
    home = Home(root)
    try:
        platform.start(home, log=log, say=_quiet, gateway=IMPATIENT)
        yield home
    finally:
        platform.wipe(home, say=_quiet)
        shutil.rmtree(root, ignore_errors=True)


async def outcome(home: Home, size: Size) -> Outcome:
    """What is left when the platform has come to rest."""
    found = await rest(home)
    return Outcome(await look(home, size), await journeys(home), book(home), found)


async def rest(home: Home) -> list[str]:
    """Wait until the auditor has nothing to object, half a minute at most; what is left of the objections."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + REST_SECONDS
    while True:
        found = await asyncio.to_thread(violations, home)
        if not found or loop.time() > deadline:
            return found
        await asyncio.sleep(0.5)


async def journeys(home: Home) -> dict[str, dict[str, Any]]:
    """Every journey that an operator sees."""
    async with door_of(home) as door:
        listed = await door.all(persons.OPERATOR, "/v1/journeys")
        whole = await together([_journey(door, row["participation"]) for row in listed])
    return {journey["participation"]: journey for journey in whole}


def rebuilt_equals_live(home: Home) -> tuple[bool, str]:
    """Fold the whole log anew and compare with the live read model; what the comparison said."""
    recipe = Plan.read(home).recipe("gateway")
    if recipe is None:
        raise Trouble("The plan has no gateway.")
    command = [sys.executable, "-m", "gateway.rebuild"]
    done = subprocess.run(command, env=recipe.environment, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode == 0, done.stdout + done.stderr


async def _journey(door: Door, participation: str) -> dict[str, Any]:
    whole: dict[str, Any] = await door.get(persons.OPERATOR, f"/v1/journeys/{participation}")
    del whole["updated_at"]
    return whole


def _quiet(_: str) -> None:
    """Say nothing."""
