"""The fuzzer is fuzzed with a small service of known faults: it must find each of them, and nothing where there is none."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

import pytest
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from talent_local.fuzzing.actors import Tokens
from talent_local.fuzzing.campaign import Campaign, run
from talent_local.fuzzing.ground import Ground
from talent_local.fuzzing.pools import Pools
from talent_local.fuzzing.raw import shoot

THING = "018d3e21-8280-77ce-9d04-d9b19be54fd9"
Signed = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


class _Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    count: Annotated[int, Field(ge=0, le=9, strict=True)]


def _service() -> FastAPI:
    app = FastAPI()

    def signed(token: Signed) -> None:
        if token.credentials != "good":
            raise HTTPException(401)

    @app.post("/v1/sound", dependencies=[Depends(signed)], responses={401: {}, 403: {}})
    async def sound(thing: _Thing) -> _Thing:
        return thing

    @app.get("/v1/things/{thing_id}", dependencies=[Depends(signed)], responses={401: {}, 403: {}})
    async def fails_for_what_exists(thing_id: UUID) -> dict[str, Any]:
        return {"broken": 1 / (str(thing_id) != THING)}

    @app.get("/v1/teapot", responses={401: {}})
    async def undocumented() -> Response:
        return JSONResponse({}, 418)

    @app.get("/v1/open", dependencies=[Depends(HTTPBearer(auto_error=False))])
    async def ignores_the_token() -> dict[str, Any]:
        return {}

    return app


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    app = _service()
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    pools = Pools(places={"/v1/things": {THING}})
    yield Ground(f"http://127.0.0.1:{port}", app.openapi(), pools, Tokens(("good",), ("good",)))
    server.should_exit = True
    thread.join()


def test_every_fault_is_found_and_nothing_else(ground: Ground) -> None:
    """A 500 behind an id that exists, an undocumented status, a route that forgets its token; the sound one stays clean."""
    report = run(Campaign(seed=1, examples=5), ground)

    found = {(finding.check, finding.operation) for finding in report.findings.values()}
    assert {
        ("not_a_server_error", "GET /v1/things/{thing_id}"),
        ("status_code_conformance", "GET /v1/teapot"),
        ("ignored_auth", "GET /v1/open"),
    } <= found
    assert not [each for each in found if each[1] == "POST /v1/sound"]
    assert report.cases["coverage", "POST /v1/sound"] > 5
    assert report.total == sum(report.statuses.values())


def test_the_same_seed_sends_the_same(ground: Ground) -> None:
    """Two runs of one seed get the same answers as often; a share sends a part of them."""
    first, again = (run(Campaign(seed=3, examples=4, phases=("coverage", "fuzzing")), ground) for _ in range(2))
    part = run(Campaign(seed=3, examples=4, phases=("coverage",), share=30), ground)

    assert first.statuses == again.statuses
    assert 0 < part.total < sum(count for (phase, _), count in first.cases.items() if phase == "coverage")


def test_bytes_are_sent_beside_cases(ground: Ground) -> None:
    """What is no request for a generator reaches the service too, and is counted apart."""
    report = shoot(ground, 1, each=5)

    assert {phase for phase, _ in report.cases} == {"raw"}
    assert ("not_a_server_error", "GET /v1/things/{thing_id}", 500) in report.findings
