"""Somebody who writes all the time: opens one session after another through the gateway and notes what was acknowledged."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from talent_local.cohort import calendar
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door

SESSIONS = "/v1/selection/sessions"
FIRST_YEAR = 3000


@dataclass(slots=True)
class Writer:
    """Opens the sessions of years that nobody plans for.

    Attributes:
        door: the gateway's, open.
        acknowledged: year of the session → moment of the answer (``time.monotonic``).
        pause: seconds between two commands.
    """

    door: Door
    pause: float = 0.05
    acknowledged: dict[int, float] = field(default_factory=dict)

    async def open(self, count: int) -> None:
        """Open so many sessions."""
        for _ in range(count):
            year = FIRST_YEAR + len(self.acknowledged)
            body = {
                "programme": calendar.PROGRAMME,
                "batch": calendar.BATCH,
                "session": str(year),
                "planned_start": f"{year}-09-01",
            }
            await self.door.post(persons.REGIONAL, SESSIONS, body, step="drill", subject=str(year))
            self.acknowledged[year] = time.monotonic()

    async def write(self, stop: asyncio.Event) -> None:
        """Open sessions until told to stop."""
        while not stop.is_set():
            await self.open(1)
            await asyncio.sleep(self.pause)

    async def stored(self) -> set[int]:
        """The years whose sessions the service knows."""
        listed = await self.door.all(persons.REGIONAL, SESSIONS)
        return {int(row["session"]) for row in listed if int(row["session"]) >= FIRST_YEAR}
