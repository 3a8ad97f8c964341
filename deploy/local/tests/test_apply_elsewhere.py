"""`talent apply --gateway`: the same documents in the same order, to a gateway that does not run here."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from talent_local.commands.programme import apply
from talent_local.home import checkout
from talent_local.trouble import Trouble

TIBET = checkout() / "programmes" / "tibet-special-training"


class Gateway(ThreadingHTTPServer):
    seen: list[tuple[str, str, bool]]


class _Taking(BaseHTTPRequestHandler):
    server: Gateway

    def do_PUT(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.seen.append((self.path, self.headers["authorization"], isinstance(content, dict)))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway(("127.0.0.1", 0), _Taking) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_programme_is_applied_elsewhere(gateway: Gateway, tmp_path: Path) -> None:
    """The batch that others inherit from comes first; the token is read from its file."""
    (tmp_path / "token").write_text("secret\n")
    apply([TIBET], gateway=f"http://127.0.0.1:{gateway.server_port}/", token_file=tmp_path / "token")

    paths = [path for path, _, _ in gateway.seen]
    assert paths.index("/v1/selection/policies/tibet-special-training/batch-3") < paths.index(
        "/v1/selection/policies/tibet-special-training/batch-4"
    )
    assert {(bearer, whole) for _, bearer, whole in gateway.seen} == {("Bearer secret", True)}


def test_nobody_is_asked_without_a_token(tmp_path: Path) -> None:
    """A gateway elsewhere knows no seeded user."""
    with pytest.raises(Trouble, match="who you are"):
        apply([TIBET], gateway="http://127.0.0.1:1")
