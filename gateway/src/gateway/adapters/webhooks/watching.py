"""What is watched about webhooks: deliveries by outcome, how old the oldest undelivered is, and who is disabled."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from prometheus_client import Counter, Gauge
from sqlalchemy import text

DELIVERIES: Final = Counter(
    "webhook_deliveries_total", "Attempts to deliver a webhook, by what came of them", ["outcome", "kind"]
)
OLDEST: Final = Gauge(
    "webhook_oldest_undelivered_seconds",
    "How long the webhook that is furthest behind has stood still; 0 when all receivers have everything",
)
WEBHOOKS: Final = Gauge(
    "webhooks", "Webhooks by state; failing ones are active ones whose last attempt failed", ["state"]
)

OUTCOMES: Final = ("ok", "status", "gone", "redirect", "timeout", "refused-address", "tls", "connection")
KINDS: Final = ("live", "replay", "test")

_STATES = text("""
SELECT CASE WHEN w.state = 'active' AND p.failures > 0 THEN 'failing' ELSE w.state END AS state, count(*) AS number
FROM webhook w JOIN webhook_progress p ON p.webhook = w.id WHERE w.state <> 'deleted' GROUP BY 1
""")
_BEHIND = text("""
SELECT p.webhook, p.reach, p.position, extract(epoch FROM clock_timestamp() - p.failing_since) AS failing
FROM webhook_progress p JOIN webhook w ON w.id = p.webhook
WHERE w.state = 'active' AND p.reach < (SELECT position FROM feed_head)
""")


def begin() -> None:
    """Show every outcome of every kind from the beginning: what appears only with the first failure has no increase."""
    for outcome in OUTCOMES:
        for kind in KINDS:
            DELIVERIES.labels(outcome, kind)


class Watch:
    """Sets the gauges; called as a duty.

    An event carries business time, so how long it has waited is seen from outside: since when a webhook was behind
    without moving on (kept by this process), or since when its attempts fail (kept in the database, so that a restart
    does not make it look young).

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._still: dict[UUID, tuple[tuple[int, int], float]] = {}

    async def __call__(self, work: Any) -> int:
        """Look once; nothing is dealt with."""
        found = {row.state: row.number for row in await work.connection.execute(_STATES)}
        for state in ("active", "failing", "paused", "disabled"):
            WEBHOOKS.labels(state).set(found.get(state, 0))
        OLDEST.set(self.oldest(list(await work.connection.execute(_BEHIND))))
        return 0

    def oldest(self, behind: list[Any]) -> float:
        """Seconds, from the rows of the webhooks that are behind."""
        now, still, oldest = self._clock(), {}, 0.0
        for row in behind:
            place = (row.reach, row.position)
            known = self._still.get(row.webhook)
            still[row.webhook] = known if known is not None and known[0] == place else (place, now)
            oldest = max(oldest, now - still[row.webhook][1], float(row.failing or 0.0))
        self._still = still
        return oldest
