"""Spans: nothing at all, not even an import, until the environment names a collector (events.md 6.1).

``OTEL_EXPORTER_OTLP_ENDPOINT`` (or ``…_TRACES_ENDPOINT``), or ``OTEL_TRACES_EXPORTER=otlp``, switches tracing on;
``OTEL_SDK_DISABLED=true`` and ``OTEL_TRACES_EXPORTER=none`` switch it off. The other ``OTEL_*`` variables mean what
OpenTelemetry says.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from shared.telemetry.provider import Tracing

MONEY: Final = "talent.money"
"""Attribute of spans that move money: they are always sampled."""
PARKED: Final = "talent.parked"
"""Attribute of spans that put an event aside for a person: the collector keeps their traces."""
LATE_SECONDS: Final = 60.0
"""An event that waited longer begins a trace of its own, linked to the one that made it."""

Kind = Literal["SERVER", "PRODUCER", "CONSUMER", "INTERNAL"]


class _Switch:
    tracing: Tracing | None = None


def wanted(environment: Mapping[str, str]) -> bool:
    """True when these variables ask for traces."""
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true" or exporter == "none":
        return False
    named = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    return exporter == "otlp" or any(environment.get(name) for name in named)


def switch_on(service: str) -> None:
    """Begin to trace this process as ``service`` if the environment asks for it; once is enough."""
    if _Switch.tracing is None and wanted(os.environ):
        from shared.telemetry.provider import Tracing

        _Switch.tracing = Tracing(service)


def switch_off() -> None:
    """Send what is left and stop; blocks for as long as the collector takes, ten seconds at most."""
    tracing, _Switch.tracing = _Switch.tracing, None
    if tracing is not None:
        tracing.close()


def active() -> bool:
    """True while spans are made."""
    return _Switch.tracing is not None


def watch_app(app: Any) -> None:
    """Spans for the requests of a FastAPI application, probes and metrics left out."""
    if _Switch.tracing is not None:
        _Switch.tracing.watch_app(app)


def watch_engine(engine: Any) -> None:
    """Spans for the statements of an ``AsyncEngine``, without their values."""
    if _Switch.tracing is not None:
        _Switch.tracing.watch_engine(engine)


def traceparent() -> str | None:
    """The span at hand as W3C ``traceparent``; None when there is none."""
    if _Switch.tracing is None:
        return None
    from opentelemetry.trace import get_current_span

    found = get_current_span().get_span_context()
    if not found.is_valid:
        return None
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{int(found.trace_flags) & 1:02x}"


def mark(name: str | None = None, *, failed: bool = False, **attributes: Any) -> None:
    """Say more about the span at hand: a better name, attributes (``__`` stands for a dot), that it failed."""
    if _Switch.tracing is None:
        return
    from opentelemetry.trace import StatusCode, get_current_span

    span = get_current_span()
    if name is not None:
        span.update_name(name)
    span.set_attributes({key.replace("__", "."): value for key, value in attributes.items()})
    if failed:
        span.set_status(StatusCode.ERROR)


def carry(**members: str) -> None:
    """Send these along with every call that this request still makes (W3C baggage); ids only."""
    if _Switch.tracing is None:
        return
    from opentelemetry import baggage, context

    found = context.get_current()
    for name, value in members.items():
        found = baggage.set_baggage(name, value, found)
    context.attach(found)  # until the request's own task ends


def carried(name: str) -> str | None:
    """What the caller inside the platform sent along under ``name``."""
    if _Switch.tracing is None:
        return None
    from opentelemetry import baggage

    value = baggage.get_baggage(name)
    return None if value is None else str(value)


@contextmanager
def span(
    name: str,
    kind: Kind,
    *,
    parent: str | None = None,
    links: Iterable[str | None] = (),
    attributes: Mapping[str, Any] | None = None,
) -> Iterator[Span | None]:
    """A span around the block, in a trace of its own unless ``parent`` names another; None while switched off.

    Args:
        name: what is done; no ids.
        kind: as OpenTelemetry means it.
        parent: ``traceparent`` to be a child of.
        links: each ``traceparent`` that led here; unreadable ones are passed over.
        attributes: known from the beginning, so that sampling sees them.
    """
    tracing = _Switch.tracing
    if tracing is None:
        yield None
        return
    with tracing.span(name, kind, parent, links, attributes or {}) as made:
        yield made


def publishing(service: str, topic: str, origins: Iterable[str | None]) -> Any:
    """The span of one batch on its way into the log, linked to what made each event.

    A batch that one trace made belongs to that trace; a mixed one stands for itself.
    """
    made = list(origins)
    traces = {(origin or "")[:35] for origin in made}
    return span(
        f"{topic} publish",
        "PRODUCER",
        parent=made[0] if len(traces) == 1 else None,
        links=made,
        attributes=_messaging("publish", topic, len(made)) | ({MONEY: True} if service == "funding" else {}),
    )


def processing(
    consumer: str, topic: str, headers: Iterable[Mapping[str, str]], delay: float, *, parked: bool = False
) -> Any:
    """The span of applying events: a child of what made a single event that came at once, else a linked root.

    Args:
        consumer: the consumer group.
        topic: where the events came from.
        headers: of each record: ``ce_traceparent`` made it, ``traceparent`` published it.
        delay: seconds since the oldest was made.
        parked: the event is put aside for a person.
    """
    read = list(headers)
    alone = len(read) == 1 and delay <= LATE_SECONDS
    origins = [each.get("ce_traceparent") for each in read]
    hops = {each.get("traceparent") for each in read}
    more: dict[str, Any] = {"messaging.consumer.group.name": consumer}
    if topic.startswith("funding.") or consumer == "funding":
        more[MONEY] = True
    if parked:
        more[PARKED] = True
    return span(
        f"{topic} process",
        "CONSUMER",
        parent=origins[0] if alone else None,
        links=[*(() if alone else origins), *sorted(hop for hop in hops if hop)],
        attributes=_messaging("process", topic, len(read)) | more,
    )


def _messaging(operation: str, topic: str, count: int) -> dict[str, Any]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": operation,
        "messaging.destination.name": topic,
        "messaging.batch.message_count": count,
    }
