"""The socket side of the door: what uvicorn does not bound by itself (events.md 4.7)."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from gateway.adapters.forwarding.headers import MAX_COUNT, MAX_TOTAL
from gateway.adapters.passing import PassingProtocol

HEAD_SECONDS = 10.0
"""From the first byte of a request, or from the connection, to the end of its headers."""

LINGER_SECONDS = 5.0
"""How long the rest of a body is read after the answer, so that the caller comes to read it."""


class BoundedProtocol(PassingProtocol):
    """Closes a connection whose headers come too slowly, or are too many or too large, before they fill the memory.

    A connection that only says a byte now and then holds one slot for ten seconds, not for ever.
    """

    _deadline: asyncio.TimerHandle | None = None
    _lingering: asyncio.TimerHandle | None = None
    _unread = False
    _size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection must send its first request in time."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._head_is_here()
        self._all_is_here()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """The first byte of a request came."""
        super().on_message_begin()
        self._size = 0
        if self._deadline is None:
            self._expect_head()

    def on_url(self, url: bytes) -> None:
        """A piece of the request target came."""
        self._grow(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header line came."""
        self._grow(len(name) + len(value))
        if len(self.headers) <= 2 * MAX_COUNT:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is here."""
        self._head_is_here()
        self._unread = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is here."""
        self._all_is_here()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is out; a body that is still coming is thrown away, for a while."""
        super().on_response_complete()
        if self._unread and self._lingering is None and not self.transport.is_closing():
            self._lingering = self.loop.call_later(LINGER_SECONDS, self._too_slow)

    def _grow(self, count: int) -> None:
        self._size += count
        if self._size > 2 * MAX_TOTAL and not self.transport.is_closing():
            self.transport.abort()

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _head_is_here(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _all_is_here(self) -> None:
        self._unread = False
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None

    def _too_slow(self) -> None:
        self._deadline = self._lingering = None
        if not self.transport.is_closing():
            self.transport.abort()


class Server(uvicorn.Server):
    """Tells open streams to end before it waits for them.

    Args:
        config: of uvicorn.
        ending: called once when the server is told to stop.
    """

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """What uvicorn does; then what is there to stay is left out of the collector's rounds, which stop everything."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then what uvicorn does."""
        self._ending()
        await super().shutdown(sockets)


def configured(app: Any, host: str, port: int) -> uvicorn.Config:
    """How the door listens: strict parser, bounded protocol, no header of a proxy believed, no access log."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=20,
        limit_concurrency=2000,
        backlog=1024,
    )
