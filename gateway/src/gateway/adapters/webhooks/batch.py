"""What one subscription gets between two entries in the ledger, and the form in which it gets it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from gateway.adapters.db.feed import Place
from gateway.adapters.db.webhook_ledger import Claimed, Entry
from gateway.adapters.http.events import shown
from gateway.adapters.webhooks.sending import Outcome

if TYPE_CHECKING:
    from gateway.adapters.webhooks.courier import Courier


class Batch:
    """What one subscription gets between two entries in the ledger."""

    def __init__(self, courier: Courier, claimed: Claimed, place: Place, failures: int) -> None:
        self._courier, self._claimed = courier, claimed
        self.place, self.failures = place, failures
        self._live: list[dict[str, Any]] = []
        self._queue: list[dict[str, Any]] = []
        self._wish: float | None = None
        self._delivered = self.failed = self.gone = False
        self._until = time.monotonic() + courier.turn

    async def carry(self, rows: list[Any], reached: Place) -> bool:
        """Deliver events of the feed in order; False when it stopped before the last."""
        for row in rows:
            if self._out_of_time():
                return True
            body = payload(row.type, row.at, shown(row).model_dump())
            outcome = await self._courier.attempt(self._claimed, "live", str(row.event_id), body)
            state = "delivered" if outcome.good else "failing"
            place = {"reach": row._key, "position": row.position}
            self._live.append({
                "id": self._courier.draw(), "event_id": str(row.event_id), "type": row.type, "subject": row.subject,
                "state": state, "tries": [tried(outcome)], **place,
            })  # fmt: skip
            if not self._take(outcome):
                return False
            self.place = (row._key, row.position)
        self.place = reached
        return True

    async def replay(self, rows: list[Any]) -> bool:
        """Deliver what was asked for again, and tests; a test is tried once."""
        for row in rows:
            if self._out_of_time():
                return True
            if row.kind == "replay" and row.source is None:  # removed from the history since it was asked for
                self._queue.append({"id": str(row.id), "state": "failed", "tries": []})
                continue
            event = shown(row).model_dump() if row.kind == "replay" else {"webhook": str(self._claimed.id)}
            body = payload(row.type, row.at or datetime.now(UTC), event)
            outcome = await self._courier.attempt(self._claimed, row.kind, str(row.event_id), body)
            failed = "failed" if row.kind == "test" else "pending"
            state = "delivered" if outcome.good else failed
            self._queue.append({"id": str(row.id), "state": state, "tries": [tried(outcome)]})
            if row.kind != "test" and not self._take(outcome):
                return False
        return True

    def entry(self, *, release: bool) -> Entry:
        """For the ledger."""
        wait = self._courier.pause(self.failures, self._wish) if self.failed else 0.0
        return Entry(self.place, self._live, self._queue, self.failures, wait, self._delivered, release)

    def _take(self, outcome: Outcome) -> bool:
        if outcome.good:
            self.failures, self._delivered = 0, True
            return True
        self.failures += 1
        self.failed, self.gone, self._wish = True, outcome.code == "gone", outcome.wish
        return False

    def _out_of_time(self) -> bool:
        return self._courier.stopping or time.monotonic() > self._until


def payload(type: str, at: datetime, event: dict[str, Any]) -> bytes:
    """The body of a delivery: type, business time, and the event as the feed shows it."""
    return orjson.dumps({"type": type, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": event})


def tried(outcome: Outcome) -> dict[str, Any]:
    """An attempt for the log, in real time."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    found = {"at": at, "code": outcome.code, "status": outcome.status, "ms": outcome.milliseconds}
    return found | ({"excerpt": outcome.excerpt} if outcome.excerpt else {})
