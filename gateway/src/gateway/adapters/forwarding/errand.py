"""One request as a service will see it, and its answer as the caller will."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from gateway.adapters.forwarding import headers as crossing
from gateway.adapters.forwarding.body import RequestBody
from gateway.adapters.forwarding.client import wire

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})


class Answer:
    """The ASGI send callable that remembers whether and how the answer began."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False
        self.status = 0

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        """Send one ASGI message."""
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
        await self._send(message)


@dataclass(frozen=True, slots=True)
class Errand:
    """One request as a service will see it.

    Attributes:
        target: raw path and query, as they came.
        timeout: seconds the service may stay silent.
        keyed: True when it carries an idempotency key, so that sending it twice has one effect.
        tried: how a first attempt failed that was made elsewhere (see ``Upstream.at_once``).
    """

    method: str
    target: bytes
    headers: list[wire.Header]
    body: RequestBody
    timeout: float
    keyed: bool
    tried: Exception | None = None

    @property
    def repeatable(self) -> bool:
        """True when the request may be sent again although the first may have arrived."""
        return self.body.whole is not None and (self.method in REPEATABLE or self.keyed)


def told(headers: list[wire.Header]) -> list[wire.Header]:
    """The fields of an answer as the caller gets them."""
    passed = crossing.for_caller(headers)
    passed += [field for field in headers if field[0] == b"content-length"][:1]
    return passed
