"""The door is told to stop: what is under way is answered, nothing new is taken."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest

from gateway.adapters.forwarding.breaker import Breaker
from gateway.testing.stage import Stage
from gateway.testing.upstream import AUDIENCE, free_port
from shared.testing.actors import Keys


def answers(port: int) -> bool:
    """True when somebody takes connections on the port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False


def test_sigterm_answers_what_is_under_way_and_takes_nothing_new(stage: Stage, keys: Keys, database: str) -> None:
    """A real process: SIGTERM in the middle of a request; the answer arrives, the port closes, the process ends well."""
    port = free_port()
    settings = {
        "DATABASE_URL": database, "EVENT_LOG_URL": "embedded+postgresql://unused", "INTERNAL_KEYS": str(keys.public),
        "SIGNING_KEY": str(keys.private["gateway"]), "CURSOR_SECRET": "a secret of the tests", "OIDC_ISSUER": stage.issuer,
        "OIDC_AUDIENCE": AUDIENCE, "HOST": "127.0.0.1", "PORT": str(port), "SELECTION_URL": stage.issuer,
        "PLACEMENT_URL": stage.issuer, "ASSESSMENT_URL": stage.issuer, "FUNDING_URL": stage.issuer,
    }  # fmt: skip
    environment = os.environ | {f"GATEWAY_{name}": value for name, value in settings.items()}
    with subprocess.Popen(
        [sys.executable, "-m", "gateway.api"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            deadline = time.monotonic() + 60
            while not answers(port):
                assert process.poll() is None, "the door did not start"
                assert time.monotonic() < deadline, "the door did not start in time"
                time.sleep(0.05)
            found: list[httpx.Response] = []
            url = f"http://127.0.0.1:{port}/v1/selection/stream"
            bearer = stage.bearer("auditor")
            asking = threading.Thread(
                target=lambda: found.append(httpx.get(url, headers=bearer, timeout=30, trust_env=False))
            )
            before = stage.upstream.state.calls.get("stream", 0)
            asking.start()
            while stage.upstream.state.calls.get("stream", 0) == before:
                assert time.monotonic() < deadline, "the request did not arrive"
                time.sleep(0.01)

            process.send_signal(signal.SIGTERM)
            while answers(port):
                assert time.monotonic() < deadline, "the door still takes connections"
                time.sleep(0.01)
            under_way = asking.is_alive()
            asking.join(timeout=30)
            ended = process.wait(timeout=30)
        finally:
            if process.poll() is None:
                process.kill()

    assert under_way, "the request ended before the door was closed"
    assert found[0].status_code == 200
    assert found[0].text.count("chunk") == 5
    assert ended in {0, -signal.SIGTERM}


def test_the_breaker_lets_one_request_try_after_its_rest() -> None:
    """Open, then half open: one may try, its success closes the circuit, its failure opens it again."""
    now = 0.0
    breaker = Breaker(threshold=2, rest=2.0, clock=lambda: now)
    for _ in range(2):
        breaker.failed()
    assert [breaker.admits(), breaker.admits()] == [False, False]

    now = 2.1
    tries = [breaker.admits(), breaker.admits()]
    breaker.failed()
    after_failure = breaker.admits()
    now = 4.3
    last = breaker.admits()
    breaker.succeeded()

    assert tries == [True, False]
    assert (after_failure, last, breaker.admits()) == (False, True, True)
    assert not breaker.is_open


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "FOO"])
async def test_methods_that_nobody_knows_go_nowhere(method: str, stage: Stage) -> None:
    answer = await stage.client.request(method, "/v1/journeys", headers=stage.bearer("auditor"))

    assert answer.status_code in {400, 405}
