"""Whoever walks the road may be interrupted at any moment and go on later, as often as it happens."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import pytest

from talent_local.cohort.cohort import SMALL
from talent_local.cohort.road.progress import Progress
from talent_local.cohort.run import SEED, STEPS, carry
from talent_local.cohort.trial import a_platform, outcome

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

INTERRUPTIONS = 5


async def test_an_interrupted_walk_goes_on_and_ends_the_same(carried: Any) -> None:
    """Steps are repeatable: their keys and bodies follow from the cohort and from what is there."""
    random = Random(2024)
    interrupted = 0
    with a_platform() as home:
        patience = 1.0
        while True:
            known = len(Progress.read(home, SEED, SMALL.applicants).done)
            try:
                async with asyncio.timeout(patience + random.random()):
                    await carry(home, SMALL, say=lambda _: None)
                break
            except TimeoutError:
                interrupted += 1
                moved = len(Progress.read(home, SEED, SMALL.applicants).done) > known
                patience = patience if moved else patience * 1.5
        assert len(Progress.read(home, SEED, SMALL.applicants).done) == len(STEPS)
        found = await outcome(home, SMALL)

    assert interrupted >= INTERRUPTIONS
    assert found.violations == []
    assert found.figures == carried.outcome.figures
    assert found.journeys == carried.outcome.journeys
    assert found.book == carried.outcome.book
