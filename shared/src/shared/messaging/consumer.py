"""From the log to the handlers with exactly-once effect (events.md 2.7).

Per partition one transaction for the whole batch. When it fails by something that passes, the partition is sought back
and paused with a growing wait. When it fails for good, the batch is replayed event by event to find the culprit, which
waits (too early) or is parked with its successors, while everything else flows on.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from shared.eventlog.port import Delivered, EventLog, LogUnavailable, Partition, Reader, StaleGeneration
from shared.kernel.refusals import TooEarly
from shared.logs import logger
from shared.messaging import metrics
from shared.messaging.applying import Applier, Outcome, UnitFactory
from shared.messaging.failures import is_transient
from shared.messaging.inbox import Queue
from shared.messaging.incoming import Incoming, incoming
from shared.messaging.noting import note_applied
from shared.messaging.pending import Pending
from shared.telemetry.spans import processing
from shared.telemetry.surroundings import Surroundings, surrounded

_FETCH_SECONDS: Final = 1.0
_FETCH_SECONDS_WHILE_PAUSED: Final = 0.2
_ATTEMPTS: Final = 3
_RETRY_SECONDS: Final = 0.05
_SHORTEST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 30.0
_LONGEST_OUTAGE_PAUSE: Final = 5.0
_LOOK_SECONDS: Final = 10.0
_STUCK_SECONDS: Final = 30.0
_REPAIRS: Final = 2
_log = logger("consumer")


class Consumer:
    """Reads the topics as one group member and applies what it reads."""

    def __init__(
        self,
        log: EventLog,
        unit: UnitFactory,
        applier: Applier,
        topics: Sequence[str],
        *,
        member: str,
        batch: int = 500,
    ) -> None:
        self._log, self._unit, self._applier = log, unit, applier
        self._topics, self._batch = sorted(topics), batch
        self._reader: Reader = log.reader(applier.consumer, self._topics, member)
        self.pending = Pending(unit, applier)
        self._failures: dict[Partition, int] = {}
        self._resume_at: dict[Partition, float] = {}
        self._looked = self._moved = time.monotonic()
        self._repairs = 0
        self._oldest: dict[Partition, datetime] = {}

    async def run(self, stop: asyncio.Event, beat: Callable[[], None] = lambda: None) -> None:
        """Consume until ``stop`` is set; the batch at hand is finished and committed, then the group is left."""
        failures = stale = 0
        try:
            while not stop.is_set():
                if self._repairs <= _REPAIRS:
                    beat()
                try:
                    await self.step()
                    failures = stale = 0
                except StaleGeneration as error:
                    stale += 1
                    _log.info("generation is stale", consumer=self._applier.consumer, reason=str(error), attempts=stale)
                    await _sleep(stop, _SHORTEST_PAUSE)
                    if stale % _ATTEMPTS == 0:  # another process bears our name; take it back
                        await self._rejoin()
                except Exception as error:
                    if not is_transient(error):
                        raise
                    failures += 1
                    _log.warning("not consuming", consumer=self._applier.consumer, error=str(error), attempts=failures)
                    await _sleep(stop, min(_LONGEST_OUTAGE_PAUSE, _SHORTEST_PAUSE * 2**failures))
        finally:
            await self._reader.leave()

    async def step(self) -> int:
        """Fetch once, apply, commit the offsets; how many records were dealt with.

        Raises:
            StaleGeneration: the group has moved on; what was applied stays applied and is recognised when it returns.
            LogUnavailable: the log is away.
        """
        self._resume_due()
        await (
            self._look_around()
        )  # it may fail; after the fetch what was fetched would be passed over and never come again
        wait = _FETCH_SECONDS_WHILE_PAUSED if self._resume_at else _FETCH_SECONDS
        fetched = await self._reader.fetch(self._batch, wait)
        done: dict[Partition, int] = {}
        count = 0
        for place, records in fetched.items():
            reached = await self._take(place, records)
            count += reached - records[0].offset
            if reached > records[0].offset:
                done[place] = reached
        if done:
            self._moved, self._repairs = time.monotonic(), 0
            await self._reader.commit(done)
        return count

    async def leave(self) -> None:
        """Leave the group, for those who call ``step`` themselves."""
        await self._reader.leave()

    async def _take(self, place: Partition, records: list[Delivered]) -> int:
        """Apply the records of one partition; the offset up to which they are dealt with."""
        events = [incoming(record) for record in records]
        current = events[0].offset
        self._oldest[place] = records[0].appended_at
        self._show_age()
        try:
            try:
                await self._together(events)
            except Exception as error:
                if is_transient(error):
                    raise
                for event in events:
                    current = event.offset
                    await self._alone(event)
        except Exception as error:  # noqa: BLE001 - whatever is left passes by itself: go back, wait, try again
            self._back_off(place, current, error)
            return current
        self._failures.pop(place, None)
        self._oldest.pop(place, None)
        self._show_age()
        return events[-1].offset + 1

    async def _together(self, events: Sequence[Incoming]) -> None:
        unit = self._unit(f"{self._applier.consumer}:{events[0].event_id}")
        delay = (unit.now - min(event.envelope.time for event in events)).total_seconds()
        headers = [event.headers for event in events]
        with processing(self._applier.consumer, events[0].topic, headers, delay), surrounded(Surroundings()):
            async with unit:
                outcome = await self._applier.apply(unit, events)
        await self._tell(outcome)

    async def _alone(self, event: Incoming) -> None:
        """Apply one event, or set it aside for good reason; raises only what is transient."""
        attempts = 0
        while True:
            try:
                await self._together([event])
            except TooEarly as early:
                await self._set_aside(event, "pending", f"waits for {early.waiting_for}", 1)
                return
            except Exception as error:
                if is_transient(error):
                    raise
                attempts += 1
                if attempts >= _ATTEMPTS:
                    await self._set_aside(event, "parked", f"{type(error).__name__}: {error}", attempts)
                    return
                await asyncio.sleep(_RETRY_SECONDS * 2**attempts)
            else:
                return

    async def _set_aside(self, event: Incoming, queue: Queue, error: str, attempts: int) -> None:
        consumer = self._applier.consumer
        with processing(consumer, event.topic, [event.headers], 0.0, parked=queue == "parked"):
            async with self._unit(f"{consumer}:{event.event_id}") as unit:
                await self._applier.set_aside(unit, event, queue, error, attempts)
        say = _log.error if queue == "parked" else _log.info
        say(
            f"event {queue}",
            consumer=self._applier.consumer,
            event_id=str(event.event_id),
            event_type=event.envelope.type,
            subject=event.envelope.subject,
            error=error[:500],
        )

    async def _tell(self, outcome: Outcome) -> None:
        name = self._applier.consumer
        metrics.CONSUMED.labels(name).inc(outcome.applied)
        metrics.DUPLICATES.labels(name).inc(outcome.duplicates)
        metrics.GAPS.labels(name).inc(outcome.gaps)
        for event, seconds in outcome.handled:
            note_applied(name, event, seconds)
        if outcome.subjects:
            await self.pending.retry(outcome.subjects)

    def _back_off(self, place: Partition, offset: int, error: Exception) -> None:
        """Go back to ``offset`` (the reader's position has moved on) and leave the partition alone for a while."""
        count = self._failures[place] = self._failures.get(place, 0) + 1
        seconds = min(_LONGEST_PAUSE, _SHORTEST_PAUSE * 2 ** (count - 1)) * random.uniform(0.5, 1.0)
        _log.warning(
            "partition waits",
            consumer=self._applier.consumer,
            topic=place.topic,
            partition=place.number,
            offset=offset,
            error=f"{type(error).__name__}: {error}"[:500],
            attempts=count,
            seconds=round(seconds, 2),
        )
        try:
            self._reader.seek(place, offset)
            self._reader.pause(place)
        except StaleGeneration:
            return  # somebody else reads it now, from what was committed
        self._resume_at[place] = time.monotonic() + seconds

    def _resume_due(self) -> None:
        for place, when in list(self._resume_at.items()):
            if when <= time.monotonic():
                del self._resume_at[place]
                self._reader.resume(place)

    async def _look_around(self) -> None:
        """Measure the lag; a reader that gets nothing though there is something is built anew (aiokafka #1154)."""
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        mine = self._reader.assignment()
        self._oldest = {place: at for place, at in self._oldest.items() if place in mine}
        self._show_age()
        ends = await self._log.end_offsets(self._topics)
        lags = {place: max(0, ends.get(place, 0) - await self._reader.position(place)) for place in mine}
        for topic in self._topics:
            lag = sum(lag for place, lag in lags.items() if place.topic == topic)
            metrics.LAG.labels(self._applier.consumer, topic).set(lag)
        if (
            any(lag for place, lag in lags.items() if place not in self._resume_at)
            and now - self._moved > _STUCK_SECONDS
        ):
            _log.error("reader is stuck", consumer=self._applier.consumer, count=sum(lags.values()))
            metrics.REPAIRS.labels(self._applier.consumer).inc()
            self._repairs += 1
            self._moved = now
            await self._rejoin()

    def _show_age(self) -> None:
        """How long the oldest event that was read and is not applied has been in the log."""
        oldest = min(self._oldest.values(), default=None)
        age = 0.0 if oldest is None else max(0.0, (datetime.now(UTC) - oldest).total_seconds())
        metrics.LAG_SECONDS.labels(self._applier.consumer).set(age)

    async def _rejoin(self) -> None:
        await self._reader.leave()
        try:
            await self._reader.join()
        except LogUnavailable as error:
            _log.warning("not joining", consumer=self._applier.consumer, error=str(error))


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds * random.uniform(0.5, 1.0))
    except TimeoutError:
        return
