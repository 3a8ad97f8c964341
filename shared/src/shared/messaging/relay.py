"""From the outbox to the log: one owner per shard by a fenced lease, in id order, never skipping (events.md 2.4–2.6)."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import uuid4

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.envelope import CONTENT_TYPE
from shared.contracts.event import topic_of
from shared.eventlog.port import EventLog, EventLogError, Record
from shared.logs import logger
from shared.messaging import metrics
from shared.telemetry.spans import publishing, traceparent
from shared.work.record import envelope_of

LEASE_SECONDS: Final = 3.0
_RENEW_SECONDS: Final = 1.0
_POLL_SECONDS: Final = 0.1
_IDLE_POLL_SECONDS: Final = 0.5
_IDLE_AFTER: Final = 50
_GAUGE_SECONDS: Final = 5.0
_log = logger("relay")

_SEAT: Final = text(
    "INSERT INTO relay_lease (shard, owner, epoch, expires) VALUES (:shard, '', 0, '-infinity') ON CONFLICT DO NOTHING"
)
_TAKE: Final = text(
    "UPDATE relay_lease SET owner = :me, epoch = CASE WHEN owner = :me AND expires > clock_timestamp() THEN epoch "
    "ELSE epoch + 1 END, expires = clock_timestamp() + make_interval(secs => :seconds) "
    "WHERE shard = :shard AND (owner = :me OR expires < clock_timestamp()) RETURNING epoch"
)
_RELEASE: Final = text(
    "UPDATE relay_lease SET expires = '-infinity' WHERE shard = :shard AND owner = :me AND epoch = :epoch"
)
_UNPUBLISHED: Final = text(
    "SELECT id, event_id, aggregate_type, aggregate_id, aggregate_seq, type, payload, headers FROM outbox "
    "WHERE shard = :shard AND published_at IS NULL ORDER BY id LIMIT :most"
)
_MARK: Final = text(
    "UPDATE outbox SET published_at = clock_timestamp(), last_error = NULL WHERE id = ANY(:ids) AND EXISTS "
    "(SELECT FROM relay_lease WHERE shard = :shard AND owner = :me AND epoch = :epoch)"
)
_BLAME: Final = text("UPDATE outbox SET attempts = attempts + 1, last_error = :error WHERE id = :id")
_BACKLOG: Final = text(
    "SELECT count(*) AS rows, COALESCE(EXTRACT(epoch FROM clock_timestamp() - min(created_at)), 0) AS oldest "
    "FROM outbox WHERE shard = :shard AND published_at IS NULL"
)


class Relay:
    """Publishes one shard of one service's outbox while it owns the shard's lease."""

    def __init__(
        self, engine: AsyncEngine, log: EventLog, service: str, *, owner: str, shard: int = 0, batch: int = 500
    ) -> None:
        self._engine, self._log, self._service = engine, log, service
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT")  # one round trip instead of three
        self._owner = f"{owner}:{uuid4().hex[:8]}"  # two processes are never one owner
        self._shard, self._batch = shard, batch
        self._epoch: int | None = None
        self._renewed = 0.0
        self._gauged = 0.0
        self._bell = asyncio.Event()

    def wake(self) -> None:
        """Look into the outbox now; call after a commit."""
        self._bell.set()

    async def run(self, stop: asyncio.Event, beat: Callable[[], None] = lambda: None) -> None:
        """Publish until ``stop`` is set, then give the lease back."""
        failures = idle = 0
        while not stop.is_set():
            beat()
            self._bell.clear()
            try:
                published = await self.step()
                failures, idle = 0, 0 if published else idle + 1
            except EventLogError as error:
                failures += 1
                _log.warning("batch not published", error=str(error), attempts=failures)
                published = 0
            if published < self._batch:
                await self._pause(stop, failures, idle)
        await self.release()

    async def step(self) -> int:
        """Publish one batch if the lease is ours.

        Returns:
            how many rows were published and marked.

        Raises:
            EventLogError: the log did not take the batch; its rows stay and are the first of the next batch.
        """
        if not await self.hold():
            self._hand_over_gauges()
            return 0
        async with self._reading.connect() as connection:
            rows = (await connection.execute(_UNPUBLISHED, {"shard": self._shard, "most": self._batch})).all()
        await self._gauge()
        if not rows:
            return 0
        try:
            with publishing(self._service, topic_of(self._service), [row.headers.get("traceparent") for row in rows]):
                hop = traceparent()
                await self._log.append([self.record(row, hop) for row in rows])
        except EventLogError as error:
            async with self._engine.begin() as connection:
                await connection.execute(_BLAME, {"id": rows[0].id, "error": str(error)[:500]})
            raise
        return await self.mark(rows)

    async def mark(self, rows: Sequence[Any]) -> int:
        """Mark rows as published unless the lease has passed to another owner meanwhile; how many were marked."""
        values = {"ids": [row.id for row in rows], "shard": self._shard, "me": self._owner, "epoch": self._epoch}
        async with self._engine.begin() as connection:
            marked = (await connection.execute(_MARK, values)).rowcount
        if marked != len(rows):
            _log.warning("lease lost while publishing", shard=self._shard, epoch=self._epoch, count=len(rows))
            self._epoch = None
        metrics.PUBLISHED.labels(self._service).inc(marked)
        return marked

    async def release(self) -> None:
        """Let another owner take the shard at once."""
        epoch, self._epoch = self._epoch, None
        if epoch is not None:
            async with self._engine.begin() as connection:
                await connection.execute(_RELEASE, {"shard": self._shard, "me": self._owner, "epoch": epoch})

    async def hold(self) -> bool:
        """Own the lease: renew it every second, take it when its owner has let it expire."""
        if self._epoch is not None and time.monotonic() - self._renewed < _RENEW_SECONDS:
            return True
        started = time.monotonic()
        async with self._engine.begin() as connection:
            await connection.execute(_SEAT, {"shard": self._shard})
            values = {"shard": self._shard, "me": self._owner, "seconds": LEASE_SECONDS}
            epoch = (await connection.execute(_TAKE, values)).scalar()
        if epoch != self._epoch:
            _log.info("lease changed", shard=self._shard, epoch=epoch)
            if epoch is not None:
                metrics.RELAY_EPOCHS.labels(self._service).inc()
        metrics.RELAY_EPOCH.labels(self._service, self._shard).set(epoch or 0)
        self._epoch, self._renewed = epoch, started
        return epoch is not None

    def record(self, row: Any, hop: str | None = None) -> Record:
        """What the log is given for a row of outbox or archive; ``hop`` is the span that publishes it."""
        envelope = envelope_of(self._service, row)
        headers = envelope.headers()
        assert headers["content-type"] == CONTENT_TYPE
        if hop is not None:
            headers["traceparent"] = hop  # this hop; what made the event stays in ``ce_traceparent``
        return Record(topic_of(self._service), row.aggregate_id, orjson.dumps(row.payload), headers)

    def _hand_over_gauges(self) -> None:
        """Whoever holds the lease says how far it is; an old figure here would be wrong."""
        metrics.OUTBOX_UNPUBLISHED.labels(self._service, self._shard).set(0)
        metrics.OUTBOX_OLDEST.labels(self._service, self._shard).set(0)

    async def _gauge(self) -> None:
        if time.monotonic() - self._gauged < _GAUGE_SECONDS:
            return
        self._gauged = time.monotonic()
        async with self._reading.connect() as connection:
            backlog = (await connection.execute(_BACKLOG, {"shard": self._shard})).one()
        metrics.OUTBOX_UNPUBLISHED.labels(self._service, self._shard).set(backlog.rows)
        metrics.OUTBOX_OLDEST.labels(self._service, self._shard).set(float(backlog.oldest))

    async def _pause(self, stop: asyncio.Event, failures: int, idle: int) -> None:
        """Sleep one poll interval or until woken; after failures longer, up to 5 s, so as not to hammer the log.

        Where nothing has happened for a while the interval grows to half a second; a command of this process wakes us.
        """
        if failures:
            seconds = min(5.0, _POLL_SECONDS * 2**failures) * random.uniform(0.5, 1.0)
            waiting = stop.wait()
        else:
            seconds, waiting = _IDLE_POLL_SECONDS if idle > _IDLE_AFTER else _POLL_SECONDS, self._bell.wait()
        try:
            await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            return
