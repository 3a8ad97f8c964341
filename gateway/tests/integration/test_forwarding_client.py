"""The client of the forwarding path against services that answer as no service of ours would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from gateway.adapters.forwarding.client import wire
from gateway.adapters.forwarding.client.connection import MOST_WAITING, Connection
from gateway.adapters.forwarding.client.failures import Broken, Silent, Unreached
from gateway.adapters.forwarding.client.pool import Pool
from gateway.testing.upstream import free_port
from shared.kernel.refusals import Malformed

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served(script: Script) -> AsyncIterator[tuple[Pool, list[int]]]:
    """A pool to a server that plays ``script`` on every connection, and the number of each connection made."""
    made: list[int] = []

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.append(len(made) + 1)
        try:
            await script(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(play, "127.0.0.1", 0)
    pool = Pool(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield pool, made
    finally:
        pool.close()
        server.close()
        await server.wait_closed()


def answering(*answers: bytes, ending: bool = False) -> Script:
    """One answer for each request that comes."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        if not ending:
            await reader.read()

    return script


async def ask(pool: Pool, method: str = "GET", *, silence: float = 5.0) -> tuple[Connection, bytes]:
    """One exchange to its end; the connection and the body."""
    connection = await pool.take()
    try:
        connection.begin(head_only=method == "HEAD", silence=silence, lasts=2 * silence)
        connection.write(wire.head_of(method, b"/x", pool.host, [], 0))
        connection.sent()
        await connection.head()
        pieces, more = [], True
        while more:
            piece, more = await connection.chunk()
            pieces.append(piece)
        return connection, b"".join(pieces)
    finally:
        pool.give(connection)


async def until(met: Callable[[], bool]) -> None:
    """Let the loop go on until something is so."""
    while not met():  # noqa: ASYNC110 - a protocol has no event for it
        await asyncio.sleep(0)


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize(
    ("answer", "body", "method"),
    [
        (OK, b"ok", "GET"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Trailer: no\r\n\r\n", b"ok", "GET"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK, b"ok", "GET"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", "GET"),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", b"", "GET"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", b"", "HEAD"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"", "HEAD"),
    ],
)
async def test_a_whole_answer_leaves_the_connection_for_the_next(answer: bytes, body: bytes, method: str) -> None:
    async with served(answering(answer, OK)) as (pool, made):
        first, found = await ask(pool, method)
        second, after = await ask(pool)

    assert (found, after) == (body, b"ok")
    assert second is first
    assert len(made) == 1
    assert [name for name, _ in first.answer.headers] == [b"content-length"]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ],
)
async def test_an_answer_that_ends_with_its_connection_is_whole_and_the_next_has_another(answer: bytes) -> None:
    async with served(answering(answer, ending=True)) as (pool, made):
        _, first = await ask(pool)
        _, second = await ask(pool)

    assert (first, second) == (b"ok", b"ok")
    assert len(made) == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
        b"",
    ],
)
async def test_an_answer_that_is_not_whole_or_no_http_is_broken(answer: bytes) -> None:
    async with served(answering(answer, ending=True)) as (pool, _):
        with pytest.raises(Broken):
            await ask(pool)


async def test_what_nobody_asked_for_ends_the_connection() -> None:
    """A second answer to one request would be taken for the answer to the next one."""
    async with served(answering(OK + OK, OK)) as (pool, made):
        _, first = await ask(pool)
        _, second = await ask(pool)

    assert (first, second) == (b"ok", b"ok")
    assert len(made) == 2


async def test_a_connection_that_the_service_dropped_at_rest_is_not_used_again() -> None:
    async with served(answering(OK, ending=True)) as (pool, made):
        first, _ = await ask(pool)
        await until(lambda: not first.usable)
        _, second = await ask(pool)

    assert second == b"ok"
    assert len(made) == 2


async def test_silence_ends_the_exchange() -> None:
    async with served(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no")) as (pool, _):
        with pytest.raises(Silent):
            await ask(pool, silence=0.2)


async def test_nobody_listening_is_told_apart_from_a_broken_answer() -> None:
    with pytest.raises(Unreached):
        await Pool(f"http://127.0.0.1:{free_port()}").take()


async def test_a_large_answer_waits_for_a_slow_caller_outside_our_memory() -> None:
    size = 40 * MOST_WAITING
    sent = 0

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        for _ in range(40):
            writer.write(b"x" * MOST_WAITING)
            await writer.drain()
            sent += MOST_WAITING

    async with served(pour) as (pool, _):
        connection = await pool.take()
        connection.begin(head_only=False, silence=5, lasts=60)
        connection.write(wire.head_of("GET", b"/x", pool.host, [], 0))
        connection.sent()
        await connection.head()
        await until(lambda: connection._paused)
        held = connection.answer.waiting
        read, more = 0, True
        while more:
            piece, more = await connection.chunk()
            read += len(piece)
        pool.give(connection)

    assert held < 4 * MOST_WAITING
    assert (read, sent) == (size, size)


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        (b"/x y", []),
        (b"/x", [(b"if-match", b"a\r\nx-evil: 1")]),
        (b"/x", [(b"if-match", b"a\nb")]),
        (b"/x\r\nhost: b", []),
        (b"/x", [(b"prefer", b"a\0b")]),
    ],
)
def test_a_piece_cannot_end_its_line(target: bytes, headers: list[wire.Header]) -> None:
    with pytest.raises(Malformed):
        wire.head_of("GET", target, b"service", headers, 0)


def test_lengths_are_said_where_a_body_is_expected() -> None:
    assert b"content-length: 0" in wire.head_of("POST", b"/x", b"service", [], 0)
    assert b"content-length" not in wire.head_of("GET", b"/x", b"service", [], 0)
    assert b"transfer-encoding: chunked" in wire.head_of("PUT", b"/x", b"service", [], None)
    assert wire.chunk_of(b"") == b"0\r\n\r\n"
