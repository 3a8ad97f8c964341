"""The way of plain reads through the server: from the parser to ``Passage`` and back, with no task for each request."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any, Final, Protocol, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gateway.adapters.forwarding.client.wire import Header
from gateway.adapters.forwarding.passage import Passage, Side

METHODS: Final = {b"GET": "GET", b"HEAD": "HEAD"}
FRAMING: Final = frozenset({b"content-length", b"transfer-encoding", b"upgrade", b"expect"})
"""Fields of requests that are not plain."""


class PassesOn(Protocol):
    """An ASGI application that can also pass a plain read on at once."""

    def pass_on(self, scope: MutableMapping[str, Any], side: Side) -> Passage | None:
        """The passage that has begun, or None when the application has to be called."""
        ...


class PassingProtocol(HttpToolsProtocol):
    """Lets the door pass plain reads on at once; everything else is served as uvicorn does.

    Plain is a GET or HEAD of HTTP/1.1 without a body or anything like it, on a connection that stays, with an ordinary
    path, that follows no unanswered one.
    """

    _passage: Passage | None = None

    def on_headers_complete(self) -> None:
        """The head is here."""
        passage = self._passed()
        if passage is None:
            super().on_headers_complete()
        else:
            self._passage = passage
            self.cycle = cast(RequestResponseCycle, passage)

    def connection_lost(self, exc: Exception | None) -> None:
        """The caller is gone."""
        super().connection_lost(exc)
        if self._passage is not None:
            self._passage.caller_left()

    def resume_writing(self) -> None:
        """The caller takes more."""
        super().resume_writing()
        if self._passage is not None:
            self._passage.news()

    def _passed(self) -> Passage | None:
        parser, door, url, scope = self.parser, self.config.app, self.url, cast(MutableMapping[str, Any], self.scope)
        method = METHODS.get(parser.get_method())
        raw, _, query = url.partition(b"?")
        if (
            method is None
            or parser.get_http_version() != "1.1"
            or not parser.should_keep_alive()
            or parser.should_upgrade()
            or not url.startswith(b"/")
            or not url.isascii()
            or b"%" in raw
            or b"#" in url
            or not FRAMING.isdisjoint([name for name, _ in self.headers])
            or (self.cycle is not None and not self.cycle.response_complete)
            or self.flow.write_paused
            or self._crowded()
        ):
            return None
        scope["method"], scope["path"] = method, raw.decode("ascii")
        scope["raw_path"], scope["query_string"] = raw, query
        try:
            return cast(PassesOn, door).pass_on(scope, self)
        except Exception:  # noqa: BLE001 - a call comes to the same and says so; the parser would blame the request
            return None

    def _crowded(self) -> bool:
        most = self.limit_concurrency
        return most is not None and (len(self.connections) >= most or len(self.tasks) >= most)

    # -- Side

    def full(self) -> bool:
        """See ``Side.full``."""
        return self.flow.write_paused

    def write(self, piece: bytes) -> None:
        """See ``Side.write``."""
        self.transport.write(piece)

    def over(self, *, close: bool) -> None:
        """See ``Side.over``."""
        if close:
            self.transport.close()
        self.on_response_complete()

    def cut(self) -> None:
        """See ``Side.cut``."""
        self.transport.abort()

    def default_fields(self) -> list[Header]:
        """See ``Side.default_fields``."""
        return self.server_state.default_headers

    def hand_back(self, passage: Passage) -> None:
        """See ``Side.hand_back``."""
        cycle = RequestResponseCycle(
            scope=cast(Any, passage.scope),
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=passage.keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.more_body = False
        if self.cycle is cast(Any, passage):
            self.cycle = cycle
        self._start_asgi_task(cycle, self.app)
