"""A service that says exactly these bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok"
HANG_UP = b""
"""Instead of an answer: the service closes the connection."""


class Scripted:
    """Listens on a port; answers ``OK`` to the first request over it, then what it is told, over whatever connections.

    Args:
        port: to listen on.
        answers: to the requests after the first; when there are no more, ``OK``.
        closing: True to close the connection after each of these answers.

    Attributes:
        requests: heads that came.
        gone: set when a connection was closed from the other side.
        sent: bytes that were taken from it.
    """

    def __init__(self, port: int, *answers: bytes, closing: bool = False) -> None:
        self.port, self._answers, self._closing = port, [OK, *answers], closing
        self.requests: list[bytes] = []
        self.gone = asyncio.Event()
        self.sent = 0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            try:
                while True:
                    self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                    told = len(self._answers) > 0 and len(self.requests) > 1
                    answer = self._answers.pop(0) if self._answers else OK
                    for start in range(0, len(answer), 65536):
                        writer.write(answer[start : start + 65536])
                        await writer.drain()
                        self.sent += len(answer[start : start + 65536])
                    if answer == HANG_UP or (told and self._closing):
                        break
            except asyncio.IncompleteReadError:
                self.gone.set()
            except ConnectionError:
                self.gone.set()
        writer.close()

    async def __aenter__(self) -> Scripted:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()


async def until(met: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until something is so. Raises ``TimeoutError``."""
    async with asyncio.timeout(seconds):
        while not met():  # noqa: ASYNC110 - what is waited for happens in another thread
            await asyncio.sleep(0.005)
