"""The request body as it passes: counted byte by byte, with a deadline, without trusting what was declared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

from gateway.adapters.refusals import BodyTooLarge, BodyTooSlow
from shared.kernel.refusals import Malformed, Refusal

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


GRACE_SECONDS = 10.0
"""A body may be this much late, however small it is."""

LEAST_RATE = 8 * 1024
"""Bytes a second at which a body must come beyond that; who sends a byte now and then is cut off."""


class CallerGone(Exception):
    """The caller hung up; there is nobody to answer."""


class RequestBody:
    """Reads one request body.

    The first chunk is read before the upstream is called; when it is all there is, the body can be sent again.

    Every byte that came moves the deadline by what it may take at the least rate, so a large body has its time, a drip
    has not, and the limit bounds both.

    Args:
        receive: the ASGI receive callable.
        limit: bytes allowed.
        declared: the Content-Length header, or None.
        none: True when the head of the request says that there is no body (RFC 9112, 6.3); nothing is read then.
        grace: seconds that a body may take in any case.
        rate: bytes a second, beyond the grace.
    """

    def __init__(
        self,
        receive: Receive,
        *,
        limit: int,
        declared: str | None,
        none: bool = False,
        grace: float | None = None,
        rate: int = LEAST_RATE,
    ) -> None:
        self._receive = receive
        self._limit = limit
        self._rate = rate
        self._grace_ends = asyncio.get_running_loop().time() + (GRACE_SECONDS if grace is None else grace)
        self._count = 0
        self._first = b""
        self._more = not none
        self.failure: Exception | None = None
        self.length = _length(declared)
        if self.length is not None and self.length > limit:
            raise self._too_large()

    async def open(self) -> None:
        """Read the first chunk. Raises ``BodyTooLarge``, ``BodyTooSlow`` or ``CallerGone``."""
        if self._more:
            self._first, self._more = await self._next()

    @property
    def whole(self) -> bytes | None:
        """The body when it came in one piece (empty included), or None when it must be streamed."""
        return None if self._more else self._first

    async def stream(self) -> AsyncIterator[bytes]:
        """The chunks, once; what stops them (see ``open``) is also kept in ``failure``, for clients that wrap it."""
        if self._first:
            yield self._first
        while self._more:
            try:
                chunk, self._more = await self._next()
            except (Refusal, CallerGone) as failure:
                self.failure = failure
                raise
            if chunk:
                yield chunk

    async def _next(self) -> tuple[bytes, bool]:
        try:
            async with asyncio.timeout_at(self._grace_ends + self._count / self._rate):
                message = await self._receive()
        except TimeoutError:
            raise BodyTooSlow("body-too-slow", "The body of the request did not arrive in time.") from None
        if message["type"] == "http.disconnect":
            raise CallerGone
        chunk: bytes = message.get("body", b"")
        self._count += len(chunk)
        if self._count > self._limit:
            raise self._too_large()
        return chunk, bool(message.get("more_body", False))

    def _too_large(self) -> BodyTooLarge:
        return BodyTooLarge("body-too-large", f"The body may have {self._limit} bytes.", limit=self._limit)


def _length(declared: str | None) -> int | None:
    if declared is None:
        return None
    if not (declared.isascii() and declared.isdigit() and len(declared) < 16):
        raise Malformed("bad-content-length", "Content-Length must be a number.")
    return int(declared)


def again(body: bytes, receive: Receive) -> Receive:
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
