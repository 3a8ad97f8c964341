"""Set-based statements on inbox, cursors, parked and pending rows, all inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal
from uuid import UUID

import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.messaging.incoming import Incoming, Stream, reread

Queue = Literal["parked", "pending"]

_CLAIM: Final = text(
    'INSERT INTO inbox (consumer, source, event_id, partition, "offset") '
    'SELECT :consumer, source, event_id, partition, "offset" FROM jsonb_to_recordset(CAST(:events AS jsonb)) '
    'AS e (source text, event_id uuid, partition int, "offset" bigint) '
    "ON CONFLICT DO NOTHING RETURNING source, event_id"
)  # fmt: skip
_PARKED: Final = text(
    "SELECT source, aggregate_id FROM parked WHERE consumer = :consumer AND aggregate_id = ANY(:aggregates) "
    "AND resolution IS NULL FOR SHARE"
)
_CURSORS: Final = text(
    "SELECT source, aggregate_id, last_seq FROM aggregate_cursor WHERE consumer = :consumer "
    "AND (source, aggregate_id) IN (SELECT * FROM unnest(CAST(:sources AS text[]), CAST(:aggregates AS text[]))) "
    "ORDER BY source, aggregate_id FOR UPDATE"
)
_ADVANCE: Final = text(
    "INSERT INTO aggregate_cursor (consumer, source, aggregate_id, last_seq) "
    "SELECT :consumer, s, a, n FROM unnest(CAST(:sources AS text[]), CAST(:aggregates AS text[]), "
    "CAST(:numbers AS int[])) AS c (s, a, n) ORDER BY s, a "
    "ON CONFLICT (consumer, source, aggregate_id) DO UPDATE SET last_seq = excluded.last_seq"
)
_KEEP: Final = {
    queue: text(
        f"INSERT INTO {queue} (consumer, source, aggregate_id, event_id, aggregate_seq, topic, partition, "  # noqa: S608
        '"offset", headers, raw, error, attempts, deadline_at) VALUES (:consumer, :source, :aggregate_id, :event_id, '
        ":aggregate_seq, :topic, :partition, :offset, CAST(:headers AS jsonb), :raw, :error, :attempts, "
        "now() + make_interval(secs => CAST(:seconds AS double precision))) ON CONFLICT DO NOTHING"
    )
    for queue in ("parked", "pending")
}
_MOVE: Final = text(
    "WITH moved AS (UPDATE pending SET resolution = 'parked', resolved_by = :consumer, resolved_at = now() "
    "WHERE consumer = :consumer AND source = :source AND aggregate_id = :aggregate_id AND resolution IS NULL "
    'RETURNING *) INSERT INTO parked (consumer, source, aggregate_id, event_id, aggregate_seq, topic, partition, "offset", '
    "headers, raw, error, attempts) SELECT consumer, source, aggregate_id, event_id, aggregate_seq, topic, partition, "
    '"offset", headers, raw, CAST(:error AS text), attempts FROM moved ORDER BY aggregate_seq ON CONFLICT DO NOTHING'
)


async def claim(connection: AsyncConnection, consumer: str, events: Sequence[Incoming]) -> set[tuple[str, UUID]]:
    """Note the events as received; the (source, id) pairs that had not been received before."""
    rows = [
        {"source": e.envelope.source, "event_id": e.event_id, "partition": e.partition, "offset": e.offset}
        for e in events
    ]
    answer = await connection.execute(_CLAIM, {"consumer": consumer, "events": orjson.dumps(rows).decode()})
    return {(row.source, row.event_id) for row in answer}


async def parked_streams(connection: AsyncConnection, consumer: str, streams: Iterable[Stream]) -> set[Stream]:
    """The streams with open parked events; held, so that a replay cannot finish in between."""
    aggregates = sorted({aggregate for _, aggregate in streams})
    rows = await connection.execute(_PARKED, {"consumer": consumer, "aggregates": aggregates})
    return {(row.source, row.aggregate_id) for row in rows}


async def cursors(connection: AsyncConnection, consumer: str, streams: Iterable[Stream]) -> dict[Stream, int]:
    """The last applied sequence number of each stream that has one; held until the end of the transaction."""
    ordered = sorted(set(streams))
    values = {"consumer": consumer, "sources": [s for s, _ in ordered], "aggregates": [a for _, a in ordered]}
    rows = await connection.execute(_CURSORS, values)
    return {(row.source, row.aggregate_id): row.last_seq for row in rows}


async def advance(connection: AsyncConnection, consumer: str, reached: Mapping[Stream, int]) -> None:
    """Write how far each stream has been applied."""
    if not reached:
        return
    ordered = sorted(reached.items())
    values = {
        "consumer": consumer,
        "sources": [source for (source, _), _ in ordered],
        "aggregates": [aggregate for (_, aggregate), _ in ordered],
        "numbers": [number for _, number in ordered],
    }
    await connection.execute(_ADVANCE, values)


async def keep(
    connection: AsyncConnection,
    queue: Queue,
    consumer: str,
    events: Sequence[tuple[Incoming, str]],
    *,
    attempts: int = 0,
    seconds: float | None = None,
) -> None:
    """Put events with the reason into ``parked`` or ``pending``; a pending row may wait ``seconds``."""
    statement: TextClause = _KEEP[queue]
    for event, error in events:
        values = {
            "consumer": consumer,
            "source": event.envelope.source,
            "aggregate_id": event.envelope.subject,
            "event_id": event.event_id,
            "aggregate_seq": event.sequence,
            "topic": event.topic,
            "partition": event.partition,
            "offset": event.offset,
            "headers": orjson.dumps(event.headers).decode(),
            "raw": event.raw,
            "error": error[:2000],
            "attempts": attempts,
            "seconds": seconds,
        }
        await connection.execute(statement, values)


async def park_pending(connection: AsyncConnection, consumer: str, stream: Stream, error: str) -> None:
    """Move everything of a stream that waits to the parked events."""
    source, aggregate = stream
    values = {"consumer": consumer, "source": source, "aggregate_id": aggregate, "error": error[:2000]}
    await connection.execute(_MOVE, values)


def kept(row: Any) -> Incoming:
    """The event of a parked or pending row."""
    return reread(row.topic, row.partition, row.offset, row.aggregate_id, dict(row.headers), bytes(row.raw))


async def first_kept(connection: AsyncConnection, queue: Queue, consumer: str, stream: Stream) -> Any:
    """The earliest open row of a stream, locked; None when there is none or somebody else holds it."""
    statement = (
        f"SELECT * FROM {queue} WHERE consumer = :consumer AND source = :source AND aggregate_id = :aggregate_id "  # noqa: S608
        f"AND resolution IS NULL ORDER BY aggregate_seq, id LIMIT 1 FOR UPDATE{' SKIP LOCKED' if queue == 'pending' else ''}"
    )
    values = {"consumer": consumer, "source": stream[0], "aggregate_id": stream[1]}
    return (await connection.execute(text(statement), values)).first()


async def resolve(connection: AsyncConnection, queue: Queue, row_id: int, resolution: str, by: str) -> None:
    """Close a row with what became of it."""
    statement = f"UPDATE {queue} SET resolution = :resolution, resolved_by = :by, resolved_at = now() WHERE id = :id"  # noqa: S608
    await connection.execute(text(statement), {"resolution": resolution, "by": by, "id": row_id})
