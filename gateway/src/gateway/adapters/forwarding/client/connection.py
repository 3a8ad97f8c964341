"""One connection to a service: sends a request, reads its answer as it comes, and tells whether it can be used again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from gateway.adapters.forwarding.client.answer import Answer
from gateway.adapters.forwarding.client.deadline import Deadline
from gateway.adapters.forwarding.client.failures import Broken, Silent

MOST_WAITING = 256 * 1024
"""Bytes of an answer that may wait for the caller before the service is asked to pause."""

NEVER: Final = float("inf")


class Connection(asyncio.Protocol):
    """Carries one exchange at a time. All times are those of the event loop, in seconds.

    Attributes:
        answer: to the request that is or was last under way.
    """

    def __init__(self, lost: Callable[[Connection], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._lost = lost
        self._transport: asyncio.Transport | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._deadline = Deadline(self._loop, self._check)
        self._waiter: asyncio.Future[None] | None = None
        self._failure: Exception | None = None
        self._busy = self._paused = False
        self._heard = NEVER
        self._news: Callable[[], None] | None = None
        self.answer = Answer(head_only=True)

    @property
    def usable(self) -> bool:
        """True while another request may go over it."""
        return self._transport is not None and not self._transport.is_closing()

    @property
    def done(self) -> bool:
        """True when the whole answer was read and another request may follow."""
        return self.answer.kept and self._failure is None and self.usable

    @property
    def failure(self) -> Exception | None:
        """Why the answer will never be whole; ``Broken`` or ``Silent``."""
        return self._failure

    @property
    def late(self) -> bool:
        """True when the exchange should be over."""
        return self._loop.time() >= self._ends

    def begin(self, *, head_only: bool, silence: float, lasts: float, news: Callable[[], None] | None = None) -> None:
        """Start an exchange.

        Args:
            head_only: True for HEAD, whose answer has no body whatever it says.
            silence: seconds that the service may say nothing once the request is out.
            lasts: seconds until the exchange is given up, whatever happens; see ``extend``.
            news: called whenever there is more to ``take``, and when there never will be; then nobody waits for
                ``head`` and ``chunk``.
        """
        self.answer = Answer(head_only=head_only)
        self._failure, self._waiter, self._news = None, None, news
        self._busy, self._paused, self._heard = True, False, NEVER
        now = self._loop.time()
        self._silence, self._ends = silence, now + lasts
        self._deadline.at(now + min(silence, lasts))

    def end(self) -> None:
        """The exchange is over; a connection that is not ``done`` is cut."""
        self._busy, self._news = False, None
        if self._transport is None:
            self._deadline.forget()
        elif not self.done:
            self.cut()

    def extend(self, seconds: float) -> None:
        """Give the exchange more time."""
        self._ends += seconds

    def write(self, piece: bytes) -> None:
        """Send a piece. Raises ``Broken``."""
        if self._transport is None or self._transport.is_closing():
            raise self._failure or Broken("the connection is closed")
        self._transport.write(piece)

    async def drained(self) -> None:
        """Wait until the service has taken what was written."""
        await self._writable.wait()

    def sent(self) -> None:
        """The request is out; from here on silence counts."""
        self._heard = self._loop.time()

    async def head(self) -> Answer:
        """The answer, once its status and headers are here. Raises ``Broken`` or ``Silent``."""
        while not self.answer.head:
            await self._more()
        return self.answer

    async def chunk(self) -> tuple[bytes, bool]:
        """What came of the body since the last time, and whether more may come. Raises ``Broken`` or ``Silent``."""
        while not self.answer.ready:
            await self._more()
        return self.take()

    def take(self) -> tuple[bytes, bool]:
        """What ``chunk`` gives, when the answer is ``ready``."""
        body = self.answer.take()
        if self._paused and self._transport is not None:
            self._paused = False
            self._heard = self._loop.time()
            self._transport.resume_reading()
        return body, not self.answer.whole

    def cut(self) -> None:
        """Close it now."""
        if self._transport is not None:
            self._transport.abort()

    async def _more(self) -> None:
        if self._failure is not None:
            raise self._failure
        self._waiter = self._loop.create_future()
        await self._waiter

    def _wake(self) -> None:
        if self._news is not None:
            self._news()
        elif self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, failure: Exception) -> None:
        if self._failure is None and not self.answer.whole:
            self._failure = failure
        self._writable.set()
        self._wake()
        self.cut()

    def _check(self) -> None:
        if not self._busy:
            return
        heard = NEVER if self._paused else self._heard
        due = min(heard + self._silence, self._ends)
        now = self._loop.time()
        if now >= due:
            self._fail(Silent("the answer did not come in time"))
        else:
            self._deadline.at(min(due, now + self._silence))

    # -- asyncio.Protocol

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The connection is there."""
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        if exc is None and self._failure is None:
            self.answer.hang_up()
        self._transport = None
        if not self._busy:
            self._deadline.forget()
        self._fail(Broken(str(exc or "the connection was closed")))
        self._lost(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came; on a connection that rests nobody asked for them."""
        if not self._busy or self.answer.whole:
            self.cut()
            return
        self._heard = self._loop.time()
        try:
            self.answer.feed(data)
        except Broken as failure:
            self._fail(failure)
            return
        if self.answer.waiting > MOST_WAITING and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def pause_writing(self) -> None:
        """The service takes no more for now."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """The service takes more."""
        self._writable.set()
