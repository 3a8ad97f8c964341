"""One log line per event that was applied: where from, what about, on whose command, how long."""

from __future__ import annotations

from shared.logs import logger
from shared.messaging.incoming import Incoming
from shared.telemetry.surroundings import as_id, trace_of

_log = logger("consumer")


def note_applied(consumer: str, event: Incoming, seconds: float) -> None:
    """Write the line; its transaction has committed."""
    more = event.envelope.extensions
    _log.info(
        "event",
        consumer=consumer,
        outcome="applied",
        event_id=str(event.event_id),
        event_type=event.envelope.type,
        case=as_id(event.envelope.subject),
        command=more.get("correlation"),
        org=more.get("org"),
        trace=trace_of(more.get("traceparent")),
        duration_ms=round(seconds * 1000, 1),
    )
