"""Faults on purpose: programs and servers are crashed at moments that a seed decides, while somebody works."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from talent_local.cohort.road.door import Tally
from talent_local.home import Home
from talent_local.running.plan import Plan

COMMANDS: Final = (5, 17)
"""Fewest and most commands between two crashes: the road goes on however slow the machine is."""
LATER_SECONDS: Final = 0.6
TARGETS: Final = ("selection", "placement", "assessment", "funding", "gateway", "issuer", "postgres")


@dataclass(slots=True)
class Chaos:
    """Crashes units with SIGKILL; the supervisor of the platform starts them again.

    Attributes:
        home: state directory of the platform.
        seed: decides what is crashed and when.
        tally: counts the commands that were answered.
        say: hears a line per crash.
        crashed: how often each unit was crashed.
    """

    home: Home
    seed: int
    tally: Tally
    say: Callable[[str], None] = print
    crashed: Counter[str] = field(default_factory=Counter)

    async def rage(self, calm: asyncio.Event) -> None:
        """Crash one unit after the other, each of them in every round, until ``calm`` is set."""
        random = Random(self.seed)
        units = Plan.read(self.home).units(self.home)
        queue: list[str] = []
        while not calm.is_set():
            if not queue:
                queue = random.sample(TARGETS, len(TARGETS))
            then = self.tally.commands + random.randint(*COMMANDS)
            while not calm.is_set() and self.tally.commands < then:
                await _wait(calm, 0.01)
            await _wait(calm, random.uniform(0, LATER_SECONDS))
            name = queue.pop()
            while not calm.is_set() and units[name].pid is None:
                await _wait(calm, 0.2)
            if calm.is_set():
                return
            await asyncio.to_thread(units[name].kill)
            self.crashed[name] += 1
            self.say(f"crash {self.crashed.total():>3}: {name}")


async def _wait(calm: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(calm.wait(), seconds)
    except TimeoutError:
        return
