"""The heavy half of tracing: imported only in a process that traces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.sqlalchemy.engine import EngineTracer
from opentelemetry.metrics import NoOpMeter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.telemetry.redacting import redacted
from shared.telemetry.sampling import Sampling

_W3C = TraceContextTextMapPropagator()
_MOST_LINKS = 1000


class Redacting(SpanExporter):
    """Hands spans on without anything that a person could be known by."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Clean and send."""
        return self._exporter.export([redacted(span) for span in spans])

    def shutdown(self) -> None:
        """Stop sending."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Send what waits."""
        return self._exporter.force_flush(timeout_millis)


class Tracing:
    """One process's tracer, and what it watches.

    Args:
        service: its name in traces, unless ``OTEL_SERVICE_NAME`` says otherwise.
        exporter: where spans go; OTLP over HTTP as the environment says when None.
    """

    def __init__(self, service: str, exporter: SpanExporter | None = None) -> None:
        resource = Resource.create()  # reads OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES
        if str(resource.attributes.get("service.name", "")).startswith("unknown_service"):
            resource = resource.merge(Resource({"service.name": service}))
        self._provider = TracerProvider(resource=resource, span_limits=SpanLimits(max_links=_MOST_LINKS))
        self._provider.sampler = Sampling(self._provider.sampler)
        self._provider.add_span_processor(BatchSpanProcessor(Redacting(exporter or OTLPSpanExporter())))
        self._tracer = self._provider.get_tracer("talent")
        HTTPXClientInstrumentor().instrument(tracer_provider=self._provider)

    def close(self) -> None:
        """Send what is left."""
        HTTPXClientInstrumentor().uninstrument()
        self._provider.shutdown()

    def watch_app(self, app: Any) -> None:
        """See ``spans.watch_app``."""
        FastAPIInstrumentor.instrument_app(
            app,
            tracer_provider=self._provider,
            excluded_urls="/health,/metrics",
            exclude_spans=["receive", "send"],
        )

    def watch_engine(self, engine: Any) -> None:
        """See ``spans.watch_engine``."""
        counter = NoOpMeter("talent").create_up_down_counter("connections")
        _Statements(self._provider.get_tracer("talent.database"), engine.sync_engine, counter)  # type: ignore[no-untyped-call]

    @contextmanager
    def span(
        self, name: str, kind: str, parent: str | None, links: Iterable[str | None], attributes: Mapping[str, Any]
    ) -> Iterator[trace.Span]:
        """See ``spans.span``. An error is named by its kind, never by its words."""
        led = [Link(found) for each in links if (found := _context(each)).is_valid]
        begun = self._tracer.start_span(
            name,
            context=_W3C.extract({"traceparent": parent}) if parent else Context(),
            kind=SpanKind[kind],
            links=led,
            attributes=dict(attributes),
        )
        with trace.use_span(begun, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            try:
                yield begun
            except Exception as error:
                begun.set_attribute("error.type", type(error).__name__)
                begun.set_status(Status(StatusCode.ERROR))
                raise


class _Statements(EngineTracer):
    """Spans for the statements of what is traced; for all others nothing is even computed (a fifth of the price)."""

    def _before_cur_exec(
        self, conn: Any, cursor: Any, statement: Any, params: Any, context: Any, _executemany: Any
    ) -> tuple[Any, Any]:
        if not trace.get_current_span().is_recording():
            return statement, params
        seen: tuple[Any, Any] = super()._before_cur_exec(  # type: ignore[no-untyped-call]
            conn, cursor, statement, params, context, _executemany
        )
        return seen


def _context(traceparent: str | None) -> SpanContext:
    if not traceparent:
        return trace.INVALID_SPAN_CONTEXT
    return trace.get_current_span(_W3C.extract({"traceparent": traceparent}, Context())).get_span_context()
