"""What passes at once and what takes the ordinary way come to the same, whatever services and callers do."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from gateway.adapters.forwarding.breaker import Breaker
from gateway.adapters.forwarding.client.pool import AT_ONCE
from gateway.adapters.forwarding.passage import Passage, Side
from gateway.adapters.forwarding.table import Route, RouteTable
from gateway.adapters.forwarding.upstream import Upstream
from gateway.adapters.limits.limiter import Limiter
from gateway.testing.scripted import HANG_UP, OK, Scripted, until
from gateway.testing.stage import Stage
from gateway.testing.upstream import free_port
from shared.telemetry import spans
from shared.telemetry.provider import Tracing

KNOWN: dict[str, dict[str, str]] = {}
"""The token of these tests; every test is its first reader, so it is verified before anything passes at once."""
Way = Callable[[], list[bool]]
Answered = tuple[int, dict[str, str], bytes]


@pytest.fixture(params=["at once", "ordinary"])
def way(request: pytest.FixtureRequest, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Way:
    """Serves in one of the two ways; what it gives says of each plain read whether it passed at once."""
    KNOWN[stage.issuer] = stage.bearer("auditor")
    found: list[bool] = []
    passing = stage.door.pass_on

    def noting(scope: MutableMapping[str, Any], side: Side) -> Passage | None:
        passage = passing(scope, side) if request.param == "at once" else None
        found.append(passage is not None)
        return passage

    monkeypatch.setattr(stage.door, "pass_on", noting)
    return lambda: found


@pytest.fixture
def passed(way: Way, request: pytest.FixtureRequest) -> Callable[[], None]:
    """Asserts that the last read went the way that the test is about."""

    def check() -> None:
        assert way()[-1] is ("at once" in request.node.name)

    return check


@asynccontextmanager
async def service(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, *answers: bytes, silence: float = 20.0, closing: bool = False
) -> AsyncIterator[tuple[Scripted, Upstream]]:
    """A service that was asked once already, so that a connection to it rests and the caller is known."""
    port = free_port()
    forwarder, upstream = stage.door._forwarder, Upstream("selection", f"http://127.0.0.1:{port}", Breaker())
    monkeypatch.setitem(forwarder._upstreams, "selection", upstream)
    monkeypatch.setattr(forwarder, "_table", RouteTable([Route("/v1/selection/", "selection", timeout=silence)]))
    async with Scripted(port, *answers, closing=closing) as scripted:
        assert (await stage.client.get("/v1/selection/x", headers=KNOWN[stage.issuer])).status_code == 200
        await until(lambda: len(upstream._pool._resting) == 1)
        try:
            yield scripted, upstream
        finally:
            for connection in tuple(upstream._pool._open):  # in the loop of the door
                connection._loop.call_soon_threadsafe(connection.cut)


def asking(stage: Stage, method: str = "GET", path: str = "/v1/selection/x", more: str = "") -> bytes:
    token = KNOWN[stage.issuer]["authorization"]
    return f"{method} {path} HTTP/1.1\r\nHost: door\r\nAuthorization: {token}\r\n{more}\r\n".encode()


async def read(reader: asyncio.StreamReader, *, head_only: bool = False) -> Answered:
    """One answer, its body without chunks. Raises ``IncompleteReadError`` when it is not whole."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    status = int(lines[0].split()[1])
    fields = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
    body = b""
    if "transfer-encoding" in fields:
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    elif not head_only and status not in {204, 304}:
        body = await reader.readexactly(int(fields["content-length"]))
    return status, {name: value for name, value in fields.items() if name not in {"date", "ratelimit"}}, body


OURS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "api-version": "1.0.0"}


