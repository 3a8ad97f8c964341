"""A request without a body that is passed on at once, without a task: callbacks carry it from socket to socket.

Only what goes as it should ends here. A request that cannot be passed on at once, or that fails before its answer began,
takes the ordinary way (``Forwarder``), which knows every refusal, the retry and the breaker; what was already done for it
(counted, verified, tried) stands in its scope.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import MutableMapping
from typing import Any, ClassVar, Final, Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from gateway.adapters.forwarding.client.answer import Answer
from gateway.adapters.forwarding.client.connection import Connection
from gateway.adapters.forwarding.client.failures import Broken
from gateway.adapters.forwarding.client.wire import Header, chunk_of
from gateway.adapters.forwarding.errand import told
from gateway.adapters.forwarding.noting import BEGAN, TRIED, note
from gateway.adapters.forwarding.table import Route
from gateway.adapters.forwarding.upstream import LEAST_RATE, Upstream
from gateway.adapters.tracing import ENTERED, Entered
from shared.logs import logger

_CONTROL: Final = bytes({*range(0x20), 0x7F} - {0x09})
_BODILESS: Final = frozenset({204, 304})

_log = logger("forwarding")


class Side(Protocol):
    """The caller's side of a passage."""

    def full(self) -> bool:
        """True while the caller does not take what was written already; ``Passage.news`` is called when it does again."""
        ...

    def write(self, piece: bytes) -> None:
        """Send bytes to the caller."""
        ...

    def over(self, *, close: bool) -> None:
        """The whole answer was written; ``close`` when nothing may follow on this connection."""
        ...

    def cut(self) -> None:
        """Cut the connection, so that nobody takes what was written for a whole answer."""
        ...

    def hand_back(self, passage: Passage) -> None:
        """Have the ordinary way answer: nothing was written yet."""
        ...

    def default_fields(self) -> list[Header]:
        """What stands at the head of every answer."""
        ...


class Passage:
    """One request under way. To uvicorn it looks like the cycle of a request.

    Attributes:
        scope: of the request.
        response_complete: True when the passage is over, however it ended.
        keep_alive: False when the caller's connection is to be closed after the answer.
    """

    message_event: ClassVar = asyncio.Event()
    """Set by uvicorn, awaited by nobody."""

    def __init__(
        self, scope: MutableMapping[str, Any], route: Route, upstream: Upstream, fields: list[Header], side: Side
    ) -> None:
        self.scope = scope
        self.response_complete = self.disconnected = False
        self.keep_alive = self.more_body = True
        self._route, self._upstream, self._fields, self._side = route, upstream, fields, side
        self._status, self._chunked = 0, False
        self._began = time.perf_counter()
        self._connection: Connection | None = None

    def begins(self, target: bytes, lines: bytes) -> bool:
        """Send the request with these ``lines`` of fields; False when that is not possible at once. Raises ``Malformed``."""
        method, timeout = self.scope["method"], self._route.timeout
        self._connection = self._upstream.at_once(method, target, lines, timeout, self.news)
        return self._connection is not None

    def news(self) -> None:
        """The service said something or fell silent, or the caller takes more."""
        if self.response_complete or self._connection is None:
            return
        try:
            self._advance(self._connection)
        except Exception:  # noqa: BLE001 - whatever it is, the caller must not wait for ever
            _log.exception("an answer could not be passed on", upstream=self._upstream.service)
            self._break_off(self._connection, failed=False)

    def caller_left(self) -> None:
        """The caller hung up."""
        if not self.response_complete and self._connection is not None:
            self._status = 499
            self._leave(self._connection, failed=False)

    def _advance(self, connection: Connection) -> None:
        answer, failure = connection.answer, connection.failure
        if self._side.full():
            if failure is not None or connection.late:
                self._break_off(connection, failed=failure is not None)
        elif failure is not None and not answer.ready:
            self._give_up(connection, failure)
        elif answer.head:
            head = b"" if self._status else self._head(answer)
            if head is None:
                self._give_up(connection, Broken("the answer cannot be passed on"))
            else:
                self._pass(connection, head)

    def _pass(self, connection: Connection, head: bytes) -> None:
        """Write what is here in one piece."""
        more = True
        if connection.answer.ready:
            body, more = connection.take()
            if more:
                connection.extend(len(body) / LEAST_RATE)
            if self._chunked:
                body = (chunk_of(body) if body else b"") + (b"" if more else chunk_of(b""))
            head += body
        self._side.write(head)
        if not more:
            self.response_complete = True
            self._upstream.passed(connection)
            self._note()
            self._side.over(close=not self.keep_alive)

    def _head(self, answer: Answer) -> bytes | None:
        """The head for the caller; with it the answer has begun. None for what is no head."""
        line = STATUS_LINE.get(answer.status)
        fields = [*self._side.default_fields(), *told(answer.headers), *self._fields]
        sized = b"content-length" in [name for name, _ in fields]
        self._chunked = not sized and self.scope["method"] != "HEAD" and answer.status not in _BODILESS
        if self._chunked:
            fields.append((b"transfer-encoding", b"chunked"))
        if not self.keep_alive:
            fields.append((b"connection", b"close"))
        head = b"\r\n".join([name + b": " + value for name, value in fields])
        if line is None or len(head.translate(None, _CONTROL)) != len(head) - 2 * len(fields) + 2:
            return None
        self._status = answer.status
        return line + head + b"\r\n\r\n"

    def _give_up(self, connection: Connection, failure: Exception) -> None:
        if self._status:
            self._break_off(connection, failed=True)
        else:
            self._hand_back(connection, failure)

    def _hand_back(self, connection: Connection, failure: Exception) -> None:
        self.response_complete = True
        self._upstream.left(connection, failed=False)  # the ordinary way counts the failure
        self.scope[TRIED], self.scope[BEGAN] = failure, self._began
        self._side.hand_back(self)

    def _break_off(self, connection: Connection, *, failed: bool) -> None:
        self._leave(connection, failed=failed)
        self._side.cut()

    def _leave(self, connection: Connection, *, failed: bool) -> None:
        self.response_complete = True
        self._upstream.left(connection, failed=failed)
        self._note()

    def _note(self) -> None:
        entered: Entered | None = self.scope.get(ENTERED)
        if entered is None:
            self._written()
        else:
            entered.leave(self._written)

    def _written(self) -> None:
        note(self.scope, self._route, self._status, time.perf_counter() - self._began)
