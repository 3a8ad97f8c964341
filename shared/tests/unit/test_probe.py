"""The probe of a container asks its own process and nothing else."""

from __future__ import annotations

import ast
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from shared import probe


class Answers(BaseHTTPRequestHandler):
    """Ready, but not alive."""

    def do_GET(self) -> None:
        """Answer one probe."""
        self.send_response(200 if self.path == "/health/ready" else 503)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """A process that answers probes."""
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_it_asks_the_member_of_the_image(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    environment = {"TALENT_MEMBER": "selection", "SELECTION_PORT": str(port)}
    assert probe.main([], environment) == 0
    assert capsys.readouterr().out == "/health/ready\n"
    assert probe.main(["live"], environment) == 1
    assert probe.main(["startup", "--port", str(port)], {}) == 1


def test_nobody_there_is_unwell() -> None:
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        free = server.server_port
    assert probe.main(["ready", "--port", str(free)], {}) == 1


@pytest.mark.parametrize(
    "environment",
    [{}, {"TALENT_MEMBER": "selection"}, {"TALENT_MEMBER": "selection", "SELECTION_PORT": "http"}],
)
def test_without_a_port_nobody_can_be_asked(environment: dict[str, str]) -> None:
    assert probe.main([], environment) == 2


def test_it_needs_the_standard_library_only() -> None:
    tree = ast.parse(Path(probe.__file__).read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
