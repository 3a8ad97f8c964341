"""Somebody who writes all the time: opens one empty fund after another through the gateway and notes what was acknowledged."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from itertools import pairwise

from talent_local.cohort import calendar
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door, Refused

FUNDS = "/v1/funding/funds"
_CODE = "drill-"


@dataclass(slots=True)
class Writer:
    """Opens funds that nobody pays into; the programme must have been applied.

    Attributes:
        door: the gateway's, open.
        acknowledged: number of the fund → moment of the answer (``time.monotonic``).
        refused: what was refused while writing went on, in words.
        pause: seconds between two commands.
    """

    door: Door
    pause: float = 0.05
    acknowledged: dict[int, float] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    _next: int = 1

    async def open(self, count: int) -> None:
        """Open so many funds."""
        for _ in range(count):
            number, self._next = self._next, self._next + 1
            body = {
                "code": f"{_CODE}{number}",
                "name": "drill",
                "programme": calendar.PROGRAMME,
                "policy": calendar.BATCH,
                "sources": [{"code": "central", "name": "中央财政"}],
            }
            await self.door.post(persons.PREPARER, FUNDS, body, step="drill", subject=str(number))
            self.acknowledged[number] = time.monotonic()

    async def write(self, stop: asyncio.Event) -> None:
        """Open funds until told to stop; what is refused is noted, and the next one is opened."""
        while not stop.is_set():
            try:
                await self.open(1)
            except Refused as refused:
                self.refused.append(str(refused))
            await asyncio.sleep(self.pause)

    async def stored(self) -> set[int]:
        """The numbers of the funds that the service knows."""
        return await stored(self.door)

    def longest_pause(self) -> float:
        """Seconds of the longest time without an answer, between the first and the last one."""
        moments = sorted(self.acknowledged.values())
        return max((later - earlier for earlier, later in pairwise(moments)), default=0.0)


async def stored(door: Door) -> set[int]:
    """The numbers of the funds of all writers that the service knows."""
    listed = await door.all(persons.PREPARER, FUNDS)
    return {int(row["code"].removeprefix(_CODE)) for row in listed if row["code"].startswith(_CODE)}
