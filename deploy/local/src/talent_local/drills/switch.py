"""What a Kubernetes Service is to pods: an address that stays, connections that go to whoever is in service at that time."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from talent_local.running.ports import HOST

_PIECE = 65536


class Switch:
    """Listens on one port of this machine and passes connections on to another one, which may change at any time.

    Attributes:
        target: port to which new connections go.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.target = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._pass, HOST, self.port, backlog=512)

    async def close(self) -> None:
        """Listen no more and cut what is open."""
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            there, answer = await asyncio.open_connection(HOST, self.target)
        except OSError:
            writer.transport.abort()
        else:
            with suppress(asyncio.CancelledError):
                await asyncio.gather(_pump(reader, answer), _pump(there, writer))
            for end in (writer, answer):
                end.transport.abort()
        finally:
            self._open.discard(task)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass everything on, then the end."""
    with suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
        writer.write_eof()
