"""What a commit writes besides state: outbox rows, audit entries, the idempotency record; one statement for all."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.kernel.refusals import Conflict, RuleViolated
from shared.telemetry.spans import mark, traceparent

if TYPE_CHECKING:
    from shared.work.unit import Circumstances, UnitOfWork


@dataclass(frozen=True, slots=True)
class Claim:
    """An idempotency key as claimed by one request; unique per principal, never alone."""

    principal: str
    key: str
    route: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """An answer as it was sent: status, headers that matter, bytes of the body."""

    status: int
    headers: dict[str, str]
    body: bytes


def fingerprint(route: str, body: bytes) -> bytes:
    """SHA-256 over route and body: what makes two requests under one key the same request."""
    return hashlib.sha256(route.encode() + b"\x00" + body).digest()


_CLAIM = text(
    """WITH held AS (SELECT pg_try_advisory_xact_lock(hashtextextended(:principal || chr(31) || :key, 0)) AS free)
    INSERT INTO idempotency (principal, key, route, request_hash)
    SELECT :principal, :key, :route, :request_hash FROM held WHERE free
    ON CONFLICT DO NOTHING RETURNING true"""
)
_STORED = text(
    "SELECT request_hash, status, headers, response FROM idempotency WHERE principal = :principal AND key = :key"
)


async def claim_key(connection: AsyncConnection, claim: Claim) -> StoredResponse | None:
    """Claim a key inside the transaction, or give the answer it already led to (see ``UnitOfWork.replay``)."""
    named = {"principal": claim.principal, "key": claim.key}
    fresh = await connection.execute(_CLAIM, named | {"route": claim.route, "request_hash": claim.request_hash})
    if fresh.first() is not None:
        return None
    stored = (await connection.execute(_STORED, named)).first()
    if stored is None or stored.status is None:
        raise Conflict("in-flight", "A request with this Idempotency-Key is being worked on; wait for its answer.")
    if stored.request_hash != claim.request_hash:
        raise RuleViolated("key-reused", "This Idempotency-Key was used for another request; choose a new key.")
    return StoredResponse(stored.status, stored.headers, stored.response)


_WRITE = text(
    """WITH event AS (
        SELECT * FROM jsonb_to_recordset(CAST(:events AS jsonb)) AS e(
            position int, event_id uuid, aggregate_type text, aggregate_id text, nth int, total int,
            type text, schema_version int, payload jsonb, headers jsonb)
    ), bumped AS (
        INSERT INTO stream AS s (aggregate_type, aggregate_id, seq)
        SELECT aggregate_type, aggregate_id, max(total) FROM event GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE SET seq = s.seq + excluded.seq
        RETURNING aggregate_type, aggregate_id, seq
    ), told AS (
        INSERT INTO outbox (event_id, aggregate_type, aggregate_id, aggregate_seq, type, schema_version, payload, headers)
        SELECT event_id, aggregate_type, aggregate_id, seq - total + nth, type, schema_version, payload, headers
        FROM event JOIN bumped USING (aggregate_type, aggregate_id) ORDER BY position
    ), audited AS (
        INSERT INTO audit (business_at, subject, organisation, roles, action, object_type, object_id, outcome, purpose,
                           trace, details)
        SELECT CAST(:now AS timestamptz), :subject, :organisation, CAST(:roles AS jsonb), n.action, n.object_type,
               n.object_id, n.outcome, :purpose, :trace, n.details
        FROM jsonb_to_recordset(CAST(:notes AS jsonb)) AS n(
            action text, object_type text, object_id text, outcome text, details jsonb)
    )
    UPDATE idempotency SET status = :status, headers = CAST(:headers AS jsonb), response = :response
    WHERE principal = :principal AND key = :key"""
)


async def write(
    unit: UnitOfWork,
    circumstances: Circumstances,
    events: list[tuple[Event, UUID, str | None]],
    notes: list[dict[str, Any]],
    response: StoredResponse | None,
) -> None:
    """Write outbox, audit and idempotency record of a unit that is about to commit.

    The stream row of every aggregate is locked before its outbox rows get their ids, so the order of ids is the order
    of sequence numbers inside one aggregate (events.md 2.1).
    """
    claim = circumstances.claim
    if not events and not notes and claim is None:
        return
    if events:
        mark(talent__outbox__events=len(events))
    await unit.connection.execute(
        _WRITE,
        {
            "events": orjson.dumps(_rows(unit, circumstances, events)).decode(),
            "notes": orjson.dumps(notes, default=str).decode(),
            "now": unit.now,
            "subject": unit.actor.subject,
            "organisation": unit.actor.organisation,
            "roles": orjson.dumps(sorted(unit.actor.roles)).decode(),
            "purpose": unit.actor.purpose,
            "trace": circumstances.trace or traceparent(),
            "status": response.status if response else None,
            "headers": orjson.dumps(response.headers if response else {}).decode(),
            "response": response.body if response else None,
            "principal": claim.principal if claim else "",
            "key": claim.key if claim else "",
        },
    )


def _rows(
    unit: UnitOfWork, circumstances: Circumstances, events: list[tuple[Event, UUID, str | None]]
) -> list[dict[str, Any]]:
    totals = Counter((event.aggregate, str(event.subject)) for event, _, _ in events)
    seen: Counter[tuple[str, str]] = Counter()
    rows = []
    for position, (event, event_id, causation) in enumerate(events):
        stream = (event.aggregate, str(event.subject))
        seen[stream] += 1
        rows.append(
            {
                "position": position,
                "event_id": str(event_id),
                "aggregate_type": stream[0],
                "aggregate_id": stream[1],
                "nth": seen[stream],
                "total": totals[stream],
                "type": event.type_name(),
                "schema_version": event.major,
                "payload": event.model_dump(mode="json"),
                "headers": _headers(unit, circumstances, causation),
            }
        )
    return rows


def _headers(unit: UnitOfWork, circumstances: Circumstances, causation: str | None) -> dict[str, str]:
    found = {
        "time": unit.now.isoformat(),
        "actor": unit.actor.subject,
        "org": unit.actor.organisation,
        "traceparent": traceparent() or circumstances.trace,
        "causation": causation,
        "correlation": unit.correlation(causation),
    }
    return {name: value for name, value in found.items() if value}


def envelope_of(service: str, row: Any) -> Envelope:
    """The envelope of an outbox row, for the relay.

    Args:
        service: the producing service.
        row: a row with ``event_id, aggregate_type, aggregate_id, aggregate_seq, type, headers``.
    """
    headers = dict(row.headers)
    return Envelope(
        id=str(row.event_id),
        source=f"/{service}",
        type=row.type,
        subject=row.aggregate_id,
        time=datetime.fromisoformat(headers.pop("time")),
        sequence=row.aggregate_seq,
        aggregate=row.aggregate_type,
        extensions={name: value for name, value in headers.items() if name != "actor"},
    )
