"""The owner's side of the ledger, inside the transaction of a request: begin, fence, test, replay, skip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.work.unit import UnitOfWork

_BEGIN = """
INSERT INTO webhook_progress (webhook, reach, position)
SELECT :webhook, h.place, h.place FROM (SELECT CASE WHEN :at_the_end THEN position ELSE 0 END AS place FROM feed_head) h
"""
_FREED = "epoch = epoch + 1, owner = NULL, leased_until = NULL, due_at = clock_timestamp()"
_FENCE = f"UPDATE webhook_progress SET {_FREED}, failures = 0, failing_since = NULL WHERE webhook = :webhook"  # noqa: S608
_TEST = """
INSERT INTO webhook_delivery (id, webhook, kind, event_id, type, subject, state, attempts, tries)
VALUES (:delivery, :webhook, 'test', :event, 'cn.talent.gateway.ping.v1', :subject, 'pending', 0, '[]')
"""
_AGAIN = """
INSERT INTO webhook_delivery (id, webhook, kind, event_id, type, subject, reach, position, state, attempts, tries)
SELECT :delivery, webhook, 'replay', event_id, type, subject, reach, position, 'pending', 0, '[]'
FROM webhook_delivery WHERE webhook = :webhook AND event_id = :event AND kind = 'live'
  AND state IN ('delivered', 'skipped')
"""
_SKIPPED = "SELECT event_id FROM webhook_delivery WHERE webhook = :webhook AND state = 'skipped' ORDER BY id"
_TAKEN_UP = (
    "UPDATE webhook_delivery SET state = 'failed', updated_at = now() WHERE webhook = :webhook AND state = 'skipped'"
)
_REWIND = f"""
UPDATE webhook_progress p SET reach = d.reach, position = d.position - 1, {_FREED.replace("epoch + 1", "p.epoch + 1")},
    failures = 0, failing_since = NULL
FROM webhook_delivery d WHERE d.webhook = p.webhook AND d.event_id = :event AND d.kind = 'live' AND p.webhook = :webhook
  AND (p.reach, p.position) >= (d.reach, d.position)
"""  # noqa: S608
_SKIP = f"""
WITH past AS (
    UPDATE webhook_delivery SET state = 'skipped', updated_at = now() WHERE id = (
        SELECT id FROM webhook_delivery WHERE webhook = :webhook AND kind = 'live' AND state = 'failing'
        ORDER BY updated_at DESC LIMIT 1) RETURNING webhook, reach, position)
UPDATE webhook_progress p SET reach = past.reach, position = past.position,
    {_FREED.replace("epoch + 1", "p.epoch + 1")}, failures = 0, failing_since = NULL
FROM past WHERE p.webhook = past.webhook
"""  # noqa: S608
_SKIP_REPLAY = """
UPDATE webhook_delivery SET state = 'failed', updated_at = now() WHERE id = (
    SELECT id FROM webhook_delivery WHERE webhook = :webhook AND kind = 'replay' AND state = 'pending' AND attempts > 0
    ORDER BY id LIMIT 1)
"""


class SqlDeliveryLog:
    """Implements ``DeliveryLog``.

    Args:
        unit: its connection is used while it is open.
    """

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def begin(self, webhook: UUID, *, at_the_end: bool) -> None:
        """See ``DeliveryLog.begin``."""
        await self._run(_BEGIN, webhook=webhook, at_the_end=at_the_end)

    async def fence(self, webhook: UUID) -> None:
        """See ``DeliveryLog.fence``."""
        await self._run(_FENCE, webhook=webhook)

    async def test(self, webhook: UUID, delivery: UUID, event: UUID) -> None:
        """See ``DeliveryLog.test``."""
        await self._run(_TEST, webhook=webhook, delivery=delivery, event=event, subject=str(webhook))

    async def again(self, webhook: UUID, delivery: UUID, event: UUID) -> bool:
        """See ``DeliveryLog.again``."""
        return await self._count(_AGAIN, webhook=webhook, delivery=delivery, event=event) == 1

    async def again_skipped(self, webhook: UUID, new_id: Callable[[], UUID]) -> int:
        """See ``DeliveryLog.again_skipped``; each is asked for once."""
        events = [row.event_id for row in await self._run(_SKIPPED, webhook=webhook)]
        for event in events:
            await self.again(webhook, new_id(), event)
        await self._run(_TAKEN_UP, webhook=webhook)
        return len(events)

    async def rewind(self, webhook: UUID, event: UUID) -> bool:
        """See ``DeliveryLog.rewind``."""
        return await self._count(_REWIND, webhook=webhook, event=event) == 1

    async def skip(self, webhook: UUID) -> bool:
        """See ``DeliveryLog.skip``."""
        if await self._count(_SKIP_REPLAY, webhook=webhook) == 1:
            await self.fence(webhook)
            return True
        return await self._count(_SKIP, webhook=webhook) == 1

    async def _count(self, statement: str, **values: Any) -> int:
        return int((await self._run(statement, **values)).rowcount)

    async def _run(self, statement: str, **values: Any) -> Any:
        return await self._unit.connection.execute(text(statement), values)
