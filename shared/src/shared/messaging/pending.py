"""Events that came too early: tried again when their subject moves and by the due clock, parked after their deadline."""

from __future__ import annotations

import time
from collections.abc import Collection
from contextlib import ExitStack
from typing import Final

from sqlalchemy import text

from shared.kernel.refusals import TooEarly
from shared.logs import logger
from shared.messaging import inbox, metrics
from shared.messaging.applying import Applier, UnitFactory
from shared.messaging.failures import is_transient
from shared.messaging.incoming import Stream
from shared.telemetry.spans import LATE_SECONDS, processing

_ATTEMPTS: Final = 3
_LONGEST_WAIT: Final = 30.0
_log = logger("pending")

_HEADS: Final = text(
    "SELECT source, aggregate_id, bool_or(deadline_at < now()) AS late, min(error) AS error FROM pending "
    "WHERE consumer = :consumer AND resolution IS NULL "
    "AND (CAST(:subjects AS text[]) IS NULL OR aggregate_id = ANY(CAST(:subjects AS text[]))) "
    "GROUP BY source, aggregate_id ORDER BY min(id) LIMIT 500"
)
_TRIED: Final = text("UPDATE pending SET attempts = attempts + 1, error = :error WHERE id = :id")


class Pending:
    """The waiting events of one consumer."""

    def __init__(self, unit: UnitFactory, applier: Applier) -> None:
        self._unit, self._applier = unit, applier
        self._tries: dict[Stream, tuple[int, float]] = {}
        self._failures: dict[Stream, int] = {}

    async def retry(self, subjects: Collection[str] | None = None) -> int:
        """Apply what can be applied now; what is past its deadline is parked.

        Args:
            subjects: only these aggregates, at once; None for all, each after a growing wait of up to 30 s.

        Returns:
            how many events were applied.
        """
        applied, moved = 0, True
        while moved:
            moved = False
            for stream, late in await self._waiting(subjects):
                if subjects is None and not late and time.monotonic() < self._tries.get(stream, (0, 0.0))[1]:
                    continue
                if await self._attempt(stream, late=late):
                    applied += 1
                    moved = True
        return applied

    async def _waiting(self, subjects: Collection[str] | None) -> list[tuple[Stream, bool]]:
        async with self._unit(f"{self._applier.consumer}:waiting") as unit:
            values = {"consumer": self._applier.consumer, "subjects": None if subjects is None else sorted(subjects)}
            rows = (await unit.connection.execute(_HEADS, values)).all()
        if subjects is None:
            metrics.PENDING.labels(self._applier.consumer).set(len(rows))
            present = {(row.source, row.aggregate_id) for row in rows}
            self._tries = {stream: tried for stream, tried in self._tries.items() if stream in present}
        return [((row.source, row.aggregate_id), bool(row.late)) for row in rows]

    async def _attempt(self, stream: Stream, *, late: bool) -> bool:
        """Apply the first waiting event of a stream; whether it was applied."""
        try:
            applied = await self._apply_first(stream)
        except TooEarly as early:
            await self._not_yet(stream, f"waits for {early.waiting_for}", late=late)
            return False
        except Exception as error:  # noqa: BLE001 - a handler may fail in any way; see failures.py
            if is_transient(error):
                return False
            self._failures[stream] = self._failures.get(stream, 0) + 1
            if self._failures[stream] >= _ATTEMPTS:
                await self._park(stream, f"{type(error).__name__}: {error}")
            return False
        if applied is None:
            await self._not_yet(stream, "waits for an earlier event of its stream", late=late)
            return False
        self._tries.pop(stream, None)
        self._failures.pop(stream, None)
        return applied

    async def _apply_first(self, stream: Stream) -> bool | None:
        """True when applied, False when there was nothing to do, None while its predecessor is missing."""
        with ExitStack() as until_written:
            return await self._applied(stream, until_written)

    async def _applied(self, stream: Stream, until_written: ExitStack) -> bool | None:
        applier = self._applier
        async with self._unit(f"{applier.consumer}:pending") as unit:
            row = await inbox.first_kept(unit.connection, "pending", applier.consumer, stream)
            if row is None:
                return False
            if stream in await inbox.parked_streams(unit.connection, applier.consumer, [stream]):
                await inbox.park_pending(unit.connection, applier.consumer, stream, "behind a parked event")
                return False
            last = (await inbox.cursors(unit.connection, applier.consumer, [stream])).get(stream, 0)
            if row.aggregate_seq > last + 1:
                return None
            if row.aggregate_seq <= last:
                await inbox.resolve(unit.connection, "pending", row.id, "superseded", applier.consumer)
                return True
            event = inbox.kept(row)
            until_written.enter_context(processing(applier.consumer, event.topic, [event.headers], LATE_SECONDS + 1))
            await applier.handle(unit, event)
            await inbox.advance(unit.connection, applier.consumer, {stream: row.aggregate_seq})
            await inbox.resolve(unit.connection, "pending", row.id, "applied", applier.consumer)
        metrics.CONSUMED.labels(applier.consumer).inc()
        return True

    async def _not_yet(self, stream: Stream, reason: str, *, late: bool) -> None:
        if late:
            await self._park(stream, f"past its deadline: {reason}")
            return
        count = self._tries.get(stream, (0, 0.0))[0] + 1
        self._tries[stream] = (count, time.monotonic() + min(_LONGEST_WAIT, 0.5 * 2.0 ** min(count, 10)))
        async with self._unit(f"{self._applier.consumer}:waiting") as unit:
            row = await inbox.first_kept(unit.connection, "pending", self._applier.consumer, stream)
            if row is not None:
                await unit.connection.execute(_TRIED, {"id": row.id, "error": reason[:2000]})

    async def _park(self, stream: Stream, error: str) -> None:
        self._tries.pop(stream, None)
        self._failures.pop(stream, None)
        async with self._unit(f"{self._applier.consumer}:parking") as unit:
            await inbox.park_pending(unit.connection, self._applier.consumer, stream, error)
        _log.error("aggregate parked", consumer=self._applier.consumer, subject=stream[1], error=error[:500])
