"""A request that says the fields of the last one again comes to exactly what a parser makes of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.adapters.forwarding.sender import SENDER
from gateway.adapters.passing import PassingProtocol
from gateway.testing.wires import HEAD, Table

FIELDS = b"Host: door\r\nAuthorization: Bearer a.b.c\r\n\r\n"
FIRST = b"GET /v1/selection/x HTTP/1.1\r\n"


@dataclass
class Outcome:
    """What became of the last request."""

    scopes: list[dict[str, Any]]
    service: bytes
    caller: bytes
    ended: str
    called: int


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The targets of requests that a parser read to the end of their head."""
    found: list[bytes] = []
    whole = PassingProtocol.on_headers_complete

    def noting(self: PassingProtocol) -> None:
        found.append(self.url)
        whole(self)

    monkeypatch.setattr(PassingProtocol, "on_headers_complete", noting)
    return found


def answered(table: Table) -> None:
    """The service answers, when it was asked; to HEAD without a body."""
    if table.connection.answer.head is False and table.service.written:
        head_only = table.service.written.rpartition(b"HTTP/1.1")[0].rpartition(b"\n")[2].startswith(b"HEAD")
        table.connection.data_received(HEAD + (b"" if head_only else b"done"))


async def _served(table: Table, piece: bytes) -> None:
    table.protocol.data_received(piece)
    answered(table)
    await table.served()


async def outcome(*pieces: bytes) -> Outcome:
    """Of the last piece, the others before it being answered."""
    table, (*before, last) = Table(), pieces
    for piece in before:
        await _served(table, piece)
    scopes, service, caller, called = (
        len(table.app.scopes), len(table.service.written), len(table.caller.written), table.app.called
    )  # fmt: skip
    await _served(table, last)
    found = [{name: value for name, value in scope.items() if name != SENDER} for scope in table.app.scopes[scopes:]]
    ended = table.caller.ended
    if not ended:
        table.protocol.connection_lost(None)
    return Outcome(
        found, table.service.written[service:], table.caller.written[caller:], ended, table.app.called - called
    )


async def test_a_request_that_says_the_same_fields_is_not_parsed_again(parsed: list[bytes]) -> None:
    found = await outcome(FIRST + FIELDS, b"HEAD /v1/selection/y?limit=5&q=%E4 HTTP/1.1\r\n" + FIELDS)

    assert parsed == [b"/v1/selection/x"]
    assert found.service.startswith(b"HEAD /v1/selection/y HTTP/1.1\r\n")
    assert (found.scopes[0]["path"], found.scopes[0]["query_string"]) == ("/v1/selection/y", b"limit=5&q=%E4")


NAMES = st.sampled_from(
    ["Host", "Accept", "X-Odd", "If-None-Match", "Cookie", "Connection", "Content-Length", "Expect"]
)
VALUES = st.text(st.sampled_from('abcxyz019 -/=;,".'), max_size=12).map(str.strip)
LINES = st.one_of(
    st.builds(
        "{} {}{} HTTP/{}\r\n".format,
        st.sampled_from(["GET", "GET", "HEAD", "POST", "get", "GET "]),
        st.sampled_from(["/v1/selection/x", "/", "*", "//", "/a/../b", "/%41", "/a#b", "http://door/x", "/a b", "/ä"]),
        st.sampled_from(["", "?", "?a=1&b=%20", "??", "?a#b", "?ä"]),
        st.sampled_from(["1.1", "1.1", "1.1", "1.0", "1.1 ", "2.0"]),
    ).map(lambda line: line.encode("utf-8")),
    st.binary(max_size=40),
)


