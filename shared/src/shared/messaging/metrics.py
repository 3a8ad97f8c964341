"""What is watched about events on their way (events.md 2.9)."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge

OUTBOX_UNPUBLISHED: Final = Gauge("outbox_unpublished", "Outbox rows not yet in the log", ["service", "shard"])
OUTBOX_OLDEST: Final = Gauge("outbox_oldest_seconds", "Age of the oldest unpublished outbox row", ["service", "shard"])
PUBLISHED: Final = Counter("outbox_published_total", "Outbox rows published and marked", ["service"])
RELAY_EPOCHS: Final = Counter("relay_epoch_changes_total", "Times the lease of a shard was taken anew", ["service"])
RELAY_EPOCH: Final = Gauge(
    "relay_epoch", "Epoch of the lease that this process holds; 0 without it", ["service", "shard"]
)
CONSUMED: Final = Counter("events_consumed_total", "Events applied", ["consumer"])
LAG: Final = Gauge("consumer_lag_records", "Records between a consumer and the end of the log", ["consumer", "topic"])
LAG_SECONDS: Final = Gauge("consumer_lag_seconds", "Age of the oldest event that waits to be applied", ["consumer"])
PARKED: Final = Gauge("parked_aggregates", "Aggregates whose events wait for a person", ["consumer"])
PENDING: Final = Gauge("pending_aggregates", "Aggregates whose events wait for an earlier event", ["consumer"])
DUPLICATES: Final = Counter("inbox_duplicates_total", "Events that had been applied before", ["consumer"])
GAPS: Final = Counter("sequence_gaps_total", "Events that came before their predecessor", ["consumer"])
REPAIRS: Final = Counter("reader_repairs_total", "Readers built anew because nothing came any more", ["consumer"])
DUTY_FAILURES: Final = Gauge(
    "duty_failures_in_row", "Runs of a duty that failed since the last one that did not", ["service", "duty"]
)
DUTY_DONE: Final = Gauge(
    "duty_done_timestamp_seconds",
    "When a duty last came to its end; at first when its clock was started",
    ["service", "duty"],
)


def begin(service: str, consumer: str | None) -> None:
    """Show every metric from the beginning: what appears only with the first fault cannot be alerted on."""
    for counter in (PUBLISHED, RELAY_EPOCHS):
        counter.labels(service)
    if consumer is not None:
        for each in (CONSUMED, LAG_SECONDS, PARKED, PENDING, DUPLICATES, GAPS, REPAIRS):
            each.labels(consumer)
