"""Whoever walks the road may be interrupted at any moment and go on later, as often as it happens."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import pytest

from talent_local.cohort.cohort import SMALL
from talent_local.cohort.road.progress import Progress
from talent_local.cohort.run import SEED, STEPS, carry
from talent_local.cohort.steps import matching, paying
from talent_local.cohort.trial import a_platform, outcome

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

INTERRUPTIONS = 5


def _interrupt_deciding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break off once before any host has decided, and once after every host has."""
    decide = matching._decide
    calls = 0

    async def broken_off(*args: Any, **options: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise TimeoutError
        await decide(*args, **options)
        if calls == 2:
            raise TimeoutError

    monkeypatch.setattr(matching, "_decide", broken_off)


def _interrupt_paying(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break off after the treasury has refused a line, and before and after the signatures for paying it again."""
    signed = paying._unless_nothing
    calls = 0

    async def broken_off(*args: Any) -> None:
        nonlocal calls
        calls += 1
        if calls in {4, 6, 9}:
            raise TimeoutError
        await signed(*args)

    monkeypatch.setattr(paying, "_unless_nothing", broken_off)


async def test_an_interrupted_walk_goes_on_and_ends_the_same(carried: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps are repeatable: their keys and bodies follow from the cohort and from what is there."""
    _interrupt_deciding(monkeypatch)
    _interrupt_paying(monkeypatch)
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
    assert found.journeys == carried.outcome.journeys
    assert found.figures == carried.outcome.figures
    assert found.book == carried.outcome.book
