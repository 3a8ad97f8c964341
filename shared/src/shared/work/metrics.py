"""What is watched about transactions: the wait for a connection, how long they take, commands that came twice."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Histogram

POOL_WAIT: Final = Histogram("pool_wait_seconds", "Seconds until the pool handed out a connection", ["service"])
TRANSACTION: Final = Histogram(
    "transaction_seconds", "Seconds from BEGIN to COMMIT or ROLLBACK", ["service", "outcome"]
)
REPLAYS: Final = Counter("idempotency_replays_total", "Commands answered from what was stored", ["service"])


def begin(service: str) -> None:
    """Show every metric from the beginning."""
    POOL_WAIT.labels(service)
    REPLAYS.labels(service)
    for outcome in ("committed", "rolled-back"):
        TRANSACTION.labels(service, outcome)
