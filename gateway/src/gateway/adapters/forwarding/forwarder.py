"""The forwarding path: a raw ASGI component on one keep-alive pool; it holds no rule and reads no body."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

import aiohttp
import structlog
from yarl import URL

from gateway.adapters.forwarding import headers as crossing
from gateway.adapters.forwarding.body import CallerGone, RequestBody
from gateway.adapters.forwarding.breaker import Breaker
from gateway.adapters.forwarding.table import Route, RouteTable, check_upstreams, checked_path
from gateway.adapters.http.problems import send_problem
from gateway.adapters.refusals import MethodNotAllowed, UpstreamDown, UpstreamSlow
from shared.kernel.refusals import NotFound, Refusal

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
BODY_SECONDS = 30.0
RETRY_AFTER = 2

log = structlog.get_logger("gateway.forwarding")


class BrokenAnswer(Exception):
    """An upstream failed in the middle of its answer: the server must cut the connection, so that nobody takes it
    for whole.
    """


class TokenExchange(Protocol):
    """Turns the caller's headers into an internal token for one service."""

    async def exchange(self, headers: crossing.Headers, service: str) -> str:
        """The internal token. Raises ``Unauthenticated`` or ``Malformed``."""
        ...


class Forwarder:
    """Sends requests of the route table to the services and their answers back, streaming both ways.

    Args:
        upstreams: address of each service, ``http://host:port``.
        exchange: where internal tokens come from.
        table: the route table.
    """

    def __init__(
        self, upstreams: Mapping[str, str], exchange: TokenExchange, table: RouteTable | None = None
    ) -> None:
        self._table = table or RouteTable()
        check_upstreams(self._table, upstreams)
        self._upstreams = {service: address.rstrip("/") for service, address in upstreams.items()}
        self._exchange = exchange
        self._breakers = {service: Breaker() for service in upstreams}
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the pool; idle connections are dropped before the services' five seconds of keep-alive end."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, limit_per_host=256, keepalive_timeout=3.0, ttl_dns_cache=30),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
            raise_for_status=False,
        )

    async def close(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()

    def reachable(self) -> dict[str, bool]:
        """Which services are not cut off by their breaker."""
        return {service: not breaker.is_open for service, breaker in sorted(self._breakers.items())}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request; every refusal becomes a problem, and one line is logged with the row, not the path."""
        began = time.perf_counter()
        trace = crossing.new_trace()
        answer = _Answer(send)
        route: Route | None = None
        try:
            crossing.check(scope["headers"])
            path = checked_path(scope.get("raw_path") or scope["path"].encode())
            route = self._table.match(path)
            if route is None:
                raise NotFound("no-such-route", "There is no such route.")
            await self._forward(route, scope, receive, answer, trace)
        except Refusal as refusal:
            if answer.started:
                raise BrokenAnswer(f"{refusal.code} after the answer began") from refusal
            await send_problem(answer, scope["headers"], refusal)
        except CallerGone:
            answer.status = 499
        log.info(
            "forwarded",
            method=scope["method"],
            route=route.prefix if route else None,
            service=route.service if route else None,
            status=answer.status,
            trace=trace.split("-")[1],
            ms=round((time.perf_counter() - began) * 1000, 1),
        )

    async def _forward(self, route: Route, scope: Scope, receive: Receive, answer: _Answer, trace: str) -> None:
        if route.methods and scope["method"] not in route.methods:
            raise MethodNotAllowed("method-not-allowed", "This path does not know the method.")
        token = None if route.public else await self._exchange.exchange(scope["headers"], route.service)
        body = RequestBody(
            receive,
            limit=route.body_limit,
            seconds=BODY_SECONDS,
            declared=crossing.one(scope["headers"], b"content-length"),
        )
        await body.open()
        keyed = crossing.one(scope["headers"], b"idempotency-key") is not None
        repeatable = body.whole is not None and (scope["method"] in REPEATABLE or keyed)
        headers = crossing.for_upstream(scope["headers"], token=token, trace=trace)
        url = self._url(route, scope)
        breaker = self._breakers[route.service]
        for attempt in (1, 2):
            if not breaker.admits():
                raise self._down(route)
            try:
                await self._call(scope["method"], url, headers, body, route, answer)
            except aiohttp.ClientConnectorError as error:
                breaker.failed()
                if attempt == 2 or body.whole is None:
                    raise self._down(route) from error
            except aiohttp.ClientConnectionError as error:
                if body.failure is not None:
                    raise body.failure from error
                breaker.failed()
                if answer.started or attempt == 2 or not repeatable:
                    raise self._down(route) from error
            except aiohttp.ClientPayloadError as error:
                breaker.failed()
                raise self._down(route) from error
            except TimeoutError as error:
                breaker.failed()
                raise UpstreamSlow("upstream-slow", f"The {route.service} service did not answer in time.") from error
            else:
                breaker.succeeded()
                return
            await asyncio.sleep(0.05)

    async def _call(
        self, method: str, url: URL, headers: list[tuple[str, str]], body: RequestBody, route: Route, answer: _Answer
    ) -> None:
        assert self._session is not None, "the pool is not open"
        if body.whole is not None:
            data: Any = body.whole or None
        else:
            data = body.stream()
            if body.length is not None:
                headers = [*headers, ("content-length", str(body.length))]
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=2.0, sock_read=route.timeout)
        async with self._session.request(
            method, url, headers=headers, data=data, timeout=timeout, allow_redirects=False
        ) as response:
            passed = crossing.for_caller(response.headers.items())
            length = response.headers.get("content-length")
            if length is not None:
                passed.append((b"content-length", length.encode()))
            await answer({"type": "http.response.start", "status": response.status, "headers": passed})
            async for chunk in response.content.iter_any():
                await answer({"type": "http.response.body", "body": chunk, "more_body": True})
            await answer({"type": "http.response.body", "body": b"", "more_body": False})

    def _url(self, route: Route, scope: Scope) -> URL:
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        return URL(f"{self._upstreams[route.service]}{path}" + (f"?{query}" if query else ""), encoded=True)

    @staticmethod
    def _down(route: Route) -> UpstreamDown:
        return UpstreamDown(
            "upstream-down",
            f"The {route.service} service does not answer; try again shortly.",
            retry_after=RETRY_AFTER,
            service=route.service,
        )


class _Answer:
    """The ASGI send callable that remembers whether and how the answer began."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False
        self.status = 0

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
        await self._send(message)
