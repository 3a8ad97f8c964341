"""The door: every request comes in here and goes to a service or to the gateway's own routes."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from fastapi import FastAPI

from gateway.adapters.forwarding import headers as crossing
from gateway.adapters.forwarding.body import CallerGone, RequestBody
from gateway.adapters.forwarding.forwarder import Forwarder, Receive, Scope, Send
from gateway.adapters.forwarding.table import checked_path
from gateway.adapters.http.problems import send_problem
from gateway.adapters.identity.exchange import Exchange
from gateway.adapters.papers.reader import FILE_LIMIT
from shared.kernel.refusals import Refusal

OWN = "gateway"
OWN_BODY_LIMIT = 64 * 1024
FILE_BODY_LIMITS = {"/verify/file": FILE_LIMIT + 16 * 1024}
"""Paths that take a file, with its envelope."""
OWN_BODY_SECONDS = 15.0
PROBES = ("/health/", "/metrics")


class Door:
    """Raw ASGI: forwards what the route table claims; for the rest it plays the service ``gateway``.

    The gateway's own routes get an internal token like every service does, so the same guards, scopes and tests apply
    to them. Body and headers are bounded here for both.

    Args:
        own: the application with the gateway's own routes; it gets the lifespan.
        forwarder: the way to the services.
        exchange: makes internal tokens.
    """

    def __init__(self, own: FastAPI, forwarder: Forwarder, exchange: Exchange) -> None:
        self.own = own
        self._forwarder = forwarder
        self._exchange = exchange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"].startswith(PROBES):
            await self.own(scope, receive, send)
        elif self._forwarder.takes(scope["path"]):
            await self._forwarder(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            headers = scope["headers"]
            crossing.check(headers)
            checked_path((scope.get("raw_path") or scope["path"].encode()).partition(b"?")[0])
            token = None
            if crossing.one(headers, b"authorization") is not None:
                token = await self._exchange.exchange(headers, OWN)
            body = b""
            if scope["method"] not in {"GET", "HEAD"}:
                body = await _whole(scope, receive)
        except Refusal as refusal:
            await send_problem(send, scope["headers"], refusal)
            return
        except CallerGone:
            return
        await self.own(dict(scope) | {"headers": _rebuilt(headers, token)}, _again(body, receive), send)


async def _whole(scope: Scope, receive: Receive) -> bytes:
    declared = crossing.one(scope["headers"], b"content-length")
    limit = FILE_BODY_LIMITS.get(scope["path"], OWN_BODY_LIMIT)
    body = RequestBody(receive, limit=limit, seconds=OWN_BODY_SECONDS, declared=declared)
    await body.open()
    return b"".join([chunk async for chunk in body.stream()])


def _again(body: bytes, receive: Receive) -> Receive:
    """A receive callable that gives the whole body once and then only the hang-up."""
    given = False

    async def read() -> MutableMapping[str, Any]:
        nonlocal given
        if not given:
            given = True
            return {"type": "http.request", "body": body, "more_body": False}
        while (message := await receive())["type"] == "http.request":
            pass
        return message

    return read


KEPT = crossing.REQUEST | {b"host", b"content-length", b"last-event-id", b"x-forwarded-for"}
"""What the gateway's own routes read; ``X-Forwarded-For`` is believed only from configured proxies."""


def _rebuilt(headers: list[tuple[bytes, bytes]], token: str | None) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name in KEPT]
    kept.append((b"traceparent", crossing.new_trace().encode()))
    if token is not None:
        kept.append((b"authorization", f"Bearer {token}".encode()))
    return kept
