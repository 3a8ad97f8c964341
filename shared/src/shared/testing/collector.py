"""A collector of traces for tests: receives OTLP over HTTP and keeps the spans in memory."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """A span as it was received; ids in hexadecimal digits, ``parent`` empty for a root, ``links`` as (trace, span)."""

    service: str
    name: str
    kind: str
    trace: str
    span: str
    parent: str
    links: tuple[tuple[str, str], ...]
    attributes: dict[str, Any]
    events: tuple[str, ...]
    failed: bool
    status: str


@dataclass(slots=True)
class Collector:
    """What has been received so far."""

    url: str
    spans: list[Seen] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def wait(self, until: Callable[[list[Seen]], Any], seconds: float = 30.0) -> Any:
        """Wait until ``until`` says something true of all spans received; what it said, true or not."""
        deadline = time.monotonic() + seconds
        while not (found := until(list(self.spans))) and time.monotonic() < deadline:
            time.sleep(0.05)
        return found

    def environment(self) -> dict[str, str]:
        """The variables that make a process send everything here at once."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url, "OTEL_BSP_SCHEDULE_DELAY": "50"}


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a free loopback port for as long as the block lasts."""
    kept = Collector("")

    class Receiver(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":  # as a collector sends
                body = gzip.decompress(body)
            kept.raw.append(body)
            kept.spans += _read(body)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    kept.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _read(body: bytes) -> list[Seen]:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

    request, found = ExportTraceServiceRequest(), []
    request.ParseFromString(body)
    for group in request.resource_spans:
        service = next(each.value.string_value for each in group.resource.attributes if each.key == "service.name")
        for scope in group.scope_spans:
            found += [
                Seen(
                    service=service,
                    name=span.name,
                    kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
                    trace=span.trace_id.hex(),
                    span=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    links=tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
                    attributes={each.key: _value(each.value) for each in span.attributes},
                    events=tuple(str(event) for event in span.events),
                    failed=span.status.code == Status.STATUS_CODE_ERROR,
                    status=span.status.message,
                )
                for span in scope.spans
            ]
    return found


def _value(value: Any) -> Any:
    return getattr(value, value.WhichOneof("value"))
