"""Spans: off by default, sampled by rule, child or linked root, and clean when they leave."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import create_engine

from shared.telemetry import spans
from shared.telemetry.provider import Tracing

ORIGIN = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
OTHER = "00-" + "c" * 32 + "-" + "d" * 16 + "-00"


class Sink:
    """Tracing into memory."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.tracing = Tracing("funding", self.exporter)

    def spans(self) -> list[ReadableSpan]:
        self.tracing._provider.force_flush()
        return list(self.exporter.get_finished_spans())


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    made = Sink()
    monkeypatch.setattr(spans._Switch, "tracing", made.tracing)
    yield made
    made.tracing.close()


@pytest.mark.parametrize(
    ("environment", "on"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_the_environment_decides(environment: dict[str, str], on: bool) -> None:
    assert spans.wanted(environment) is on


def test_a_service_that_does_not_trace_does_not_even_import_it() -> None:
    """Neither SDK nor exporter nor instrumentation is in the memory of a process without a collector."""
    code = (
        "import shared.http.app, shared.messaging.worker, sys; "
        "print([m for m in sys.modules if m.startswith(('opentelemetry.sdk', 'opentelemetry.exporter', "
        "'opentelemetry.instrumentation', 'shared.telemetry.provider'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={})

    assert done.stdout.strip() == "[]"


def test_statements_are_told_of_what_is_traced_and_of_nothing_else(sink: Sink) -> None:
    """The relay asks its database ten times a second outside of any trace; a request's statements are its children."""
    engine = create_engine("sqlite://")
    sink.tracing.watch_engine(SimpleNamespace(sync_engine=engine))
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        with spans.span("request", "SERVER"):
            connection.exec_driver_sql("SELECT 2")
    engine.dispose()
    statement, request = sink.spans()

    assert (request.name, (statement.attributes or {})["db.statement"]) == ("request", "SELECT 2")
    assert statement.parent is not None
    assert statement.parent.span_id == request.context.span_id


def test_one_event_that_came_at_once_goes_on_with_its_trace(sink: Sink) -> None:
    with spans.processing("gateway", "placement.events.v1", [{"ce_traceparent": ORIGIN, "traceparent": OTHER}], 1.0):
        here = spans.traceparent()
    (span,) = sink.spans()

    assert here is not None
    assert here.startswith("00-" + "a" * 32)
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == "b" * 16
    assert [f"{link.context.trace_id:032x}" for link in span.links] == ["c" * 32]


@pytest.mark.parametrize(("count", "delay"), [(1, 61.0), (2, 0.0)])
def test_late_events_and_batches_begin_a_linked_trace(sink: Sink, count: int, delay: float) -> None:
    with spans.processing("gateway", "placement.events.v1", [{"ce_traceparent": ORIGIN}] * count, delay):
        pass
    (span,) = sink.spans()

    assert span.parent is None
    assert {f"{link.context.trace_id:032x}" for link in span.links} == {"a" * 32}


def test_a_batch_is_published_with_a_link_to_each_origin(sink: Sink) -> None:
    with spans.publishing("placement", "placement.events.v1", [ORIGIN, OTHER, None, "nonsense"]):
        pass
    with spans.publishing("placement", "placement.events.v1", [ORIGIN, ORIGIN]):
        pass
    mixed, alone = sink.spans()

    assert mixed.parent is None
    assert [f"{link.context.trace_id:032x}" for link in mixed.links] == ["a" * 32, "c" * 32]
    assert alone.parent is not None
    assert f"{alone.parent.trace_id:032x}" == "a" * 32


def test_money_is_always_sampled_and_idle_questions_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_always_off")
    made = Sink()
    monkeypatch.setattr(spans._Switch, "tracing", made.tracing)
    with spans.span("POST", "SERVER", attributes={spans.MONEY: True}):
        pass
    with spans.span("POST", "SERVER", links=[ORIGIN]):
        pass
    with spans.processing("gateway", "placement.events.v1", [{"ce_traceparent": ORIGIN}] * 2, 0.0):
        pass
    with spans.span("SELECT", "INTERNAL"):
        pass
    kept = [span.name for span in made.spans()]
    made.tracing.close()

    assert kept == ["POST", "placement.events.v1 process"], "a caller's own sampled trace decides nothing"


def _fail_with_words() -> None:
    with spans.span("work", "SERVER", attributes={"url.query": "name=次仁"}):
        spans.mark(talent__command="id", http__target="/x?name=次仁")
        raise ValueError("540102199001011234")


def test_spans_leave_without_words_of_persons(sink: Sink) -> None:
    with pytest.raises(ValueError, match="540102"):
        _fail_with_words()
    (span,) = sink.spans()

    assert dict(span.attributes or {}) == {"talent.command": "id", "error.type": "ValueError"}
    assert (span.status.description, list(span.events)) == (None, [])
