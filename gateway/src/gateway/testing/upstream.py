"""What stands behind the door in tests: four services and an issuer on one real socket, and a server in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from functools import lru_cache
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from joserfc import jwt
from joserfc.jwk import ECKey

KEY = ECKey.generate_key("P-256", {"kid": "issuer-1"})
AUDIENCE = "talent-gateway"


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(config: uvicorn.Config) -> Iterator[uvicorn.Server]:
    """Run a server in a thread with its own loop until the block ends."""
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 15
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.01)
    try:
        yield server
    finally:
        server.should_exit = True
        thread.join(timeout=15)


def token(issuer: str, *roles: str, subject: str = "acc-1", organisation: str = "", **changes: Any) -> dict[str, str]:
    """An Authorization header as the issuer would give.

    One without ``changes`` is the same for two minutes, as callers use theirs: the door knows it from the second request
    on, so tests that ask more than once go both ways through it.
    """
    if not changes:
        return {"authorization": _same(issuer, roles, subject, organisation, int(time.time()) // 120)}
    return {"authorization": _fresh(issuer, roles, subject, organisation, changes)}


@lru_cache
def _same(issuer: str, roles: tuple[str, ...], subject: str, organisation: str, _: int) -> str:
    return _fresh(issuer, roles, subject, organisation, {})


def _fresh(issuer: str, roles: tuple[str, ...], subject: str, organisation: str, changes: dict[str, Any]) -> str:
    now = int(time.time())
    claims = {
        "iss": issuer, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 600, "organisation": organisation,
        "realm_access": {"roles": list(roles)},
    } | changes  # fmt: skip
    return (
        f"Bearer {jwt.encode({'alg': 'ES256', 'kid': 'issuer-1', 'typ': 'at+jwt'}, claims, KEY, algorithms=['ES256'])}"
    )


def behind_the_door(issuer: str) -> FastAPI:  # noqa: C901, PLR0915 - one stand-in, many small routes
    """All services and the issuer in one application; ``app.state.calls`` counts requests by path."""
    app = FastAPI(openapi_url=None)
    calls: dict[str, int] = {}
    app.state.calls = calls

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return {"issuer": issuer, "jwks_uri": issuer + "/jwks"}

    @app.get("/jwks")
    async def jwks() -> dict[str, Any]:
        from gateway.testing.forging import published

        return {"keys": published()}

    @app.get("/openapi.json")
    async def contract() -> dict[str, Any]:
        calls["contract"] = calls.get("contract", 0) + 1
        return {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}}

    @app.post("/v1/assessment/verifications")
    async def verifications(request: Request) -> Any:
        question = await request.json()
        if question.get("number") == "bad":
            body = b'{"code": "malformed-number", "detail": "The number has a mistake in it."}'
            return Response(body, 400, media_type="application/problem+json")
        known = (
            question.get("token") == "token-of-the-qr-code"
            or question == {"number": "TP-1", "name": "Tashi"}
            or str(question.get("credential", "")).startswith("credential-")
        )
        status = str(question.get("token") or question.get("credential") or "").rpartition("-of-a-")[2]
        known = known or status in {"suspended", "revoked", "reissued", "expired"}
        found = {
            "name": "Tashi",
            "programme": {"zh": "西藏特培", "en": "Tibet"},
            "issued_on": "2025-11-01",
            "valid_until": None,
        }
        secret = {"identity_number": "never"}
        status = status if status in {"suspended", "revoked", "reissued", "expired", "tampered"} else "valid"
        found |= {"replaced_by": "TP-2" if status == "reissued" else None}
        return {"status": status} | found | secret if known else {"status": "not-found", "name": None}

    @app.get("/v1/assessment/.well-known/{name}.json")
    async def well_known(name: str) -> Any:
        kind = {"did": "application/did+json", "jwks": "application/jwk-set+json"}[name]
        return Response(b'{"name": "%s"}' % name.encode(), 200, media_type=kind)

    duties: dict[str, list[dict[str, Any]]] = {}
    app.state.duties = duties

    @app.get("/v1/{service}/obligations")
    async def obligations(service: str, request: Request) -> Response:
        calls[f"{service}/obligations"] = calls.get(f"{service}/obligations", 0) + 1
        if service not in duties:
            return Response(b"{}", 403)
        asked = request.query_params
        found = [each for each in duties[service] if asked.get("role") in (None, each.get("role"))]
        begin, limit = int(asked.get("cursor", 0)), int(asked["limit"])
        page: dict[str, Any] = {"items": found[begin : begin + limit], "more": len(found) > begin + limit}
        page["next_cursor"] = str(begin + limit) if page["more"] else None
        return Response(orjson.dumps(page), 200, media_type="application/json")

    reads: dict[str, list[dict[str, Any]]] = {}
    app.state.reads = reads

    @app.get("/v1/{service}/personal-reads")
    async def personal_reads(service: str, request: Request) -> Response:
        if service not in reads:
            return Response(b"", 503)
        asked = request.query_params
        found = [each for each in reads[service] if asked.get("person") in (None, each["person"])]
        begin, limit = int(asked.get("cursor", 0)), int(asked["limit"])
        items = [each | {"cursor": str(n + 1)} for n, each in enumerate(found)][begin : begin + limit]
        page = {"items": items, "next_cursor": str(begin + limit) if len(found) > begin + limit else None}
        return Response(orjson.dumps(page | {"watermark": "2025-01-01T00:00:00Z"}), 200, media_type="application/json")

    @app.get("/v1/selection/stream")
    async def stream() -> StreamingResponse:
        calls["stream"] = calls.get("stream", 0) + 1

        async def chunks() -> AsyncIterator[bytes]:
            for number in range(5):
                yield f"chunk {number}\n".encode()
                await asyncio.sleep(0.15)

        return StreamingResponse(chunks(), media_type="text/plain")

    @app.get("/v1/selection/torn")
    async def torn() -> StreamingResponse:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"half"
            raise ConnectionError("the service breaks")

        return StreamingResponse(chunks(), media_type="text/plain", headers={"content-length": "1000"})

    @app.get("/v1/selection/empty/{status}")
    async def empty(status: int) -> Response:
        return Response(status_code=status)

    @app.get("/v1/selection/slow")
    async def slow() -> str:
        await asyncio.sleep(5)
        return "late"

    @app.api_route("/v1/{service}/{rest:path}", methods=["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"])
    async def echo(service: str, rest: str, request: Request) -> Response:
        path = f"{service}/{rest}"
        calls[path] = calls.get(path, 0) + 1
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
        answer = {
            "method": request.method, "path": request.scope["raw_path"].decode(), "query": request.url.query, "size": size,
            "headers": [[name.decode(), value.decode()] for name, value in request.headers.raw],
        }  # fmt: skip
        shown = {"etag": '"v7"', "x-internal": "secret", "set-cookie": "a=b", "location": "/v1/selection/things/1"}
        return Response(orjson.dumps(answer), 201 if request.method == "POST" else 200, shown, "application/json")

    return app


class Flaky:
    """A raw server that hangs up on the first connections and answers the others with 200 and ``ok``."""

    def __init__(self, port: int, hang_ups: int) -> None:
        self.port, self.hang_ups, self.requests = port, hang_ups, 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        self._loop.run_forever()
        self._server.close()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.requests += 1
        if self.requests > self.hang_ups:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
            await writer.drain()
        writer.close()

    def __enter__(self) -> Flaky:
        self._thread.start()
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=0.2):
                break
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
