"""Somebody who writes all the time: opens one empty fund after another through the gateway and notes what was acknowledged."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from talent_local.cohort import calendar
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door

FUNDS = "/v1/funding/funds"
_CODE = "drill-"


@dataclass(slots=True)
class Writer:
    """Opens funds that nobody pays into; the programme must have been applied.

    Attributes:
        door: the gateway's, open.
        acknowledged: number of the fund → moment of the answer (``time.monotonic``).
        pause: seconds between two commands.
    """

    door: Door
    pause: float = 0.05
    acknowledged: dict[int, float] = field(default_factory=dict)
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
        """Open funds until told to stop."""
        while not stop.is_set():
            await self.open(1)
            await asyncio.sleep(self.pause)

    async def stored(self) -> set[int]:
        """The numbers of the funds that the service knows."""
        listed = await self.door.all(persons.PREPARER, FUNDS)
        return {int(row["code"].removeprefix(_CODE)) for row in listed if row["code"].startswith(_CODE)}
