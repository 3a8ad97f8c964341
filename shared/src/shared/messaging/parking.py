"""Parked aggregates: what waits for a person, and the two four-eyes commands that end the waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.envelope import UnreadableEvent
from shared.kernel.refusals import Conflict, Forbidden, TooEarly
from shared.messaging import inbox, metrics
from shared.messaging.applying import Applier, UnitFactory
from shared.messaging.incoming import Stream
from shared.messaging.pending import Pending

_LIST: Final = text(
    "SELECT source, aggregate_id, count(*) AS events, min(created_at) AS since, "
    "(array_agg(error ORDER BY aggregate_seq, id))[1] AS error FROM parked "
    "WHERE consumer = :consumer AND resolution IS NULL GROUP BY source, aggregate_id ORDER BY min(id)"
)


@dataclass(frozen=True, slots=True)
class ParkedAggregate:
    """One aggregate whose events wait: how many, since when, and why the first of them failed."""

    source: str
    aggregate_id: str
    events: int
    since: datetime
    error: str


async def parked(connection: AsyncConnection, consumer: str) -> list[ParkedAggregate]:
    """All parked aggregates of a consumer, the oldest first; sets the gauge that pages somebody."""
    rows = (await connection.execute(_LIST, {"consumer": consumer})).all()
    metrics.PARKED.labels(consumer).set(len(rows))
    return [ParkedAggregate(row.source, row.aggregate_id, row.events, row.since, row.error) for row in rows]


async def replay(unit: UnitFactory, applier: Applier, stream: Stream, *, by: str, approved_by: str) -> int:
    """Apply a parked aggregate's events again in order, each in a transaction of its own; how many were applied.

    Raises:
        Forbidden: ``four-eyes`` when one person asks and approves.
        Conflict: ``still-failing`` when an event fails again; those before it stay applied.
    """
    _four_eyes(by, approved_by)
    count = 0
    while await _replay_first(unit, applier, stream, f"{by}, {approved_by}"):
        count += 1
    await Pending(unit, applier).retry({stream[1]})
    return count


async def discard(unit: UnitFactory, applier: Applier, stream: Stream, *, by: str, approved_by: str) -> None:
    """Give up the first parked event of an aggregate; its successors stay until they are replayed.

    Raises:
        Forbidden: ``four-eyes`` when one person asks and approves.
        Conflict: ``nothing-parked``.
    """
    _four_eyes(by, approved_by)
    async with unit(f"{applier.consumer}:discard") as work:
        row = await inbox.first_kept(work.connection, "parked", applier.consumer, stream)
        if row is None:
            raise Conflict("nothing-parked", "Nothing of this aggregate is parked.")
        last = (await inbox.cursors(work.connection, applier.consumer, [stream])).get(stream, 0)
        reached = max(last + 1, row.aggregate_seq)
        await inbox.advance(work.connection, applier.consumer, {stream: reached})
        await inbox.resolve(work.connection, "parked", row.id, "discarded", f"{by}, {approved_by}")
        work.note("event.discard", "event", str(row.event_id), by=by, approved_by=approved_by)


def _four_eyes(by: str, approved_by: str) -> None:
    if by == approved_by:
        raise Forbidden("four-eyes", "Another person has to approve this.")


async def _replay_first(unit: UnitFactory, applier: Applier, stream: Stream, people: str) -> bool:
    try:
        async with unit(f"{applier.consumer}:replay") as work:
            row = await inbox.first_kept(work.connection, "parked", applier.consumer, stream)
            if row is None:
                return False
            last = (await inbox.cursors(work.connection, applier.consumer, [stream])).get(stream, 0)
            if row.aggregate_seq > last + 1:
                raise Conflict("still-failing", f"Event number {last + 1} of this aggregate has not arrived.")
            if row.aggregate_seq == 0 or row.aggregate_seq == last + 1:
                await applier.handle(work, inbox.kept(row))
                await inbox.advance(work.connection, applier.consumer, {stream: row.aggregate_seq})
            await inbox.resolve(work.connection, "parked", row.id, "replayed", people)
            work.note("event.replay", "event", str(row.event_id), people=people)
    except (UnreadableEvent, TooEarly) as error:
        raise Conflict("still-failing", f"The event fails again: {error}") from error
    return True
