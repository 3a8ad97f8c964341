"""The ledger of deliveries: who has come how far, what waits, what was tried; leases keep two couriers apart."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gateway.adapters.db.feed import Filter, Place, View, read_feed

CONNECTIONS = 4
"""Connections of the pool that a courier uses at once; the rest is for the routes of the same process."""
_CLAIM = text("""
UPDATE webhook_progress p SET owner = :owner, leased_until = clock_timestamp() + make_interval(secs => :seconds),
    epoch = p.epoch + 1
FROM webhook w WHERE w.id = p.webhook AND p.webhook IN (
    SELECT q.webhook FROM webhook_progress q JOIN webhook v ON v.id = q.webhook
    WHERE v.state = 'active' AND q.due_at <= clock_timestamp()
      AND (q.leased_until IS NULL OR q.leased_until < clock_timestamp())
      AND (q.failures > 0) = :sick
      AND (q.reach < (SELECT position FROM feed_head)
           OR EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.webhook = q.webhook AND d.state = 'pending'))
    ORDER BY q.due_at LIMIT :most FOR UPDATE OF q SKIP LOCKED)
RETURNING p.webhook, p.reach, p.position, p.epoch, p.failures, p.failing_since, w.organisation, w.everything, w.money,
    w.url, w.types, w.programme, w.session, w.wrapped_key, w.secret, w.former,
    w.former_until > clock_timestamp() AS former_signs,
    EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.webhook = p.webhook AND d.state = 'pending') AS waiting
""")
_QUEUE = text("""
SELECT d.id, d.kind, d.event_id, d.type, d.subject, d.attempts, f.source, f.at, f.sequence, f.payload
FROM webhook_delivery d LEFT JOIN feed f ON f.position = d.position
WHERE d.webhook = :webhook AND d.state = 'pending' ORDER BY d.id LIMIT :most
""")
_RECORD = text("""
WITH mine AS (
    UPDATE webhook_progress SET reach = :reach, position = :position, failures = :failures,
        failing_since = CASE WHEN :failures = 0 THEN NULL ELSE coalesce(failing_since, clock_timestamp()) END,
        delivered_at = CASE WHEN :delivered THEN clock_timestamp() ELSE delivered_at END,
        due_at = clock_timestamp() + make_interval(secs => :pause),
        owner = CASE WHEN :release THEN NULL ELSE owner END,
        leased_until = CASE WHEN :release THEN NULL ELSE clock_timestamp() + make_interval(secs => :seconds) END
    WHERE webhook = :webhook AND owner = :owner AND epoch = :epoch RETURNING webhook, failing_since),
queued AS (
    UPDATE webhook_delivery d SET state = v.state, attempts = d.attempts + 1, updated_at = now(),
        tries = CASE WHEN d.attempts < 40 THEN d.tries ELSE '[]' END || v.tries
    FROM jsonb_to_recordset(CAST(:queue AS jsonb)) v(id uuid, state text, tries jsonb), mine WHERE d.id = v.id),
sent AS (
    INSERT INTO webhook_delivery AS d
        (id, webhook, kind, event_id, type, subject, reach, position, state, attempts, tries)
    SELECT v.id, mine.webhook, 'live', v.event_id, v.type, v.subject, v.reach, v.position, v.state, 1, v.tries
    FROM jsonb_populate_recordset(NULL::webhook_delivery, CAST(:live AS jsonb)) v, mine
    ON CONFLICT (webhook, event_id) WHERE kind = 'live' DO UPDATE SET state = excluded.state,
        attempts = d.attempts + 1, updated_at = now(),
        tries = CASE WHEN d.attempts < 40 THEN d.tries ELSE '[]' END || excluded.tries)
SELECT webhook, extract(epoch FROM clock_timestamp() - failing_since) AS failing_seconds FROM mine
""")
_PURGE = text("""
DELETE FROM webhook_delivery WHERE id IN (
    SELECT id FROM webhook_delivery WHERE updated_at < now() - interval '30 days'
    AND state IN ('delivered', 'failed') ORDER BY updated_at LIMIT 5000)
""")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A subscription that this courier holds for a while.

    Attributes:
        row: of the claim: where it stands and what it wants.
    """

    row: Any

    @property
    def id(self) -> UUID:
        """Of the subscription."""
        found: UUID = self.row.webhook
        return found

    @property
    def wanted(self) -> Filter:
        """What it asked for."""
        return Filter(types=tuple(self.row.types), programme=self.row.programme, session=self.row.session)

    @property
    def view(self) -> View:
        """What its owner may see."""
        return View(None if self.row.everything else self.row.organisation, self.row.money)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written after some attempts of one subscription.

    Attributes:
        place: how far it has come.
        live, queue: rows of the log: of events from the feed, and of replays and tests.
        failures: attempts in a row that failed.
        pause: seconds until it is due again.
        delivered: True when the receiver took something.
        release: True to let go of the subscription.
    """

    place: Place
    live: Sequence[dict[str, Any]]
    queue: Sequence[dict[str, Any]]
    failures: int
    pause: float
    delivered: bool
    release: bool


class Ledger:
    """The ledger on PostgreSQL; time is the database's, never the business clock.

    Args:
        engine: of the gateway.
        owner: name of this courier.
        lease: seconds that a claim holds.
    """

    def __init__(self, engine: AsyncEngine, owner: str, lease: float) -> None:
        self._engine, self._owner, self.lease = engine, owner, lease
        self._turn = asyncio.Semaphore(CONNECTIONS)

    async def claim(self, most: int, *, sick: bool) -> list[Claimed]:
        """Take up to ``most`` subscriptions that are due; ``sick`` ones failed at their last attempt."""
        values = {"owner": self._owner, "seconds": self.lease, "most": most, "sick": sick}
        async with self._turn, self._engine.begin() as connection:
            return [Claimed(row) for row in await connection.execute(_CLAIM, values)]

    async def queue(self, claimed: Claimed, most: int) -> list[Any]:
        """Replays and tests that wait, oldest first."""
        async with self._turn, self._engine.connect() as connection:
            return list((await connection.execute(_QUEUE, {"webhook": claimed.id, "most": most})).all())

    async def events(self, claimed: Claimed, after: Place, most: int) -> tuple[list[Any], Place, bool]:
        """The next events that the subscription wants; see ``read_feed``."""
        async with self._turn, self._engine.connect() as connection:
            return await read_feed(connection, claimed.wanted, claimed.view, after, most)

    async def record(self, claimed: Claimed, entry: Entry) -> float | None:
        """Write what was tried, unless the claim was lost meanwhile.

        Returns:
            Seconds since when it fails (0 when it does not), or None when the claim was lost.
        """
        values = {
            "webhook": claimed.id, "owner": self._owner, "epoch": claimed.row.epoch, "seconds": self.lease,
            "reach": entry.place[0], "position": entry.place[1], "failures": entry.failures, "pause": entry.pause,
            "delivered": entry.delivered, "release": entry.release,
            "live": orjson.dumps(list(entry.live)).decode(), "queue": orjson.dumps(list(entry.queue)).decode(),
        }  # fmt: skip
        async with self._turn, self._engine.begin() as connection:
            found = (await connection.execute(_RECORD, values)).first()
        return None if found is None else float(found.failing_seconds or 0.0)


async def purge(work: Any) -> int:
    """Remove what was delivered more than 30 days ago from the log, at most 5,000 rows at a time."""
    connection: AsyncConnection = work.connection
    removed: int = (await connection.execute(_PURGE)).rowcount
    return removed
