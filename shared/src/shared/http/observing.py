"""One log line and one metric per request; the route's template, never the path with its ids."""

from __future__ import annotations

import time

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.logs import logger

REQUESTS = Counter("http_requests_total", "Requests by route and status", ["service", "method", "route", "status"])
SECONDS = Histogram("http_request_seconds", "Seconds from the first byte to the answer", ["service", "route"])
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

        try:
            await self._app(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "unmatched")
            REQUESTS.labels(self._service, scope["method"], route, status).inc()
            SECONDS.labels(self._service, route).observe(seconds)
            _log.info(
                "request", method=scope["method"], route=route, status=status, duration_ms=round(seconds * 1000, 1)
            )
