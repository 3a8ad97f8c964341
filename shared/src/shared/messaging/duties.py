"""The due clock: what a service does at intervals of real time, by one of its processes at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import text

from shared.kernel.refusals import Refusal
from shared.logs import logger
from shared.messaging import metrics
from shared.messaging.applying import UnitFactory
from shared.messaging.failures import is_transient

_log = logger("duties")
_MINE: Final = text("SELECT pg_try_advisory_xact_lock(hashtextextended('duty:' || :name, 0))")
_ARCHIVE: Final = text(
    "WITH old AS (DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE published_at < now() - interval '30 days' "
    "ORDER BY id LIMIT 5000) RETURNING *) INSERT INTO event_archive (id, event_id, aggregate_type, aggregate_id, "
    "aggregate_seq, type, schema_version, payload, headers, created_at, published_at) SELECT id, event_id, aggregate_type, "
    "aggregate_id, aggregate_seq, type, schema_version, payload, headers, created_at, published_at FROM old"
)


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be done every so many (real) seconds in a unit of work of its own.

    Attributes:
        name: kebab-case, unique in the service.
        every_seconds: pause between two runs.
        run: gets the unit of work; returns how many things it dealt with.
    """

    name: str
    every_seconds: float
    run: Callable[[Any], Awaitable[int]]


class DueClock:
    """Runs duties; the transaction lock of a duty makes sure that one process at a time does it."""

    def __init__(self, unit: UnitFactory, duties: Sequence[Duty], service: str = "") -> None:
        self._unit, self._duties, self._service = unit, tuple(duties), service

    async def run(self, stop: asyncio.Event, beat: Callable[[], None] = lambda: None) -> None:
        """Keep all duties until ``stop`` is set; a duty that fails is tried again at its next time."""
        async with asyncio.TaskGroup() as group:
            for duty in self._duties:
                group.create_task(self._keep(duty, stop))
            while not stop.is_set():
                beat()
                await _wait(stop, 1.0)

    async def once(self, duty: Duty) -> int:
        """Do one duty now; 0 when another process is at it."""
        async with self._unit(f"duty:{duty.name}:{uuid4()}") as work:
            if not (await work.connection.execute(_MINE, {"name": duty.name})).scalar():
                return 0
            return await duty.run(work)

    async def _keep(self, duty: Duty, stop: asyncio.Event) -> None:
        failing, done = (each.labels(self._service, duty.name) for each in (metrics.DUTY_FAILURES, metrics.DUTY_DONE))
        failing.set(0)
        done.set_to_current_time()
        while not stop.is_set():
            try:
                count = await self.once(duty)
            except Refusal as refusal:
                failing.inc()
                _log.error("duty refused", duty=duty.name, code=refusal.code, error=str(refusal))
            except Exception as error:  # noqa: BLE001 - the clock must not stop because one duty fails
                failing.inc()
                say = _log.warning if is_transient(error) else _log.exception
                say("duty failed", duty=duty.name, error=str(error), error_type=type(error).__name__)
            else:
                failing.set(0)
                done.set_to_current_time()
                if count:
                    _log.info("duty done", duty=duty.name, count=count)
            await _wait(stop, duty.every_seconds)


async def archive(work: Any) -> int:
    """Move outbox rows published more than 30 days ago to ``event_archive``, at most 5,000 at a time (events.md 2.9)."""
    moved: int = (await work.connection.execute(_ARCHIVE)).rowcount
    return moved


RETENTION: Final = Duty("retention", 600.0, archive)
"""Every service's: keep the outbox small."""


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
