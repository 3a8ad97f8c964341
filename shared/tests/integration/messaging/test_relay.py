"""The relay's crash windows (events.md 2.6)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.event import topic_of
from shared.contracts.selection import StoryClosed
from shared.eventlog.faults import FaultyLog
from shared.eventlog.port import Delivered, EventLog, LogUnavailable, Record
from shared.messaging.relay import Relay

from .conftest import Notebook


async def announce(notebook: Notebook, *subjects: UUID) -> None:
    """Commit one event per subject, each in a transaction of its own."""
    for subject in subjects:
        async with notebook.unit(str(uuid4())) as work:
            work.announce(StoryClosed(participation=subject, outcome="certified"))


async def appended(log: EventLog) -> list[Delivered]:
    """Everything in the log."""
    reader = log.reader("auditor", [topic_of("selection")], uuid4().hex)
    ends = await log.end_offsets([topic_of("selection")])
    found: list[Delivered] = []
    while len(found) < sum(ends.values()):
        for records in (await reader.fetch(1000, 0.2)).values():
            found.extend(records)
    await reader.leave()
    return found


def firsts(records: Sequence[Delivered], subject: UUID) -> list[int]:
    """Sequence numbers of a subject by first occurrence."""
    seen = dict.fromkeys(int(r.headers["ce_seq"]) for r in records if r.key == str(subject))
    return list(seen)


async def unpublished(notebook: Notebook) -> int:
    return len(await notebook.rows("SELECT id FROM outbox WHERE published_at IS NULL"))


async def expire(notebook: Notebook) -> None:
    """The owner was paused for longer than its lease."""
    await notebook.rows("UPDATE relay_lease SET expires = now() - interval '1 s'")


class Paused:
    """A log that lets something happen between the acknowledgement and the return of ``append``."""

    def __init__(self, inner: EventLog) -> None:
        self._inner = inner
        self.taken = asyncio.Event()
        self.go_on = asyncio.Event()

    async def append(self, records: Sequence[Record]) -> None:
        """See ``EventLog.append``."""
        await self._inner.append(records)
        self.taken.set()
        await self.go_on.wait()


async def test_committed_events_are_published_in_order_and_marked(
    engine: AsyncEngine, log: EventLog, notebook: Notebook
) -> None:
    """Commit, then relay: every event is in the log once, keyed by its subject, in the order of its numbers."""
    one, two = uuid4(), uuid4()
    await announce(notebook, one, two, one, one)
    relay = Relay(engine, log, "selection", owner="a")

    assert await relay.step() == 4
    assert await relay.step() == 0

    found = await appended(log)
    assert firsts(found, one) == [1, 2, 3]
    assert firsts(found, two) == [1]
    assert len(found) == 4
    assert found[0].headers["content-type"] == "application/json"
    assert found[0].headers["ce_source"] == "/selection"
    assert await unpublished(notebook) == 0


async def test_one_owner_at_a_time(engine: AsyncEngine, log: EventLog, notebook: Notebook) -> None:
    """A second relay waits until the lease is released or has expired."""
    first, second = (Relay(engine, log, "selection", owner=name) for name in "ab")
    await announce(notebook, uuid4())
    assert await first.step() == 1
    await announce(notebook, uuid4())

    assert await second.step() == 0
    await first.release()

    assert await second.step() == 1
    assert [row.epoch for row in await notebook.rows("SELECT epoch FROM relay_lease")] == [2]


async def test_a_zombie_can_send_but_not_mark(engine: AsyncEngine, log: EventLog, notebook: Notebook) -> None:
    """An owner that was paused beyond its lease and wakes up after the take-over changes nothing in the outbox."""
    subject = uuid4()
    await announce(notebook, subject, subject)
    paused = Paused(log)
    zombie = Relay(engine, paused, "selection", owner="zombie")  # type: ignore[arg-type]
    sending = asyncio.create_task(zombie.step())
    await paused.taken.wait()
    await expire(notebook)
    successor = Relay(engine, log, "selection", owner="successor")
    await announce(notebook, subject)
    await notebook.rows("UPDATE outbox SET last_error = 'untouched'")
    async with engine.connect():
        assert await successor.hold()

    paused.go_on.set()
    assert await sending == 0
    assert await unpublished(notebook) == 3

    assert await successor.step() == 3
    found = await appended(log)
    assert firsts(found, subject) == [1, 2, 3]
    assert len(found) == 5


async def test_a_crash_between_acknowledgement_and_mark_gives_duplicates_only(
    engine: AsyncEngine, log: EventLog, notebook: Notebook
) -> None:
    """What is in the log unmarked is sent again by the next owner and applied once."""
    subject = uuid4()
    await announce(notebook, subject, subject)
    paused = Paused(log)
    doomed = asyncio.create_task(Relay(engine, paused, "selection", owner="a").step())  # type: ignore[arg-type]
    await paused.taken.wait()
    doomed.cancel()
    await asyncio.wait([doomed])
    await expire(notebook)

    assert await Relay(engine, log, "selection", owner="b").step() == 2
    await notebook.consume(notebook.consumer(), notebook.has(2))

    assert len(await appended(log)) == 4
    assert await notebook.noted(subject) == [1, 2]


async def test_a_log_that_is_away_stops_the_shard_and_loses_nothing(
    engine: AsyncEngine, log: EventLog, notebook: Notebook
) -> None:
    """Nothing is skipped; the row that could not be sent remembers why."""
    subject = uuid4()
    await announce(notebook, subject, subject)
    relay = Relay(engine, FaultyLog(log, 1, rate=1.0), "selection", owner="a")

    async def struggle() -> None:
        for _ in range(50):
            await relay.step()

    with pytest.raises(LogUnavailable):
        await struggle()
    (first,) = await notebook.rows("SELECT attempts, last_error FROM outbox ORDER BY id LIMIT 1")
    assert first.attempts == 1
    assert "injected" in first.last_error

    await relay.release()
    assert await Relay(engine, log, "selection", owner="b").step() == 2
    assert firsts(await appended(log), subject) == [1, 2]


@pytest.mark.parametrize("seed", range(5))
async def test_rivals_and_faults_keep_the_order(
    engine: AsyncEngine, log: EventLog, notebook: Notebook, seed: int
) -> None:
    """Three relays that steal from one another over a faulty log: all there, first occurrences in order."""
    subjects = [uuid4() for _ in range(5)]
    faulty = FaultyLog(log, seed, rate=0.3)
    relays = [Relay(engine, faulty, "selection", owner=name, batch=4) for name in "abc"]

    async def struggle(relay: Relay) -> None:
        while await unpublished(notebook):
            try:
                if not await relay.step():
                    await expire(notebook)
            except LogUnavailable:
                await asyncio.sleep(0)

    await announce(notebook, *subjects * 4)
    await asyncio.gather(*(struggle(relay) for relay in relays))

    found = await appended(log)
    assert all(firsts(found, subject) == [1, 2, 3, 4] for subject in subjects)


async def test_waking_beats_the_poll(engine: AsyncEngine, log: EventLog, notebook: Notebook) -> None:
    """A running relay publishes soon after a commit, and gives its lease back when it is stopped."""
    relay, stop = Relay(engine, log, "selection", owner="a"), asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    await asyncio.sleep(0.2)
    await announce(notebook, uuid4())
    relay.wake()

    async def published() -> bool:
        return not await unpublished(notebook)

    await notebook.until(published)

    stop.set()
    await running

    assert await Relay(engine, log, "selection", owner="b").hold()
