"""The way of plain reads through the server: from the parser to ``Passage`` and back, with no task for each request."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, MutableMapping
from types import MappingProxyType
from typing import Any, Final, Protocol, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from gateway.adapters.forwarding.client.wire import Header
from gateway.adapters.forwarding.passage import Passage, Side
from gateway.adapters.said import LINE, OURS, Said, said_of

METHODS: Final = {b"GET": "GET", b"HEAD": "HEAD"}
FRAMING: Final = frozenset({b"content-length", b"transfer-encoding", b"upgrade", b"expect"})
"""Fields of requests that are not plain."""
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class PassesOn(Protocol):
    """An ASGI application that can also pass a plain read on at once."""

    def pass_on(self, scope: MutableMapping[str, Any], side: Side) -> Passage | None:
        """The passage that has begun, or None when the application has to be called."""
        ...


class PassingProtocol(HttpToolsProtocol):
    """Lets the door pass plain reads on at once; everything else is served as uvicorn does.

    Plain is a GET or HEAD of HTTP/1.1 without a body or anything like it, on a connection that stays, with an ordinary
    path, that follows no unanswered one. One that differs from the last such request in nothing but its request line
    is not parsed again.
    """

    _passage: Passage | None = None
    _said: Said | None = None
    _piece = b""
    _between = True
    _missed = NOTHING

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        if self._said is not None and self._said_again(data, self._said):
            return
        self._piece = data if self._between else b""
        super().data_received(data)
        self._piece, self._missed = b"", NOTHING

    def on_message_begin(self) -> None:
        """The first byte of a request came."""
        self._between = False
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """The request is here."""
        self._between = True
        super().on_message_complete()

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
        parser, url, scope = self.parser, self.url, cast(MutableMapping[str, Any], self.scope)
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
        if self._missed:  # tried a moment ago
            scope.update(self._missed)
            return None
        scope["method"], scope["path"] = method, raw.decode("ascii")
        scope["raw_path"], scope["query_string"] = raw, query
        passage = self._begun(scope)
        self._said = None if passage is None else said_of(self._piece, url, scope)
        return passage

    def _begun(self, scope: MutableMapping[str, Any]) -> Passage | None:
        try:
            return cast(PassesOn, self.config.app).pass_on(scope, self)
        except Exception:  # noqa: BLE001 - a call comes to the same and says so; the parser would blame the request
            return None

    def _said_again(self, data: bytes, said: Said) -> bool:
        """Pass on a request of which only the line is new; False when the parser has to look at it."""
        if not (
            self._between
            and data.endswith(said.fields)
            and (self.cycle is None or self.cycle.response_complete)
            and not self.flow.write_paused
            and not self._crowded()
        ):
            return False
        line = LINE.fullmatch(data, 0, len(data) - len(said.fields))
        if line is None:
            return False
        scope = said.again(line)
        self._unset_keepalive_if_required()
        passage = self._begun(scope)
        if passage is None:
            self._missed = {name: found for name, found in scope.items() if name.startswith(OURS)}
            return False
        self._passage, self.cycle = passage, cast(RequestResponseCycle, passage)
        return True

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