@pytest.mark.parametrize(
    ("answer", "status", "body", "closing"),
    [
        (OK, 200, b"ok", False),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nx-inside: 1\r\n\r\nno", 404, b"no", False),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n3\r\nyes\r\n0\r\n\r\n",
            200,
            b"okyes",
            False,
        ),
        (b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + OK, 200, b"ok", False),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", False),
        (b"HTTP/1.1 304 Not Modified\r\netag: v1\r\n\r\n", 304, b"", False),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, b"until the end", True),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, b"until the end", True),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok", 200, b"ok", True),
        (OK + OK, 200, b"ok", False),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 200, b"", False),
    ],
)
async def test_odd_answers_are_told_alike(
    answer: bytes, status: int, body: bytes, closing: bool, stage: Stage, monkeypatch: pytest.MonkeyPatch,
    passed: Callable[[], None],
) -> None:  # fmt: skip
    """The next request on both connections, or on a new one to the service, gets its own answer."""
    async with service(stage, monkeypatch, answer, closing=closing):
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
        writer.write(asking(stage))
        found = await read(reader)
        passed()
        writer.write(asking(stage))
        after = await read(reader)
        writer.close()

    assert (found[0], found[2]) == (status, body)
    assert found[1].items() >= OURS.items()
    assert not {"x-inside", "link", "connection"} & found[1].keys()
    assert (after[0], after[2]) == (200, b"ok")


async def test_head_has_a_length_and_no_body(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, passed: Callable[[], None]
) -> None:
    async with service(stage, monkeypatch, b"HTTP/1.1 200 OK\r\ncontent-type: a/b\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
        writer.write(asking(stage, "HEAD"))
        head = await read(reader, head_only=True)
        passed()
        writer.write(asking(stage))
        after = await read(reader)
        writer.close()

    assert head[0] == 200
    assert "transfer-encoding" not in head[1]
    assert after[2] == b"ok"


@pytest.mark.usefixtures("way")
async def test_pipelined_requests_are_answered_in_their_order(stage: Stage) -> None:
    known = KNOWN[stage.issuer]
    await stage.client.get("/v1/selection/x", headers=known)
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    post = asking(stage, "POST", "/v1/selection/b", "Content-Length: 3\r\n") + b"abc"
    twice = asking(stage, path="/v1/selection/d").replace(b"Host: door", b"Host: a\r\nHost: b")
    writer.write(
        asking(stage, path="/v1/selection/a") + post + asking(stage, path="/v1/selection/c") + twice
        + asking(stage, path="/v1/selection/e")
    )  # fmt: skip
    found = [await read(reader) for _ in range(5)]
    writer.close()

    assert [each[0] for each in found] == [200, 201, 200, 400, 200]
    assert [re.findall(rb'"path":"/v1/selection/(.)"', each[2]) for each in found if each[0] < 300] == [
        [b"a"], [b"b"], [b"c"], [b"e"],
    ]  # fmt: skip
    assert b"bad-host" in found[3][2]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        (("GET", "/v1/selection/x", "Host: other\r\n"), 400, b"bad-host"),
        (("GET", "/v1/selection/x", "If-Match: a\r\nIf-Match: b\r\n"), 400, b"repeated-header"),
        (("GET", "/v1/selection/x", "X-Purpose: curiosity\r\n"), 400, b"bad-purpose"),
        (("GET", "/v1/selection/../x", ""), 400, b"malformed-path"),
        (("GET", "/v1/selection/%2e%2e/x", ""), 400, b"malformed-path"),
        (("GET", "/v1/selection//x", ""), 400, b"malformed-path"),
        (("GET", "/v1/selection/x", "X: " + "y" * 9000 + "\r\n"), 431, b"headers-too-large"),
        (("GET", "/v1/selection/x", "Content-Length: 5000000\r\n"), 413, b"body-too-large"),
        (("GET", "/v1/selection/persons/x", ""), 404, b"no-such-route"),
        (("GET", "/v1/nowhere/x", ""), 404, b""),
        (("GET", "/v1/funding/x", ""), 503, b"upstream-down"),
    ],
)
async def test_what_is_refused_is_refused_alike(
    request_: tuple[str, str, str], status: int, code: bytes, stage: Stage
) -> None:
    await stage.client.get("/v1/selection/x", headers=KNOWN[stage.issuer])
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    writer.write(asking(stage, *request_))
    found = await read(reader)
    writer.close()

    assert found[0] == status
    assert code in found[2]
    assert found[1]["content-type"] == "application/problem+json"
    assert found[1]["ratelimit-policy"].startswith('"')


