"""The mock answers from the contract alone: what a frontend developer builds on before there is a platform."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gateway.testing.mock import command
from shared.testing.node import environment

pytestmark = pytest.mark.timeout(300)
SHOWN = ("/v1/journeys", "/v1/journeys/{participation}", "/v1/selection/sessions")
SIGNED_IN = {"authorization": "Bearer any"}


@pytest.fixture(scope="module")
def mock(contract: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The mock over three addresses of the contract: reading all 500 takes it long."""
    document = tmp_path_factory.mktemp("mock") / "openapi.json"
    document.write_text(json.dumps(contract | {"paths": {path: contract["paths"][path] for path in SHOWN}}))
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    asked, folder = command(port, document)
    with subprocess.Popen(
        asked, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
                until = time.monotonic() + 240
                while time.monotonic() < until and process.poll() is None:
                    try:
                        client.get("/v1/nothing")
                        break
                    except httpx.TransportError:
                        time.sleep(0.5)
                yield client
        finally:
            process.terminate()


def test_a_list_has_the_shape_of_the_contract(mock: httpx.Client, contract: dict[str, Any]) -> None:
    """Every member that the contract requires is there."""
    answer = mock.get("/v1/journeys", params={"limit": 2}, headers=SIGNED_IN)

    assert answer.status_code == 200
    for name in ("PageOfJourneySummary", "JourneySummary"):
        shown = answer.json() if name.startswith("Page") else answer.json()["items"][0]
        assert set(contract["components"]["schemas"][name]["required"]) <= set(shown)


def test_it_wants_a_token(mock: httpx.Client) -> None:
    """Without one it refuses as the platform does."""
    answer = mock.get("/v1/journeys")

    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_it_refuses_a_body_that_does_not_fit(mock: httpx.Client) -> None:
    """A mistake is seen before there is a platform."""
    answer = mock.post("/v1/selection/sessions", json={"programme": 1}, headers=SIGNED_IN)

    assert answer.status_code in {400, 422}
