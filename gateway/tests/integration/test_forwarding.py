"""Requests go through the door over real sockets."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from gateway.adapters.forwarding.breaker import Breaker
from gateway.adapters.forwarding.table import Route, RouteTable
from gateway.adapters.forwarding.upstream import Upstream
from gateway.testing.stage import Stage
from gateway.testing.upstream import Flaky, free_port
from shared.identity.tokens import TokenVerifier
from shared.kernel.actor import Actor, Role
from shared.testing.actors import Keys


async def test_a_request_is_rebuilt_from_the_allow_list(stage: Stage, keys: Keys) -> None:
    """The service gets an internal token, what it may be told, one Host and nothing else."""
    sent = stage.bearer("regional_officer", organisation="cn/54") | {
        "idempotency-key": "k1", "if-match": '"v3"', "accept-language": "zh-CN", "x-forwarded-for": "10.0.0.1", "x-user-id": "1",
        "x_user": "root", "cookie": "a=b", "traceparent": "00-" + "a" * 32 + "-" + "b" * 16 + "-01", "x-purpose": "audit",
    }  # fmt: skip

    answer = await stage.client.post("/v1/selection/things?a=1&b=%20x", headers=sent, json={"a": 1})

    assert answer.status_code == 201
    seen = answer.json()
    found = dict(seen["headers"])
    assert (seen["method"], seen["path"], seen["query"], seen["size"]) == (
        "POST",
        "/v1/selection/things",
        "a=1&b=%20x",
        7,
    )
    assert found["idempotency-key"] == "k1"
    assert found["if-match"] == '"v3"'
    assert found["accept-language"] == "zh-CN"
    assert found["traceparent"][3:35] != "a" * 32
    assert not {"x-forwarded-for", "x-user-id", "x_user", "cookie", "x-purpose", "user-agent"} & found.keys()
    assert [name for name, _ in seen["headers"]].count("host") == 1
    inside = found["authorization"].removeprefix("Bearer ")
    actor = TokenVerifier(keys.public, "selection").verify(inside)
    assert actor == Actor("acc-1", "cn/54", frozenset({Role.REGIONAL_OFFICER}), "audit")


async def test_what_a_service_tells_passes_by_allow_list(stage: Stage) -> None:
    answer = await stage.client.get("/v1/selection/things/1", headers=stage.bearer("auditor"))

    assert (answer.headers["etag"], answer.headers["location"]) == ('"v7"', "/v1/selection/things/1")
    assert answer.headers["cache-control"] == "no-store"
    assert not {"x-internal", "set-cookie", "server"} & set(answer.headers)


async def test_without_a_token_nothing_is_forwarded(stage: Stage) -> None:
    before = stage.upstream.state.calls.get("selection/private", 0)

    answer = await stage.client.get("/v1/selection/private", headers={"accept-language": "zh-CN"})

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unauthenticated"
    assert answer.headers["content-language"] == "zh-CN"
    assert stage.upstream.state.calls.get("selection/private", 0) == before


async def test_public_ways_need_no_token_and_get_none(stage: Stage) -> None:
    answer = await stage.client.get("/v1/assessment/status-lists/1/revocation", headers=stage.bearer("auditor"))

    assert answer.status_code == 200
    assert "authorization" not in dict(answer.json()["headers"])
    assert (await stage.client.post("/v1/assessment/.well-known/x", json={})).status_code == 405


@pytest.mark.parametrize(
    "path", ["/v1/selection/persons/lookup", "/v1/assessment/verifications", "/v1/unknown/things", "/v2/x"]
)
async def test_closed_and_unknown_ways_do_not_exist(path: str, stage: Stage) -> None:
    answer = await stage.client.post(path, headers=stage.bearer("operator"), json={})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_path_that_climbs_is_refused(stage: Stage) -> None:
    answer = await raw(stage, b"GET /v1/selection/%2e%2e/funding/x HTTP/1.1\r\nHost: door\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400")
    assert b"malformed-path" in answer


async def test_answers_stream(stage: Stage) -> None:
    """The first chunk is here long before the last."""
    async with stage.client.stream("GET", "/v1/selection/stream", headers=stage.bearer("auditor")) as answer:
        times = [time.monotonic() async for _ in answer.aiter_bytes()]

    assert len(times) == 5
    assert times[-1] - times[0] > 0.4


async def test_bodies_stream_and_are_counted(stage: Stage) -> None:
    """A chunked body below the limit arrives whole; one above is cut off without trusting any declaration."""

    async def body(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"x" * 65536
            await asyncio.sleep(0)

    fine = await stage.client.post("/v1/selection/upload", headers=stage.bearer("auditor"), content=body(15))
    over = await stage.client.post("/v1/selection/upload", headers=stage.bearer("auditor"), content=body(40))

    assert (fine.status_code, fine.json()["size"]) == (201, 15 * 65536)
    assert (over.status_code, over.json()["code"], over.json()["limit"]) == (413, "body-too-large", 1024 * 1024)


async def test_a_declared_body_above_the_limit_is_refused_before_it_comes(stage: Stage) -> None:
    token = stage.bearer("auditor")["authorization"].encode()
    head = b"POST /v1/selection/upload HTTP/1.1\r\nHost: door\r\nAuthorization: " + token

    answer = await raw(stage, head + b"\r\nContent-Length: 50000000\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 413")


async def test_larger_bodies_have_their_own_row(stage: Stage) -> None:
    answer = await stage.client.put(
        "/v1/selection/organisations", headers=stage.bearer("operator"), content=b"x" * 3_000_000
    )

    assert answer.json()["size"] == 3_000_000


async def test_a_service_that_is_away_is_503_with_retry_after_and_then_fails_fast(stage: Stage) -> None:
    statuses = []
    for _ in range(8):
        answer = await stage.client.get("/v1/funding/funds", headers=stage.bearer("auditor"))
        statuses.append((answer.status_code, answer.json()["code"], answer.headers["retry-after"]))

    assert set(statuses) == {(503, "upstream-down", "2")}
    assert stage.door._forwarder._upstreams["funding"].breaker.is_open
    assert (await stage.client.get("/v1/selection/x", headers=stage.bearer("auditor"))).status_code == 200


async def test_silence_is_504(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    forwarder = stage.door._forwarder
    monkeypatch.setattr(forwarder, "_table", RouteTable([Route("/v1/selection/", "selection", timeout=0.3)]))

    answer = await stage.client.get("/v1/selection/slow", headers=stage.bearer("auditor"))

    assert (answer.status_code, answer.json()["code"]) == (504, "upstream-slow")


@pytest.mark.parametrize(
    ("method", "headers", "status", "requests"),
    [
        ("GET", {}, 200, 2),
        ("PUT", {}, 200, 2),
        ("DELETE", {}, 200, 2),
        ("POST", {"idempotency-key": "k"}, 200, 2),
        ("POST", {}, 503, 1),
        ("PATCH", {}, 503, 1),
    ],
)
async def test_one_retry_when_nothing_can_happen_twice(
    method: str, headers: dict[str, str], status: int, requests: int, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken connection is tried again once for idempotent methods and for requests with a key."""
    port = free_port()
    upstream = Upstream("selection", f"http://127.0.0.1:{port}", Breaker())
    monkeypatch.setitem(stage.door._forwarder._upstreams, "selection", upstream)

    with Flaky(port, hang_ups=1) as flaky:
        flaky.requests = 0
        answer = await stage.client.request(method, "/v1/selection/x", headers=stage.bearer("auditor") | headers)

        assert (answer.status_code, flaky.requests) == (status, requests)


