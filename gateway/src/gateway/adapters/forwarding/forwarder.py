"""The forwarding path: a raw ASGI component on one keep-alive pool; it holds no rule and reads no body."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

from gateway.adapters.forwarding import headers as crossing
from gateway.adapters.forwarding.body import CallerGone, RequestBody
from gateway.adapters.forwarding.table import Route, RouteTable, check_upstreams, checked_path
from gateway.adapters.forwarding.upstream import Answer, Errand, Upstream
from gateway.adapters.http.problems import send_problem
from gateway.adapters.refusals import MethodNotAllowed
from shared.http.observing import REQUESTS, SECONDS
from shared.kernel.refusals import NotFound, Refusal
from shared.logs import logger

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_log = logger("forwarding")


class BrokenAnswer(Exception):
    """An upstream failed in the middle of its answer: the connection must be cut, so nobody takes it for whole."""


class TokenExchange(Protocol):
    """Turns the caller's headers into an internal token for one service."""

    async def exchange(self, headers: crossing.Headers, service: str, method: str = "GET") -> str:
        """The internal token. Raises ``Unauthenticated``, ``Malformed``, or ``Forbidden`` (``csrf-refused``)."""
        ...


class Forwarder:
    """Sends requests of the route table to the services and their answers back, streaming both ways.

    Args:
        upstreams: address of each service, ``http://host:port``.
        exchange: where internal tokens come from.
        table: the route table.
    """

    def __init__(self, upstreams: Mapping[str, str], exchange: TokenExchange, table: RouteTable | None = None) -> None:
        self._table = table or RouteTable()
        check_upstreams(self._table, upstreams)
        self._upstreams = {service: Upstream(service, address) for service, address in upstreams.items()}
        self._exchange = exchange

    def close(self) -> None:
        """Cut the connections to the services."""
        for upstream in self._upstreams.values():
            upstream.close()

    def takes(self, path: str) -> bool:
        """True when a row of the table claims the path."""
        return self._table.match(path) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request; every refusal becomes a problem, and one line is logged with the row, not the path.

        Raises:
            BrokenAnswer: the answer broke off after it had begun.
        """
        began = time.perf_counter()
        trace = crossing.new_trace()
        answer = Answer(send)
        route: Route | None = None
        try:
            crossing.check(scope["headers"])
            route = self._table.match(checked_path(_raw_path(scope)))
            if route is None:
                raise NotFound("no-such-route", "There is no such route.")
            await self._forward(route, scope, receive, answer, trace)
        except Refusal as refusal:
            if answer.started:
                raise BrokenAnswer(f"{refusal.code} after the answer began") from refusal
            await send_problem(answer, scope["headers"], refusal)
        except CallerGone:
            answer.status = 499
        finally:
            _note(scope["method"], route, answer.status, trace, time.perf_counter() - began)

    async def _forward(self, route: Route, scope: Scope, receive: Receive, answer: Answer, trace: str) -> None:
        if route.methods is not None and scope["method"] not in route.methods:
            if not route.methods:
                raise NotFound("no-such-route", "There is no such route.")
            known = ", ".join(sorted(route.methods))
            raise MethodNotAllowed("method-not-allowed", "This path does not know the method.", allow=known)
        token = None
        if not route.public:
            token = await self._exchange.exchange(scope["headers"], route.service, scope["method"])
        body = RequestBody(
            receive,
            limit=route.body_limit,
            declared=crossing.one(scope["headers"], b"content-length"),
        )
        await body.open()
        query: bytes = scope["query_string"]
        errand = Errand(
            method=scope["method"],
            target=_raw_path(scope) + (b"?" + query if query else b""),
            headers=crossing.for_upstream(scope["headers"], token=token, trace=trace),
            body=body,
            timeout=route.timeout,
            keyed=crossing.one(scope["headers"], b"idempotency-key") is not None,
        )
        await self._upstreams[route.service].run(errand, answer)


def _raw_path(scope: Scope) -> bytes:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.partition(b"?")[0]


def _note(method: str, route: Route | None, status: int, trace: str, seconds: float) -> None:
    name = route.prefix if route else "unmatched"
    REQUESTS.labels("gateway", method, name, status).inc()
    SECONDS.labels("gateway", name).observe(seconds)
    _log.info(
        "forwarded",
        method=method,
        route=name,
        status=status,
        trace=trace.split("-")[1],
        duration_ms=round(seconds * 1000, 1),
    )
