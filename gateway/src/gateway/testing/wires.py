"""The server's protocol between two wires that only remember."""

from __future__ import annotations

import asyncio
import time
from collections.abc import MutableMapping
from typing import Any

from uvicorn.server import ServerState

from gateway.adapters.forwarding.client.connection import Connection
from gateway.adapters.forwarding.passage import Passage, Side
from gateway.adapters.forwarding.sender import SENDER
from gateway.adapters.forwarding.table import Route
from gateway.adapters.forwarding.upstream import Upstream
from gateway.adapters.serving import BoundedProtocol, configured

ASKED = b"GET /v1/selection/x HTTP/1.1\r\nHost: door\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"


class Wire(asyncio.Transport):
    """Remembers what was written, and how it ended."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.ended, self.paused = b"", "", False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return bool(self.ended)

    def close(self) -> None:
        self.ended = self.ended or "closed"

    def abort(self) -> None:
        self.ended = "aborted"

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


class Passing:
    """An application that passes on all it is asked to, and answers 418 when it is called."""

    def __init__(self, upstream: Upstream) -> None:
        self.upstream, self.called = upstream, 0
        self.scopes: list[dict[str, Any]] = []

    def pass_on(self, scope: MutableMapping[str, Any], side: Side) -> Passage | None:
        """Over a connection that rests; the scope is remembered as it came."""
        self.scopes.append(dict(scope))
        scope.setdefault(SENDER, object())
        passage = Passage(scope, Route("/v1/selection/", "selection"), self.upstream, [(b"api-version", b"1")], side)
        return passage if passage.begins(scope["raw_path"], b"") else None

    async def __call__(self, _: MutableMapping[str, Any], __: Any, send: Any) -> None:
        """The ordinary way."""
        self.called += 1
        await send({"type": "http.response.start", "status": 418, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class Table:
    """The caller's wire, the service's, and the protocol between them."""

    def __init__(self, **settings: Any) -> None:
        self.upstream = Upstream("selection", "http://service:1")
        self.connection, self.service, self.caller = Connection(lambda _: None), Wire(), Wire()
        self.connection.connection_made(self.service)
        self.upstream._pool._resting.append((time.monotonic(), self.connection))
        self.app = Passing(self.upstream)
        config = configured(self.app, "127.0.0.1", 1)
        for name, value in settings.items():
            setattr(config, name, value)
        config.load()
        self.protocol = BoundedProtocol(config, ServerState(), {})
        self.protocol.connection_made(self.caller)

    async def served(self) -> None:
        """Until every task has ended."""
        while self.protocol.tasks:
            await asyncio.wait(self.protocol.tasks)
