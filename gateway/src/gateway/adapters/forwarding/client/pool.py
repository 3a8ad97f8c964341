"""The connections that are kept open to one service."""

from __future__ import annotations

import asyncio
import ssl
import time
from contextlib import suppress
from urllib.parse import urlsplit

from gateway.adapters.forwarding.client.connection import Connection
from gateway.adapters.forwarding.client.failures import Unreached

AT_ONCE = 256
"""Connections to one service at the same time; more requests wait for their turn."""

KEPT_SECONDS = 20.0
"""A connection that rested longer is not used again: services drop theirs after 75 s."""

CONNECT_SECONDS = 2.0


class Pool:
    """Keeps connections to one address.

    Args:
        address: ``http://host:port``, or with https.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"{address} is no origin")
        self._host = parts.hostname
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._tls else 80)
        self.host = parts.netloc.rpartition("@")[2].encode("ascii")
        self._resting: list[tuple[float, Connection]] = []
        self._open: set[Connection] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def take(self) -> Connection:
        """A connection for one exchange; the one that rested least, or a new one.

        Raises:
            Unreached: nobody listens, or the connection did not come about in time.
        """
        await self._turns.acquire()
        try:
            while self._resting:
                since, connection = self._resting.pop()
                if connection.usable and time.monotonic() - since < KEPT_SECONDS:
                    return connection
                connection.cut()
            return await self._connect()
        except BaseException:
            self._turns.release()
            raise

    @property
    def rests(self) -> bool:
        """True while a connection rests."""
        return bool(self._resting)

    def rested(self) -> Connection | None:
        """What ``take`` gives, when it need not wait: a connection that rests, and it is nobody else's turn."""
        if not self._resting or self._turns.locked():
            return None
        since, connection = self._resting.pop()
        if not connection.usable or time.monotonic() - since >= KEPT_SECONDS:
            connection.cut()
            return None
        with suppress(StopIteration):
            self._turns.acquire().send(None)  # free, as was just seen, so it ends without waiting
        return connection

    def give(self, connection: Connection) -> None:
        """The exchange is over."""
        connection.end()
        self._turns.release()
        if connection.done:
            self._resting.append((time.monotonic(), connection))

    def close(self) -> None:
        """Cut every connection."""
        for connection in tuple(self._open):
            connection.cut()

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, connection = await loop.create_connection(
                    lambda: Connection(self._gone), self._host, self._port, ssl=self._tls
                )
        except (OSError, TimeoutError) as error:
            raise Unreached(str(error) or type(error).__name__) from error
        self._open.add(connection)
        return connection

    def _gone(self, connection: Connection) -> None:
        self._open.discard(connection)
        self._resting = [(since, other) for since, other in self._resting if other is not connection]
