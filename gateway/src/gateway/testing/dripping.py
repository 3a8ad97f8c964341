"""A service that answers a byte at a time."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Dripping:
    """Listens on a port; sends its head at once or, without ``head``, byte by byte; its body always byte by byte."""

    def __init__(self, port: int, *, head: bool) -> None:
        self._port, self._head = port, head

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            if self._head:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5000\r\n\r\n")
            else:
                writer.write(b"HTTP/1.1 200 OK\r\nx-dripping: ")
            for _ in range(400):
                writer.write(b"d")
                await writer.drain()
                await asyncio.sleep(0.05)
        writer.close()

    async def __aenter__(self) -> Dripping:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
