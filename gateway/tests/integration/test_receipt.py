"""Deadlines and limits over raw sockets: who drips is cut off, whoever it is; who asks too much is told so."""

from __future__ import annotations

import asyncio
import time

import pytest

from gateway.adapters.forwarding.table import Route, RouteTable
from gateway.adapters.forwarding.upstream import Upstream
from gateway.adapters.limits.limiter import Limiter
from gateway.testing.dripping import Dripping
from gateway.testing.raw import ask, until_closed
from gateway.testing.stage import Stage
from gateway.testing.upstream import free_port


def head(stage: Stage, path: str, length: int) -> bytes:
    token = stage.bearer("auditor")["authorization"]
    return (
        f"POST {path} HTTP/1.1\r\nHost: door\r\nAuthorization: {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


@pytest.mark.parametrize("path", ["/v1/selection/upload", "/v1/view-links"])
async def test_a_body_that_drips_is_cut_off_with_408(path: str, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then does not hold a request open, behind the door or at it."""
    monkeypatch.setattr("gateway.adapters.forwarding.body.GRACE_SECONDS", 0.5)

    answer, seconds = await until_closed(stage.port, head(stage, path, 5000), drip=b"x", every=0.1)

    assert answer.startswith(b"HTTP/1.1 408")
    assert b"body-too-slow" in answer
    assert b"connection: close" in answer.lower()
    assert seconds < 5


async def test_a_large_body_has_the_time_it_needs(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes at more than the least rate is not late, although the grace has long passed."""
    monkeypatch.setattr("gateway.adapters.forwarding.body.GRACE_SECONDS", 0.3)
    sent = head(stage, "/v1/selection/upload", 10 * 10_000)

    answer, seconds = await until_closed(stage.port, sent, drip=b"x" * 10_000, every=0.1, times=10)

    assert answer.startswith(b"HTTP/1.1 201")
    assert seconds > 0.8


async def test_a_body_that_goes_on_after_the_answer_is_not_read_for_ever(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.adapters.serving.LINGER_SECONDS", 0.4)
    sent = head(stage, "/v1/selection/upload", 50_000_000)

    answer, seconds = await until_closed(stage.port, sent, drip=b"x", every=0.05)

    assert answer.startswith(b"HTTP/1.1 413")
    assert seconds < 5


@pytest.mark.parametrize(("whole", "status"), [(False, b"504"), (True, b"200")])
async def test_a_service_that_drips_is_bounded(
    whole: bool, status: bytes, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head that drips is 504; an answer that drips breaks off, so that nobody takes it for whole."""
    port = free_port()
    forwarder = stage.door._forwarder
    monkeypatch.setitem(forwarder._upstreams, "selection", Upstream("selection", f"http://127.0.0.1:{port}"))
    monkeypatch.setattr(forwarder, "_table", RouteTable([Route("/v1/selection/", "selection", timeout=0.5)]))
    token = stage.bearer("auditor")["authorization"]
    request = f"GET /v1/selection/x HTTP/1.1\r\nHost: door\r\nAuthorization: {token}\r\n\r\n".encode()

    async with Dripping(port, head=whole):
        began = time.monotonic()
        answer = await ask(stage.port, request)

    assert answer.startswith(b"HTTP/1.1 " + status)
    assert answer.count(b"d") < 200
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "body",
    [
        b"5;name=value\r\nhello\r\n0\r\n\r\n",
        b"zz\r\nhello\r\n0\r\n\r\n",
        b"-5\r\nhello\r\n0\r\n\r\n",
        b"5\nhello\n0\n\n",
        b"3\r\nhello\r\n0\r\n\r\n",
        b"fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhello\r\n0\r\nGET /v1/selection/smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
async def test_chunks_that_two_parsers_could_read_differently_smuggle_nothing(body: bytes, stage: Stage) -> None:
    """Bad chunk sizes are refused; an extension or trailer that is let through never becomes a request of its own."""
    token = stage.bearer("auditor")["authorization"].encode()
    sent = b"POST /v1/selection/chunks HTTP/1.1\r\nHost: a\r\nAuthorization: " + token
    before = stage.upstream.state.calls.get("selection/chunks", 0)

    answer = await ask(stage.port, sent + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + body)

    assert stage.upstream.state.calls.get("selection/smuggled", 0) == 0
    assert answer.count(b"HTTP/1.1 ") <= 1
    if not answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 201")):
        assert answer == b""
    if answer.startswith(b"HTTP/1.1 201"):
        assert body.startswith((b"5;", b"5\r\nhello\r\n0"))
        assert b'"size":5' in answer
        assert stage.upstream.state.calls["selection/chunks"] == before + 1


async def test_every_answer_says_where_the_caller_stands(stage: Stage) -> None:
    """Forwarded or the door's own, good or refused."""
    for path, headers, kind in (
        ("/v1/selection/things/1", stage.bearer("auditor"), "read"),
        ("/v1/journeys", stage.bearer("auditor"), "read"),
        ("/v1/events", stage.bearer("auditor"), "feed"),
        ("/v1/selection/things/1", {}, "public"),
        ("/verify", {}, "verification"),
    ):
        answer = await stage.client.get(path, headers=headers)

        assert answer.headers["ratelimit-policy"].startswith(f'"{kind}";q='), path
        assert answer.headers["ratelimit"].startswith(f'"{kind}";r='), path


async def test_one_too_many_is_429_in_the_callers_language(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """One client is counted over all its tokens, another is not touched; the problem is the usual one."""
    monkeypatch.setattr(stage.door, "_limiter", Limiter({"write": "3/minute", "read": "100/minute"}, {}))
    mine = [stage.bearer("auditor", subject="acc-limited", iat=n) for n in range(4)]

    answers = [await stage.client.post("/v1/selection/x", headers=one | {"accept-language": "zh-CN"}) for one in mine]
    other = await stage.client.post("/v1/selection/x", headers=stage.bearer("auditor", subject="acc-other"))
    read = await stage.client.get("/v1/selection/x", headers=mine[0])

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert 1 <= int(refused.headers["retry-after"]) <= 120
    assert refused.headers["ratelimit"].startswith('"write";r=0;t=')
    assert refused.json()["code"] == "too-many-requests"
    assert "频繁" in refused.json()["detail"]
    assert (other.status_code, read.status_code) == (201, 200)


async def test_tokens_that_are_refused_count_for_their_address(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing tokens is slow, whatever they say."""
    monkeypatch.setattr(stage.door, "_limiter", Limiter({"public": "2/minute"}, {}))

    statuses = [
        (await stage.client.get("/v1/selection/x", headers={"authorization": f"Bearer a.b.{n}"})).status_code
        for n in range(4)
    ]
    await asyncio.sleep(0)

    assert statuses == [401, 401, 429, 429]
