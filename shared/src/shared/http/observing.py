"""One log line and one metric per request; the route's template, never the path with its ids."""

from __future__ import annotations

import time
from functools import lru_cache

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.logs import logger
from shared.telemetry.spans import carried, traceparent
from shared.telemetry.surroundings import Surroundings, as_id, surrounded, trace_of

REQUESTS = Counter(
    "http_requests_total", "Requests by route and status", ["service", "method", "route", "status", "role"]
)
SECONDS = Histogram(
    "http_request_seconds", "Seconds from the first byte to the answer", ["service", "method", "route", "role"]
)
_log = logger("request")


class Observed:
    """ASGI middleware that measures and logs every request but the probes."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and write down how it went."""
        if scope["type"] != "http" or scope["path"].startswith(("/health", "/metrics")):
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        header = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), None)
        around = Surroundings(trace=trace_of(traceparent() or header), command=carried("command"))
        with surrounded(around):
            try:
                await self._app(scope, receive, noting)
            finally:
                around.case = next(
                    (found for each in scope.get("path_params", {}).values() if (found := as_id(str(each)))), None
                )
                route = getattr(scope.get("route"), "path", "unmatched")
                note_request(self._service, scope["method"], route, status, time.perf_counter() - started, around)


def note_request(service: str, method: str, route: str, status: int, seconds: float, around: Surroundings) -> None:
    """Count, time and log one request; ``around`` says who asked and in which trace."""
    _counted(service, method, route, status, around.role).inc()
    _timed(service, method, route, around.role).observe(seconds)
    _log.info(
        "request",
        service=service,
        method=method,
        route=route,
        status=status,
        outcome="done" if status < 400 else "refused" if status < 500 else "failed",
        trace=around.trace,
        case=around.case,
        command=around.command,
        principal=around.principal,
        org=around.org,
        duration_ms=round(seconds * 1000, 1),
    )


@lru_cache(maxsize=4096)  # what the client library looks up under a lock, for every request
def _counted(service: str, method: str, route: str, status: int, role: str) -> Counter:
    return REQUESTS.labels(service, method, route, status, role)


@lru_cache(maxsize=4096)
def _timed(service: str, method: str, route: str, role: str) -> Histogram:
    return SECONDS.labels(service, method, route, role)
