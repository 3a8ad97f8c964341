"""A cohort is carried while processes and the database are crashed: the same books and journeys in the end."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from typing import Any

import pytest

from talent_local.cohort.chaos import TARGETS, Chaos
from talent_local.cohort.cohort import SMALL
from talent_local.cohort.road.door import Tally
from talent_local.cohort.run import carry
from talent_local.cohort.trial import a_platform, outcome

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]

CRASHES = 20
SECONDS = 240
PATIENCE = 120.0


async def test_crashes_change_nothing(carried: Any) -> None:
    """Nothing is lost, nothing is paid twice: after 20 and more crashes the outcome equals the undisturbed one.

    CHAOS_SEED repeats a run.
    """
    seed = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(2**31))
    sys.stdout.write(f"\nCHAOS_SEED={seed}\n")
    with a_platform() as home:
        tally = Tally()
        chaos, calm = Chaos(home, seed, tally), asyncio.Event()
        raging = asyncio.create_task(chaos.rage(calm))
        try:
            async with asyncio.timeout(SECONDS):
                await carry(home, SMALL, patience=PATIENCE, tally=tally, say=print)
        finally:
            calm.set()
            await raging
        found = await outcome(home, SMALL)

    assert chaos.crashed.total() >= CRASHES, chaos.crashed
    assert set(chaos.crashed) == set(TARGETS)
    assert found.violations == []
    assert found.book == carried.outcome.book
    assert found.figures == carried.outcome.figures
    assert found.journeys == carried.outcome.journeys
