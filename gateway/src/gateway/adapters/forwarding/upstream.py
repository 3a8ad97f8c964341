"""One service behind the door: its address, breaker, retry, and the call itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from gateway.adapters.forwarding import headers as crossing
from gateway.adapters.forwarding.body import RequestBody
from gateway.adapters.forwarding.breaker import Breaker
from gateway.adapters.refusals import UpstreamDown, UpstreamSlow

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
RETRY_AFTER = 2
RETRY_PAUSE = 0.05

LEAST_RATE = 1024
"""Bytes a second at which an answer must pass beyond the timeout of its route: who drips, service or caller, is cut off."""

LONGEST_UPLOAD = 3600.0
"""Seconds more for a body that is streamed: it has a deadline and a least rate of its own."""


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
    """

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: RequestBody
    timeout: float
    keyed: bool

    @property
    def repeatable(self) -> bool:
        """True when the request may be sent again although the first may have arrived."""
        return self.body.whole is not None and (self.method in REPEATABLE or self.keyed)


class Upstream:
    """Sends errands to one service.

    Args:
        service: its name, for refusals.
        address: ``http://host:port``.
        breaker: counts failures in a row.
    """

    def __init__(self, service: str, address: str, breaker: Breaker | None = None) -> None:
        self.service = service
        self._address = address.rstrip("/")
        self.breaker = breaker or Breaker()

    async def run(self, session: aiohttp.ClientSession, errand: Errand, answer: Answer) -> None:
        """Send the request, stream the answer; one retry when the connection failed and nothing can happen twice.

        Raises:
            UpstreamDown: no connection, a broken one, or the breaker is open.
            UpstreamSlow: silence for longer than the route allows.
            Refusal, CallerGone: what stopped the request body.
        """
        for attempt in (1, 2):
            if not self.breaker.admits():
                raise self._down()
            try:
                await self._call(session, errand, answer)
            except aiohttp.ClientConnectionError as error:
                if errand.body.failure is not None:
                    raise errand.body.failure from error
                self.breaker.failed()
                if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ConnectionTimeoutError):
                    raise self._slow() from error
                unsent = isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError))
                again = errand.body.whole is not None if unsent else errand.repeatable
                if answer.started or attempt == 2 or not again:
                    raise self._down() from error
            except TimeoutError as error:
                self.breaker.failed()
                raise self._slow() from error
            except aiohttp.ClientPayloadError as error:
                self.breaker.failed()
                raise self._down() from error
            else:
                self.breaker.succeeded()
                return
            await asyncio.sleep(RETRY_PAUSE)

    async def _call(self, session: aiohttp.ClientSession, errand: Errand, answer: Answer) -> None:
        headers, body = errand.headers, errand.body
        data: Any
        if body.whole is not None:
            data = body.whole or None
        else:
            data = body.stream()
            if body.length is not None:
                headers = [*headers, ("content-length", str(body.length))]
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=2.0, sock_read=errand.timeout)
        url = URL(self._address + errand.target, encoded=True)
        loop = asyncio.get_running_loop()
        ends = loop.time() + errand.timeout
        if body.whole is None:
            ends += LONGEST_UPLOAD  # the body has deadlines of its own
        async with (
            asyncio.timeout_at(ends) as bound,
            session.request(
                errand.method, url, headers=headers, data=data, timeout=timeout, allow_redirects=False
            ) as response,
        ):
            passed = crossing.for_caller(response.headers.items())
            length = response.headers.get("content-length")
            if length is not None:
                passed.append((b"content-length", length.encode()))
            await answer({"type": "http.response.start", "status": response.status, "headers": passed})
            left = int(length) if length is not None and length.isdigit() else -1
            more = True
            async for chunk in response.content.iter_any():
                left -= len(chunk)
                more = left != 0  # the last chunk says so itself: an empty message more costs a system call
                if more:
                    ends += len(chunk) / LEAST_RATE
                    bound.reschedule(ends)
                await answer({"type": "http.response.body", "body": chunk, "more_body": more})
            if more:
                await answer({"type": "http.response.body", "body": b"", "more_body": False})

    def _down(self) -> UpstreamDown:
        return UpstreamDown(
            "upstream-down",
            f"The {self.service} service does not answer; try again shortly.",
            retry_after=RETRY_AFTER,
            upstream=self.service,
        )

    def _slow(self) -> UpstreamSlow:
        return UpstreamSlow(
            "upstream-slow", f"The {self.service} service did not answer in time.", upstream=self.service
        )


def open_session() -> aiohttp.ClientSession:
    """The keep-alive pool; idle connections are dropped long before the services drop them (75 s)."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, limit_per_host=256, keepalive_timeout=20.0, ttl_dns_cache=30),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        raise_for_status=False,
    )
