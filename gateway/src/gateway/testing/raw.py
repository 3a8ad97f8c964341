"""Speaking to a socket byte by byte."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress


async def ask(port: int, sent: bytes, seconds: float = 4.0) -> bytes:
    """Send bytes and read until an answer is whole, the other side closes, or it is silent for long."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = b""
    with suppress(TimeoutError, ConnectionError):
        writer.write(sent)
        await writer.drain()
        async with asyncio.timeout(seconds):
            while not _whole(received) and (chunk := await reader.read(65536)):
                received += chunk
    writer.close()
    return received


def _whole(received: bytes) -> bool:
    head, _, body = received.partition(b"\r\n\r\n")
    lines = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(lines) and len(body) >= int(lines[0].partition(b":")[2])


async def until_closed(port: int, head: bytes, *, drip: bytes, every: float, times: int = 200) -> tuple[bytes, float]:
    """Send a head, then ``drip`` again and again; gives what came back and after how many seconds it ended.

    When all was sent without an end, the answer is waited for; the connection may stay open then.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began, received, arrived = time.monotonic(), b"", asyncio.Event()

    async def listen() -> None:
        nonlocal received
        with suppress(ConnectionError):
            while chunk := await reader.read(65536):
                received += chunk
                arrived.set()
        arrived.set()

    listening = asyncio.create_task(listen())
    with suppress(ConnectionError):
        writer.write(head)
        for _ in range(times):
            if listening.done():
                break
            writer.write(drip)
            await writer.drain()
            await asyncio.sleep(every)
    ended = time.monotonic() - began
    with suppress(TimeoutError):
        async with asyncio.timeout(10):
            await arrived.wait()
    writer.close()
    await asyncio.wait([listening], timeout=2)
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    return received, ended