async def test_an_answer_that_breaks_off_is_never_taken_for_whole(stage: Stage) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await stage.client.get("/v1/selection/torn", headers=stage.bearer("auditor"))


async def test_head_and_conditional_requests_pass(stage: Stage) -> None:
    answer = await stage.client.head("/v1/selection/things/1", headers=stage.bearer("auditor"))

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"] == '"v7"'


@pytest.mark.parametrize("status", [200, 204, 304, 404])
async def test_empty_answers_end(status: int, stage: Stage) -> None:
    """Twice over the same connection: the first answer must be complete."""
    for _ in range(2):
        answer = await stage.client.get(f"/v1/selection/empty/{status}", headers=stage.bearer("auditor"))

        assert (answer.status_code, answer.content) == (status, b"")


async def test_an_unknown_purpose_is_refused(stage: Stage) -> None:
    answer = await stage.client.get("/v1/selection/x", headers=stage.bearer("auditor") | {"x-purpose": "curiosity"})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-purpose")
    assert "audit" in answer.json()["allowed"]


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /v1/selection/x HTTP/1.1\r\n\r\n",
        b"GET /v1/selection/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST /v1/selection/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v1/selection/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"POST /v1/selection/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nabcde",
        b"POST /v1/selection/x HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde",
        b"POST /v1/selection/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"GET /v1/selection/x HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET /v1/selection/x HTTP/1.1\nHost: a\n\n",
        b"GET /v1/selection/x HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
        b"GET /v1/selection/x HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
    ],
)
async def test_smuggling_shapes_end_at_the_door(request_bytes: bytes, stage: Stage) -> None:
    before = stage.upstream.state.calls.get("selection/x", 0)

    answer = await raw(stage, request_bytes)

    assert answer.startswith(b"HTTP/1.1 400")
    assert stage.upstream.state.calls.get("selection/x", 0) == before


@pytest.mark.parametrize(
    "header", [b"X: " + b"y" * 100_000, b"\r\n".join(b"X%d: y" % n for n in range(5000)), b"X: " + b"y" * 9000]
)
async def test_large_heads_end_at_the_door(header: bytes, stage: Stage) -> None:
    """Either a 431, or the connection is cut before the memory fills."""
    answer = await raw(stage, b"GET /v1/selection/x HTTP/1.1\r\nHost: a\r\n" + header + b"\r\n\r\n")

    assert answer == b"" or answer.startswith(b"HTTP/1.1 431")


async def test_a_dribbled_head_is_cut_off(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that sends a header byte now and then does not live for ever."""
    monkeypatch.setattr("gateway.adapters.serving.HEAD_SECONDS", 0.5)
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    writer.write(b"GET / HTTP/1.1\r\n")
    began = time.monotonic()
    try:
        while time.monotonic() - began < 5:
            writer.write(b"X: y\r\n")
            await writer.drain()
            await asyncio.sleep(0.1)
            if reader.at_eof():
                break
        assert await reader.read() == b""
    except ConnectionError:
        pass
    finally:
        writer.close()

    assert time.monotonic() - began < 3


async def raw(stage: Stage, sent: bytes) -> bytes:
    """Send bytes and read until the door closes or is silent for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    received = b""
    try:
        writer.write(sent)
        await writer.drain()
        while True:
            chunk = await asyncio.wait_for(reader.read(65536), 1.0)
            if not chunk:
                break
            received += chunk
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return received


def test_the_door_listens_on_a_socket(stage: Stage) -> None:
    with socket.create_connection(("127.0.0.1", stage.port), timeout=2):
        pass
