"""Work that goes on during a drill: a whole cohort is carried, one more person writes, one more pages through a list."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from talent_local.cohort.cohort import SMALL
from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door, Tally
from talent_local.cohort.run import carry, door_of
from talent_local.drills.table import Table
from talent_local.drills.writing import FUNDS, Writer, stored
from talent_local.home import Home

PAGE = 2
APPLIED = 60


@dataclass(slots=True)
class Load:
    """What was asked meanwhile, and what came of it.

    Attributes:
        tally: of everybody together.
        walk: carries the cohort.
        writer: opens one fund after the other.
        failures: what was refused or not answered for longer than clients wait, in words.
        pages: pages that were read, each with the cursor of the one before.
        began, arrived: when the load began and when the cohort had arrived (``time.monotonic``).
        lasted: seconds of load in all, when it is over.
    """

    tally: Tally
    walk: asyncio.Task[None]
    writer: Writer
    failures: list[str] = field(default_factory=list)
    pages: int = 0
    began: float = field(default_factory=time.monotonic)
    arrived: float = 0.0
    lasted: float = 0.0

    async def more(self, commands: int) -> None:
        """Wait until so many more commands were answered."""
        then = self.tally.commands + commands
        while self.tally.commands < then and not self.failures and not self.writer.refused:  # noqa: ASYNC110 - the tally is the walk's own
            await asyncio.sleep(0.05)

    async def done(self) -> None:
        """Wait until the cohort has arrived."""
        await asyncio.wait([self.walk])

    async def tell(self, home: Home, table: Table) -> None:
        """The lines of the load, when it is over."""
        async with door_of(home) as door:
            kept = await stored(door)
        written = set(self.writer.acknowledged)
        told = f"{len(written)} / {len(self.writer.refused)} / {len(written - kept)}"
        held = not self.writer.refused and written <= kept
        table.add("one more person's writes: accepted / refused / lost", told, "0 refused, 0 lost", held)
        table.add("commands through the gateway, answered", self.tally.commands)
        table.add(
            "requests in all; pages of one list, each by the cursor before", f"{self.tally.answered}; {self.pages}"
        )
        table.add("failed", "; ".join(self.failures) or 0, "0", not self.failures)
        causes = ", ".join(f"{count} × {cause}" for cause, count in sorted(self.tally.causes.items()))
        table.add("repeated by the client with the same key before they were answered, after what", causes or 0)
        table.add("longest pause between two answers to that person", f"{self.writer.longest_pause():.1f} s")
        table.add("longest that anybody waited for an answer", f"{self.tally.longest:.1f} s")
        table.add(
            "the cohort arrived after; the load lasted", f"{self.arrived - self.began:.0f} s; {self.lasted:.0f} s"
        )


@asynccontextmanager
async def a_load(home: Home, *, walking: bool = True) -> AsyncIterator[Load]:
    """Load for as long as the block lasts; the cohort may be waited for by ``done``.

    Args:
        home: a platform that runs.
        walking: False leaves the cohort out.
    """
    tally = Tally()
    stop = asyncio.Event()
    async with door_of(home) as door:
        door.tally = tally
        writer = Writer(door)
        load = Load(tally, asyncio.create_task(_walk(home, tally) if walking else _nothing()), writer)
        load.walk.add_done_callback(lambda task: _note(load, task))
        if walking:
            await load.more(APPLIED)  # the programme is applied by then
        others = [asyncio.create_task(writer.write(stop)), asyncio.create_task(_page(door, load, stop))]
        for task in others:
            task.add_done_callback(lambda task: _note(load, task))
        try:
            yield load
        finally:
            stop.set()
            await asyncio.wait([*others])
            load.lasted = time.monotonic() - load.began
            load.walk.cancel()
            await asyncio.wait([load.walk])


async def _walk(home: Home, tally: Tally) -> None:
    await carry(home, SMALL, say=lambda _: None, tally=tally, stated=False)


async def _nothing() -> None:
    return


async def _page(door: Door, load: Load, stop: asyncio.Event) -> None:
    """Page through the funds again and again, two rows at a time, so that cursors live through whatever happens."""
    while not stop.is_set():
        cursor = None
        while not stop.is_set():
            page = await door.get(persons.PREPARER, FUNDS, limit=PAGE, cursor=cursor)
            load.pages += 1
            cursor = page.get("next_cursor")
            await asyncio.sleep(0.1)
            if cursor is None:
                break


def _note(load: Load, task: asyncio.Task[None]) -> None:
    if task is load.walk:
        load.arrived = time.monotonic()
    if not task.cancelled() and (error := task.exception()) is not None:
        load.failures.append(f"{type(error).__name__}: {error}"[:600])
        sys.stderr.write(f"{load.failures[-1]}\n")
