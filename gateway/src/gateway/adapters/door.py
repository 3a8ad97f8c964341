"""The door: every request comes in here and goes to a service or to the gateway's own routes."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from fastapi import FastAPI

from gateway.adapters.addresses import Addresses
from gateway.adapters.forwarding import headers as crossing
from gateway.adapters.forwarding.body import CallerGone, RequestBody, again
from gateway.adapters.forwarding.forwarder import Forwarder, Receive, Scope, Send
from gateway.adapters.forwarding.noting import CALLER
from gateway.adapters.forwarding.passage import Passage, Side
from gateway.adapters.forwarding.sender import SENDER, Sender, sender_of
from gateway.adapters.forwarding.table import checked_path
from gateway.adapters.http.problems import send_problem
from gateway.adapters.http.versioning import STAMP
from gateway.adapters.identity.exchange import Exchange
from gateway.adapters.limits.kinds import BY_ADDRESS, Kind, kind_of
from gateway.adapters.limits.limiter import Limiter, LimitReached
from gateway.adapters.papers.reader import FILE_LIMIT
from gateway.adapters.tracing import ENTERED, Entered, entering, trace_of
from gateway.adapters.verification import network
from shared.http.problems import Unauthenticated
from shared.kernel.refusals import Refusal

OWN = "gateway"
OWN_BODY_LIMIT = 64 * 1024
FILE_BODY_LIMITS = {"/verify/file": FILE_LIMIT + 16 * 1024}
"""Paths that take a file, with its envelope."""
FOR_NOBODY = ("/verify", "/v1/verifications", "/sign-in", "/sign-out")
"""Beginnings of paths that ask for nobody's rights: no session is looked up for them."""
SESSION_PATHS = ("/sign-in", "/sign-out", "/v1/session")
SESSION_HEADERS = frozenset({b"cookie", b"origin", b"x-csrf-token"})
"""What only the routes of sessions read; a cookie goes nowhere else, neither to a service nor to another route."""
PROBES = ("/health/", "/metrics")
COUNTED = "talent.counted"
"""Member of the scope that holds what counting came to, when it was done already: header fields, or the refusal."""


