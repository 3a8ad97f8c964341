"""Spans leave the process with named attributes only: no query, no message of an error, no address of a caller."""

from __future__ import annotations

from typing import Final

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Status

ALLOWED: Final = frozenset(
    {
        "db.name", "db.operation", "db.statement", "db.system", "error.type", "http.method",
        "http.request.method", "http.response.status_code", "http.route", "http.status_code",
        "net.peer.name", "server.address", "server.port", "talent.case", "talent.command", "talent.money",
        "talent.outbox.events", "talent.parked", "talent.role",
    }
)  # fmt: skip
"""Attributes that pass, besides everything below ``messaging.``; statements hold placeholders instead of values."""
_KEPT_OF_EVENTS: Final = frozenset({"exception.type"})


def redacted(span: ReadableSpan) -> ReadableSpan:
    """The span with the allowed attributes, events by kind of error only, and a status without words."""
    kept = {
        name: value
        for name, value in (span.attributes or {}).items()
        if name in ALLOWED or name.startswith("messaging.")
    }
    events = [
        Event(event.name, {k: v for k, v in (event.attributes or {}).items() if k in _KEPT_OF_EVENTS}, event.timestamp)
        for event in span.events
    ]
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=kept,
        events=events,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