@pytest.mark.usefixtures("way")
async def test_a_read_with_a_body_keeps_it(stage: Stage) -> None:
    await stage.client.get("/v1/selection/x", headers=KNOWN[stage.issuer])
    sized = await stage.client.request("GET", "/v1/selection/x", headers=KNOWN[stage.issuer], content=b"abc")

    async def chunks() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b"cd"

    chunked = await stage.client.request("GET", "/v1/selection/x", headers=KNOWN[stage.issuer], content=chunks())

    assert (sized.json()["size"], chunked.json()["size"]) == (3, 4)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("version", "more"), [("1.1", "Connection: close\r\n"), ("1.0", "")])
async def test_who_wants_the_connection_closed_has_it_closed(version: str, more: str, stage: Stage) -> None:
    await stage.client.get("/v1/selection/x", headers=KNOWN[stage.issuer])
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    writer.write(asking(stage, more=more).replace(b"HTTP/1.1", b"HTTP/" + version.encode()))
    found = await read(reader)
    rest = await reader.read()
    writer.close()

    assert (found[0], found[1]["connection"], rest) == (200, "close", b"")


async def test_one_too_many_is_429_and_every_request_counts_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    """Also one that is passed on at first and then takes the ordinary way, because the service hung up."""
    async with service(stage, monkeypatch, OK, HANG_UP, OK) as (scripted, _):
        monkeypatch.setattr(stage.door, "_limiter", Limiter({"read": "3/minute"}, {}))
        known = KNOWN[stage.issuer] | {"accept-language": "zh-CN"}
        answers = [await stage.client.get("/v1/selection/x", headers=known) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [re.findall(r"r=(\d)", answer.headers["ratelimit"]) for answer in answers] == [["2"], ["1"], ["0"], ["0"]]
    assert answers[3].json()["code"] == "too-many-requests"
    assert "频繁" in answers[3].json()["detail"]
    assert int(answers[3].headers["retry-after"]) >= 1
    assert len(scripted.requests) == 5  # the first, three that were let in, and one repeated
    assert way()[-1] is False


@pytest.mark.usefixtures("way")
async def test_a_token_that_is_not_known_is_401(stage: Stage) -> None:
    await stage.client.get("/v1/selection/x", headers=KNOWN[stage.issuer])

    for authorization in ("Bearer a.b.c", "Basic eDp5", "Bearer", "bearer " + "x" * 9000):
        answer = await stage.client.get("/v1/selection/x", headers={"authorization": authorization})

        assert answer.status_code in {401, 431}
        assert answer.json()["code"] in {"unauthenticated", "headers-too-large"}


async def test_a_service_that_hangs_up_is_asked_once_more_and_then_is_down(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, passed: Callable[[], None]
) -> None:
    async with service(stage, monkeypatch, HANG_UP, HANG_UP) as (scripted, upstream):
        answer = await stage.client.get("/v1/selection/x", headers=KNOWN[stage.issuer])
        passed()

        assert (answer.status_code, answer.json()["code"]) == (503, "upstream-down")
        assert (len(scripted.requests), upstream.breaker._failures) == (3, 2)


async def test_silence_is_504(stage: Stage, monkeypatch: pytest.MonkeyPatch, passed: Callable[[], None]) -> None:
    async with service(stage, monkeypatch, b"HTTP/1.1 200 OK\r\n", silence=0.3) as (scripted, upstream):
        answer = await stage.client.get("/v1/selection/x", headers=KNOWN[stage.issuer])
        passed()

        assert (answer.status_code, answer.json()["code"]) == (504, "upstream-slow")
        assert (len(scripted.requests), upstream.breaker._failures) == (2, 1)


@pytest.mark.parametrize("closing", [True, False])
async def test_an_answer_that_ends_half_way_is_not_taken_for_whole(
    closing: bool, stage: Stage, monkeypatch: pytest.MonkeyPatch, passed: Callable[[], None]
) -> None:
    """Whether the service dies or falls silent."""
    half = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf"
    async with service(stage, monkeypatch, half, half, closing=closing, silence=0.5) as (_, upstream):
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
        writer.write(asking(stage))
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await read(reader)
        writer.close()
        passed()
        await until(lambda: upstream._pool._turns._value == AT_ONCE)

        assert upstream.breaker._failures >= 1
        assert not upstream._pool._resting


async def test_a_caller_who_leaves_frees_the_connection(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, passed: Callable[[], None]
) -> None:
    half = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf"
    async with service(stage, monkeypatch, half, silence=1.0) as (scripted, upstream):
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
        writer.write(asking(stage))
        await reader.readuntil(b"half")
        passed()
        writer.close()
        async with asyncio.timeout(10):
            await scripted.gone.wait()
        await until(lambda: upstream._pool._turns._value == AT_ONCE)


@pytest.mark.parametrize(("answer", "status"), [(OK, 200), (HANG_UP, 503)])
async def test_a_request_is_one_span_that_the_service_goes_on_with(
    answer: bytes, status: int, stage: Stage, monkeypatch: pytest.MonkeyPatch, passed: Callable[[], None]
) -> None:
    """Also when it was passed on at first and then took the ordinary way."""
    async with service(stage, monkeypatch, answer, answer) as (scripted, _):
        exporter = InMemorySpanExporter()
        tracing = Tracing("gateway", exporter)
        monkeypatch.setattr(spans._Switch, "tracing", tracing)
        found = await stage.client.get("/v1/selection/x", headers=KNOWN[stage.issuer])
        passed()
        await until(lambda: tracing._provider.force_flush() and len(exporter.get_finished_spans()) > 0)
        monkeypatch.undo()
        tracing.close()

    assert found.status_code == status
    (span,) = [each for each in exporter.get_finished_spans() if each.kind is SpanKind.SERVER]
    attributes = dict(span.attributes or {})
    assert (span.name, attributes["http.response.status_code"]) == ("GET /v1/selection/", status)
    assert span.status.is_ok is (status == 200) or span.status.status_code.name == "UNSET"
    traces = [re.findall(rb"traceparent: 00-(\w{32})", head) for head in scripted.requests[1:]]
    assert span.context is not None
    assert traces == [[f"{span.context.trace_id:032x}".encode()]] * len(traces)


LARGE = 48 * 1024 * 1024


async def test_a_large_answer_waits_for_a_slow_caller_at_the_service(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, passed: Callable[[], None]
) -> None:
    """What the caller does not take stays where it is made, and everything arrives in the end."""
    large = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % LARGE + bytes(LARGE)
    async with service(stage, monkeypatch, large) as (scripted, upstream):
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
        writer.write(asking(stage))
        await until(lambda: any(connection._paused for connection in upstream._pool._open))
        held = scripted.sent
        passed()
        found = await read(reader)
        writer.write(asking(stage))
        after = await read(reader)
        writer.close()

    assert held < LARGE
    assert (len(found[2]), after[2]) == (LARGE, b"ok")


async def test_a_caller_who_never_reads_holds_no_connection_for_ever(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What passes at once is cut off when its time is over; the service is not to blame for it."""
    KNOWN[stage.issuer] = stage.bearer("auditor")
    monkeypatch.setattr("gateway.adapters.forwarding.passage.LEAST_RATE", 1e12)
    large = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % LARGE + bytes(LARGE)
    async with service(stage, monkeypatch, large, silence=0.5) as (_, upstream):
        reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
        writer.write(asking(stage))
        await reader.readuntil(b"\r\n\r\n")
        await until(lambda: upstream._pool._turns._value == AT_ONCE)
        with suppress(ConnectionError):
            while await reader.read(1 << 20):
                pass
        writer.close()