class Door:
    """Raw ASGI: forwards what the route table claims; for the rest it plays the service ``gateway``.

    The gateway's own routes get an internal token like every service does, so the same guards, scopes and tests apply
    to them. Body and headers are bounded here for both.

    Args:
        own: the application with the gateway's own routes; it gets the lifespan.
        forwarder: the way to the services.
        exchange: makes internal tokens.
        limiter: counts every request but the probes.
        addresses: finds where a request comes from.
    """

    def __init__(
        self, own: FastAPI, forwarder: Forwarder, exchange: Exchange, limiter: Limiter, addresses: Addresses
    ) -> None:
        self.own = own
        self._forwarder = forwarder
        self._exchange = exchange
        self._limiter = limiter
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"].startswith(PROBES):
            await self.own(scope, receive, send)
            return
        entered: Entered | None = scope.get(ENTERED)
        if entered is not None:
            await entered.carry(self._serve(scope, receive, send))
            return
        with entering(scope):
            await self._serve(scope, receive, send)

    def pass_on(self, scope: Scope, side: Side) -> Passage | None:
        """Begin to serve a plain read at once; None when a call has to, because something waits, fails or is refused.

        What was done for it stays in the scope: a call goes on from there.
        """
        kind = kind_of(scope["method"], scope["path"])
        if kind in BY_ADDRESS or not self._limiter.alone:
            return None
        route = self._forwarder.plain(scope)
        sender = None if route is None else self._sender(scope)
        if route is None or sender is None:
            return None
        caller = scope[CALLER] = sender.caller
        try:
            fields = scope[COUNTED] = self._limiter.admit_now(kind, caller.actor.subject, caller.actor.roles)
        except LimitReached as refusal:
            scope[COUNTED] = refusal
            return None
        return self._forwarder.pass_on(scope, route, sender, [STAMP, *fields], side)

    def _sender(self, scope: Scope) -> Sender | None:
        """Who sends it, when that is known already and nothing about the fields is refused."""
        sender: Sender | None = scope.get(SENDER)
        if sender is not None and self._exchange.holds(sender.caller):
            return sender
        caller = self._exchange.known(scope["headers"])
        if caller is None:
            return None
        try:
            sender = scope[SENDER] = sender_of(scope["headers"], caller)
        except Refusal:
            return None  # a call comes to the same and says so
        return sender

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            fields = await self._counted(scope)
        except LimitReached as refusal:
            await send_problem(_with(send, [STAMP, *refusal.fields]), scope["headers"], refusal)
            return
        send = _with(send, [STAMP, *fields])
        if self._forwarder.takes(scope["path"]):
            await self._forwarder(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _counted(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """Count the request of a verified caller by who it is, any other by its address. Raises ``LimitReached``."""
        counted: list[tuple[bytes, bytes]] | LimitReached | None = scope.get(COUNTED)
        if isinstance(counted, LimitReached):
            raise counted
        if counted is not None:
            return counted
        kind = kind_of(scope["method"], scope["path"])
        if kind not in BY_ADDRESS and self._exchange.names_caller(scope["headers"]):
            try:
                caller = await self._exchange.caller(scope["headers"], scope["method"])
            except Refusal:
                pass  # refused further on, in its own words; until then it is somebody unknown
            else:
                scope[CALLER] = caller
                return await self._limiter.admit(kind, caller.actor.subject, caller.actor.roles)
        kind = kind if kind is Kind.VERIFICATION else Kind.PUBLIC
        return await self._limiter.admit(kind, network(self._addresses.of(scope)))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            headers = scope["headers"]
            crossing.check(headers)
            checked_path((scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0])
            token = await self._token(scope)
            body = b""
            if scope["method"] not in {"GET", "HEAD"}:
                body = await _whole(scope, receive)
        except Refusal as refusal:
            await send_problem(send, scope["headers"], refusal)
            return
        except CallerGone:
            return
        await self.own(dict(scope) | {"headers": _rebuilt(scope, token)}, again(body, receive), send)

    async def _token(self, scope: Scope) -> str | None:
        """The internal token of whoever asks; None for nobody, and for a browser whose session has ended.

        A form that everybody may send is answered as to nobody, whatever cookie came along.
        """
        headers, path = scope["headers"], scope["path"]
        if not self._exchange.names_caller(headers):
            return None
        if crossing.one(headers, b"authorization") is None and path.startswith(FOR_NOBODY):
            return None
        try:
            known = scope.get(CALLER) or await self._exchange.caller(headers, scope["method"])
            return self._exchange.token(known, OWN)
        except Unauthenticated:
            if crossing.one(headers, b"authorization") is not None:
                raise
            return None


def _with(send: Send, fields: list[tuple[bytes, bytes]]) -> Send:
    """A send callable that adds header fields to the answer."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *fields]
        await send(message)

    return sending


async def _whole(scope: Scope, receive: Receive) -> bytes:
    declared = crossing.one(scope["headers"], b"content-length")
    limit = FILE_BODY_LIMITS.get(scope["path"], OWN_BODY_LIMIT)
    body = RequestBody(receive, limit=limit, declared=declared)
    await body.open()
    return b"".join([chunk async for chunk in body.stream()])


KEPT = crossing.REQUEST | {b"host", b"content-length", b"last-event-id", b"x-forwarded-for"}
"""What the gateway's own routes read; ``X-Forwarded-For`` is believed only from configured proxies."""


def _rebuilt(scope: Scope, token: str | None) -> list[tuple[bytes, bytes]]:
    wanted = KEPT | SESSION_HEADERS if scope["path"].startswith(SESSION_PATHS) else KEPT
    kept = [(name, value) for name, value in scope["headers"] if name in wanted]
    kept.append((b"traceparent", trace_of(scope).encode()))
    if token is not None:
        kept.append((b"authorization", f"Bearer {token}".encode()))
    return kept
