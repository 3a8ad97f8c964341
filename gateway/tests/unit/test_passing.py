"""The server's side of a passage, with sockets that only remember: shutting down, and what is not passed on at once."""

from __future__ import annotations

from typing import Any, cast

import pytest
import uvicorn

from gateway.adapters.forwarding.client.connection import Connection
from gateway.adapters.forwarding.passage import Passage
from gateway.adapters.serving import BoundedProtocol, configured
from gateway.testing.wires import ASKED, HEAD, Passing, Table


async def test_an_answer_passes_in_one_piece_and_the_connection_stays() -> None:
    table = Table()
    table.protocol.data_received(ASKED)
    table.connection.data_received(HEAD + b"done")

    assert table.service.written == b"GET /v1/selection/x HTTP/1.1\r\nhost: service:1\r\n\r\n"
    assert table.caller.written.startswith(b"HTTP/1.1 200 OK\r\n")
    assert table.caller.written.endswith(b"api-version: 1\r\n\r\ndone")
    assert (table.caller.ended, table.app.called, len(table.upstream._pool._resting)) == ("", 0, 1)
    assert table.protocol.timeout_keep_alive_task is not None
    table.protocol.connection_lost(None)


@pytest.mark.parametrize("begun", [False, True])
async def test_shutting_down_ends_the_connection_with_the_answer(begun: bool) -> None:
    """The answer under way is whole, says that the connection closes unless its head is out, and then it closes."""
    table = Table()
    table.protocol.data_received(ASKED)
    if begun:
        table.connection.data_received(HEAD + b"do")
    table.protocol.shutdown()
    before = table.caller.ended
    table.connection.data_received((b"" if begun else HEAD + b"do") + b"ne")

    assert (before, table.caller.ended) == ("", "closed")
    assert (b"connection: close" in table.caller.written) is not begun
    assert table.caller.written.endswith(b"done")


async def test_a_resting_connection_is_closed_at_once_when_the_door_shuts_down() -> None:
    table = Table()
    table.protocol.data_received(ASKED)
    table.connection.data_received(HEAD + b"done")
    table.protocol.shutdown()

    assert table.caller.ended == "closed"
    table.protocol.connection_lost(None)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\netag: a\x01b\r\ncontent-length: 0\r\n\r\n", b"no HTTP\r\n\r\n"]
)
async def test_an_answer_that_cannot_be_told_is_left_to_the_ordinary_way(answer: bytes) -> None:
    table = Table()
    table.protocol.data_received(ASKED)
    table.connection.data_received(answer)
    await table.served()

    assert table.app.called == 1
    assert table.caller.written.startswith(b"HTTP/1.1 418")
    table.protocol.connection_lost(None)


@pytest.mark.parametrize(
    ("asked", "settings"),
    [
        (ASKED.replace(b"GET", b"DELETE"), {}),
        (ASKED.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"), {}),
        (ASKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 0\r\n\r\n"), {}),
        (ASKED.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), {}),
        (ASKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), {}),
        (ASKED.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"), {}),
        (ASKED.replace(b"1.1", b"1.0"), {}),
        (ASKED.replace(b"/x", b"/%78"), {}),
        (ASKED.replace(b"/x", b"/x#y"), {}),
        (ASKED.replace(b"/v1/selection/x", b"http://door/v1/selection/x"), {}),
        (ASKED, {"limit_concurrency": 1}),
    ],
)
async def test_what_is_not_plain_goes_the_ordinary_way(asked: bytes, settings: dict[str, Any]) -> None:
    table = Table(**settings)
    table.protocol.data_received(asked)
    await table.served()

    assert table.service.written == b""
    assert table.caller.written.startswith((b"HTTP/1.1 418", b"HTTP/1.1 503"))
    table.protocol.connection_lost(None)


async def test_a_caller_who_does_not_take_the_answer_pauses_the_service() -> None:
    table = Table()
    table.protocol.data_received(ASKED)
    table.connection.data_received(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10)
    table.protocol.pause_writing()
    written = table.caller.written
    for _ in range(5):
        table.connection.data_received(b"z" * 65536)
    held, paused = table.caller.written, table.service.paused
    table.protocol.resume_writing()

    assert (held, paused, table.service.paused) == (written, True, False)
    assert table.caller.written.count(b"z") == 5 * 65536
    table.connection.connection_lost(None)
    assert table.caller.written.endswith(b"0\r\n\r\n")
    table.protocol.connection_lost(None)


async def test_a_caller_who_leaves_ends_the_exchange() -> None:
    table = Table()
    table.protocol.data_received(ASKED)
    table.connection.data_received(HEAD)
    table.protocol.connection_lost(None)
    table.connection.data_received(b"done")

    assert table.service.ended == "aborted"
    assert not table.upstream._pool._resting


async def test_a_failure_before_anything_was_sent_is_left_to_the_ordinary_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of ours is not taken for one of the request."""

    def failing(*_: Any) -> None:
        raise OSError("the key is away")

    monkeypatch.setattr(Passing, "pass_on", failing)
    table = Table()
    table.protocol.data_received(ASKED)
    await table.served()

    assert table.caller.written.startswith(b"HTTP/1.1 418")
    table.protocol.connection_lost(None)


async def test_an_unforeseen_failure_cuts_the_caller_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for an answer that nobody will pass on."""

    def failing(self: Passage, connection: Connection) -> None:
        raise LookupError

    monkeypatch.setattr(Passage, "_advance", failing)
    table = Table()
    table.protocol.data_received(ASKED)
    table.connection.data_received(HEAD)

    assert (table.caller.ended, table.service.ended) == ("aborted", "aborted")
    table.protocol.connection_lost(None)


def test_the_door_listens_with_this_protocol() -> None:
    assert cast(Any, configured(uvicorn.Config, "127.0.0.1", 1)).http is BoundedProtocol
