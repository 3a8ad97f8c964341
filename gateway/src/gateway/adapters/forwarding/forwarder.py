"""The forwarding path: a raw ASGI component on one keep-alive pool; it holds no rule and reads no body."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

from gateway.adapters.forwarding import headers as crossing
from gateway.adapters.forwarding.body import CallerGone, RequestBody
from gateway.adapters.forwarding.client import wire
from gateway.adapters.forwarding.errand import Answer, Errand
from gateway.adapters.forwarding.noting import BEGAN, CALLER, TRIED, note
from gateway.adapters.forwarding.passage import Passage, Side
from gateway.adapters.forwarding.sender import Sender
from gateway.adapters.forwarding.table import Route, RouteTable, check_upstreams, checked_path
from gateway.adapters.forwarding.upstream import Upstream
from gateway.adapters.http.problems import send_problem
from gateway.adapters.identity.exchange import Issued
from gateway.adapters.identity.verification import Caller
from gateway.adapters.refusals import MethodNotAllowed
from gateway.adapters.tracing import TRACE, enter, trace_of
from shared.kernel.refusals import NotFound, Refusal

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class BrokenAnswer(Exception):
    """An upstream failed in the middle of its answer: the connection must be cut, so nobody takes it for whole."""


class TokenExchange(Protocol):
    """Turns a caller into an internal token for one service."""

    async def caller(self, headers: crossing.Headers, method: str = "GET") -> Caller:
        """Who asks. Raises ``Unauthenticated``, ``Malformed``, or ``Forbidden`` (``csrf-refused``)."""
        ...

    def token(self, caller: Caller, service: str) -> str:
        """The internal token."""
        ...

    def issued(self, caller: Caller, service: str) -> Issued:
        """The internal token, and until when ``clock`` lets it be used."""
        ...

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds, as ``issued`` counts them."""
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
        began = scope.get(BEGAN) or time.perf_counter()
        scope.setdefault(TRACE, trace_of(scope))
        answer = Answer(send)
        route: Route | None = None
        try:
            route = self._route(scope)
            await self._forward(route, scope, receive, answer)
        except Refusal as refusal:
            if answer.started:
                raise BrokenAnswer(f"{refusal.code} after the answer began") from refusal
            await send_problem(answer, scope["headers"], refusal)
        except CallerGone:
            answer.status = 499
        finally:
            note(scope, route, answer.status, time.perf_counter() - began)

    def plain(self, scope: Scope) -> Route | None:
        """The row for a request that ``pass_on`` may be tried for; None when a call has to look."""
        try:
            route = self._table.match(checked_path(scope["raw_path"]))
            if route is None or route.public:
                return None
            _check_method(route, scope["method"])
        except Refusal:
            return None
        return route if self._upstreams[route.service].ready else None

    def pass_on(
        self, scope: Scope, route: Route, sender: Sender, fields: list[wire.Header], side: Side
    ) -> Passage | None:
        """Forward a request without a body at once, as a call would; None when a call has to do it.

        Args:
            scope: of the request.
            route: its row, from ``plain``.
            sender: what its fields come to.
            fields: more fields for the answer.
            side: where the request came from and the answer goes.
        """
        token = sender.token(route.service, self._exchange.clock(), self._exchange.issued)
        enter(scope)
        passage = Passage(scope, route, self._upstreams[route.service], fields, side)
        lines = b"%btraceparent: %b\r\nauthorization: Bearer %b\r\n" % (
            sender.lines, trace_of(scope).encode("ascii"), token.encode("ascii")
        )  # fmt: skip
        try:
            return passage if passage.begins(_target(scope), lines) else None
        except Refusal:
            return None  # a call comes to the same and says so

    def _route(self, scope: Scope) -> Route:
        crossing.check(scope["headers"])
        route = self._table.match(checked_path(_raw_path(scope)))
        if route is None:
            raise NotFound("no-such-route", "There is no such route.")
        return route

    async def _forward(self, route: Route, scope: Scope, receive: Receive, answer: Answer) -> None:
        _check_method(route, scope["method"])
        headers = scope["headers"]
        token = None
        if not route.public:
            known = scope.get(CALLER) or await self._exchange.caller(headers, scope["method"])
            token = self._exchange.token(known, route.service)
        declared = crossing.one(headers, b"content-length")
        none = declared is None and crossing.one(headers, b"transfer-encoding") is None
        body = RequestBody(receive, limit=route.body_limit, declared=declared, none=none)
        await body.open()
        target, rebuilt = _outgoing(scope, token)
        errand = Errand(
            method=scope["method"],
            target=target,
            headers=rebuilt,
            body=body,
            timeout=route.timeout,
            keyed=crossing.one(headers, b"idempotency-key") is not None,
            tried=scope.get(TRIED),
        )
        await self._upstreams[route.service].run(errand, answer)


def _check_method(route: Route, method: str) -> None:
    if route.methods is not None and method not in route.methods:
        if not route.methods:
            raise NotFound("no-such-route", "There is no such route.")
        allowed = ", ".join(sorted(route.methods))
        raise MethodNotAllowed("method-not-allowed", "This path does not know the method.", allow=allowed)


def _outgoing(scope: Scope, token: str | None) -> tuple[bytes, list[wire.Header]]:
    """The target and the header fields of a request as its service gets them."""
    return _target(scope), crossing.for_upstream(scope["headers"], token=token, trace=trace_of(scope))


def _target(scope: Scope) -> bytes:
    query: bytes = scope["query_string"]
    return _raw_path(scope) + (b"?" + query if query else b"")


def _raw_path(scope: Scope) -> bytes:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.partition(b"?")[0]