@settings(max_examples=500)
@given(
    st.lists(st.tuples(NAMES, VALUES), max_size=3), LINES, st.sampled_from([b"", b"", FIRST + FIELDS, b"\r\n", b"G"])
)
def test_it_comes_to_what_a_parser_makes_of_it(fields: list[tuple[str, str]], line: bytes, more: bytes) -> None:
    """Whatever the fields and the line are, odd ones too, with or without more behind them."""
    head = "".join(f"{name}: {value}\r\n" for name, value in fields).encode() + b"\r\n"
    before = asyncio.run(outcome(FIRST + head))
    if before.ended or before.called or not before.scopes:
        return  # nothing is kept of it

    assert asyncio.run(outcome(FIRST + head, line + head + more)) == asyncio.run(outcome(line + head + more))


@pytest.mark.parametrize(
    "piece",
    [
        FIRST + FIELDS.replace(b"a.b.c", b"a.b.d"),
        FIRST + FIELDS.replace(b"door", b"Door"),
        FIRST + b"X-More: 1\r\n" + FIELDS,
        FIRST + FIELDS + FIRST + FIELDS,
        b"\r\n" + FIRST + FIELDS,
    ],
)
async def test_whatever_differs_is_parsed(piece: bytes, parsed: list[bytes]) -> None:
    await outcome(FIRST + FIELDS, piece)

    assert len(parsed) >= 2


async def test_two_that_came_together_are_not_kept_as_one() -> None:
    found = await outcome(FIRST + FIELDS + FIRST + FIELDS, FIRST + FIELDS + FIRST + FIELDS)

    assert found.caller.count(b"HTTP/1.1 ") == 2


async def test_a_line_in_pieces_is_parsed(parsed: list[bytes]) -> None:
    """The rest of a head that happens to end in the same bytes belongs to the head."""
    found = await outcome(FIRST + FIELDS, b"GET /v1/selection/y HTTP/1.1\r\nX-Odd: ", FIRST + FIELDS)

    assert parsed == [b"/v1/selection/x", b"/v1/selection/y"]
    assert found.scopes[0]["headers"][0] == (b"x-odd", FIRST.strip())


async def test_what_came_in_pieces_is_not_kept(parsed: list[bytes]) -> None:
    """Only the second piece of a head looks like a request: it must not be taken for one later."""
    await outcome(b"GET /v1/selection/x HTTP/1.1\r\nX-Odd: ", FIRST + FIELDS, FIRST + FIELDS)

    assert parsed == [b"/v1/selection/x"] * 2


async def test_a_body_that_looks_like_a_request_is_a_body(parsed: list[bytes]) -> None:
    piece = FIRST + FIELDS
    post = b"POST /v1/selection/x HTTP/1.1\r\nHost: door\r\nContent-Length: %d\r\n\r\n" % len(piece)
    found = await outcome(FIRST + FIELDS, post, piece)

    assert len(parsed) == 2
    assert found.scopes == []


async def test_a_request_before_the_answer_waits_for_its_turn(parsed: list[bytes]) -> None:
    table = Table()
    table.protocol.data_received(FIRST + FIELDS)
    table.protocol.data_received(FIRST + FIELDS)

    assert len(parsed) == 2
    assert len(table.app.scopes) == 1
    answered(table)
    await table.served()
    assert table.caller.written.count(b"HTTP/1.1 ") == 2
    table.protocol.connection_lost(None)


async def test_what_was_done_for_it_in_vain_is_not_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was counted; the ordinary way goes on from there."""
    table = Table()
    seen: list[Any] = []
    table.protocol.data_received(FIRST + FIELDS)
    answered(table)

    def failing(scope: dict[str, Any], _: object) -> None:
        scope["talent.counted"] = [len(seen)]
        seen.append(scope["path"])

    async def called(scope: dict[str, Any], _: object, send: Any) -> None:
        seen.append(scope["talent.counted"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    monkeypatch.setattr(table.app, "pass_on", failing)
    monkeypatch.setattr(type(table.app), "__call__", staticmethod(called))
    table.protocol.data_received(b"GET /v1/selection/y HTTP/1.1\r\n" + FIELDS)
    await table.served()
    table.protocol.connection_lost(None)

    assert seen == ["/v1/selection/y", [0]]
