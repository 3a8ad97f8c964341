"""One service behind the door: its address, breaker, retry, and the call itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from prometheus_client import Gauge

from gateway.adapters.forwarding.body import RequestBody
from gateway.adapters.forwarding.breaker import Breaker
from gateway.adapters.forwarding.client import wire
from gateway.adapters.forwarding.client.connection import Connection
from gateway.adapters.forwarding.client.failures import Broken, Silent, Unreached
from gateway.adapters.forwarding.client.pool import Pool
from gateway.adapters.forwarding.errand import Answer, Errand, told
from gateway.adapters.refusals import UpstreamDown, UpstreamSlow

BREAKER_OPEN = Gauge("upstream_breaker_open", "1 while requests to a service are turned away at the door", ["upstream"])
RETRY_AFTER = 2
RETRY_PAUSE = 0.05

LEAST_RATE = 1024
"""Bytes a second at which an answer must pass beyond the timeout of its route: who drips, service or caller, is cut off."""

LONGEST_UPLOAD = 3600.0
"""Seconds more for a body that is streamed: it has a deadline and a least rate of its own."""


class Upstream:
    """Sends errands to one service.

    Args:
        service: its name, for refusals.
        address: ``http://host:port``.
        breaker: counts failures in a row.
    """

    def __init__(self, service: str, address: str, breaker: Breaker | None = None) -> None:
        self.service = service
        self._pool = Pool(address)
        self.breaker = breaker or Breaker()
        self._gauge, self._shown = BREAKER_OPEN.labels(service), -1
        self._show()

    def close(self) -> None:
        """Cut the connections."""
        self._pool.close()

    async def run(self, errand: Errand, answer: Answer) -> None:
        """Send the request, stream the answer; one retry when the connection failed and nothing can happen twice.

        Raises:
            UpstreamDown: no connection, a broken one, or the breaker is open.
            UpstreamSlow: silence for longer than the route allows.
            Refusal, CallerGone: what stopped the request body.
        """
        for attempt in (1, 2):
            tried = errand.tried if attempt == 1 else None
            if tried is None and not self.breaker.admits():
                self._show()
                raise self._down()
            try:
                if tried is not None:
                    raise tried
                await self._call(errand, answer)
            except (Unreached, Broken) as error:
                self.breaker.failed()
                again = errand.body.whole is not None if isinstance(error, Unreached) else errand.repeatable
                if answer.started or attempt == 2 or not again:
                    raise self._down() from error
            except Silent as error:
                self.breaker.failed()
                raise self._slow() from error
            else:
                self.breaker.succeeded()
                self._show()
                return
            await asyncio.sleep(RETRY_PAUSE)

    @property
    def ready(self) -> bool:
        """True when ``at_once`` is worth a try."""
        return self.breaker.closed and self._pool.rests

    def at_once(
        self, method: str, target: bytes, lines: bytes, timeout: float, news: Callable[[], None]
    ) -> Connection | None:
        """Send a request without a body, when that needs no waiting: over a connection that rests, to a sound service.

        ``news`` is called as ``Connection.begin`` says. The exchange ends with ``passed``, or with ``left`` when it failed.
        ``lines`` and what is raised: see ``wire.bodiless_head``.
        """
        if not self.breaker.closed:
            return None
        head = wire.bodiless_head(method, target, self._pool.host, lines)
        connection = self._pool.rested()
        if connection is not None:
            connection.begin(head_only=method == "HEAD", silence=timeout, lasts=timeout, news=news)
            connection.write(head)
            connection.sent()
        return connection

    def passed(self, connection: Connection) -> None:
        """The answer has passed."""
        self._pool.give(connection)
        self.breaker.succeeded()
        self._show()

    def left(self, connection: Connection, *, failed: bool) -> None:
        """The exchange is over before its time; ``failed`` when the service is to blame."""
        self._pool.give(connection)
        if failed:
            self.breaker.failed()
            self._show()

    async def _call(self, errand: Errand, answer: Answer) -> None:
        body = errand.body
        whole = body.whole
        length = body.length if whole is None else len(whole)
        head = wire.head_of(errand.method, errand.target, self._pool.host, errand.headers, length)
        connection = await self._pool.take()
        upload: asyncio.Task[None] | None = None
        try:
            lasts = errand.timeout + (LONGEST_UPLOAD if whole is None else 0)  # a body has deadlines of its own
            connection.begin(head_only=errand.method == "HEAD", silence=errand.timeout, lasts=lasts)
            if whole is None:
                connection.write(head)
                upload = asyncio.create_task(_upload(connection, body, chunked=length is None))
            else:
                connection.write(head + whole)
                connection.sent()
            await self._pass(connection, answer)
        except (Broken, Silent) as error:
            raise body.failure or error from None
        finally:
            if upload is not None and not await _ended(upload):
                connection.cut()
            self._pool.give(connection)

    async def _pass(self, connection: Connection, answer: Answer) -> None:
        found = await connection.head()
        await answer({"type": "http.response.start", "status": found.status, "headers": told(found.headers)})
        more = True
        while more:
            chunk, more = await connection.chunk()
            if more:
                connection.extend(len(chunk) / LEAST_RATE)
            await answer({"type": "http.response.body", "body": chunk, "more_body": more})

    def _show(self) -> None:
        found = int(self.breaker.is_open)
        if found != self._shown:
            self._shown = found
            self._gauge.set(found)

    def _down(self) -> UpstreamDown:
        self._show()
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


async def _upload(connection: Connection, body: RequestBody, *, chunked: bool) -> None:
    """Send a body piece by piece as the caller sends it; what stops it (see ``RequestBody.stream``) cuts the connection."""
    try:
        async for piece in body.stream():
            connection.write(wire.chunk_of(piece) if chunked else piece)
            await connection.drained()
        if chunked:
            connection.write(wire.chunk_of(b""))
        connection.sent()
    except Broken:
        return  # whoever reads the answer hears of it
    except BaseException:
        connection.cut()
        raise


async def _ended(upload: asyncio.Task[None]) -> bool:
    """End what is still being sent; True when it was sent to its end before."""
    if upload.done():
        return upload.exception() is None
    upload.cancel()
    await asyncio.wait([upload])
    return False
