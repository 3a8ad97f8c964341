"""One answer as it is read from the bytes of a connection (RFC 9112), by llhttp."""

from __future__ import annotations

from collections import deque

import httptools

from gateway.adapters.forwarding.client.failures import Broken
from gateway.adapters.forwarding.client.wire import Header

LONGEST_HEAD = 64 * 1024
"""Bytes of the head of an answer."""


class Answer:
    """Collects what a service answers to one request.

    Args:
        head_only: True for HEAD, whose answer has no body whatever it says.

    Attributes:
        status: three digits; 0 until the head is here.
        headers: as they came, names in lower case; trailers are dropped.
        head: True when status and headers are here.
        whole: True when nothing more may come.
        waiting: bytes of the body that were not taken yet.
    """

    def __init__(self, *, head_only: bool) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._head_only = head_only
        self.status = 0
        self.headers: list[Header] = []
        self.head = self.whole = False
        self.waiting = 0
        self._chunks: deque[bytes] = deque()
        self._head_size = 0
        self._framed = self._kept = self._excess = False

    @property
    def kept(self) -> bool:
        """True when the service keeps the connection open after it, and said nothing more than was asked."""
        return self.whole and self._kept and not self._excess

    @property
    def ready(self) -> bool:
        """True when there is something to take, or nothing will ever be."""
        return bool(self._chunks) or self.whole

    def feed(self, data: bytes) -> None:
        """Read on. Raises ``Broken`` for what is no HTTP."""
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            raise Broken(f"the answer is no HTTP: {type(error).__name__}") from None

    def hang_up(self) -> None:
        """The connection ended in order; an answer that has no other end is whole now."""
        if self.head and not self._framed:
            self.whole = True

    def take(self) -> bytes:
        """What came of the body since the last time."""
        body = self._chunks.popleft() if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self.waiting = 0
        return body

    # -- httptools

    def on_message_begin(self) -> None:
        """An answer begins; a second one, that nobody asked for, would be taken for the answer to the next request."""
        self._excess = self.whole

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head."""
        if self.head:
            return
        self._head_size += len(name) + len(value)
        if self._head_size > LONGEST_HEAD:
            raise Broken("the head of the answer is too long")
        name = name.lower()
        if name in (b"content-length", b"transfer-encoding"):
            self._framed = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is here; one that only informs (1xx) is not the answer."""
        status = self._parser.get_status_code()
        if self._excess:
            return
        if status < 200:
            self.headers, self._framed = [], False
            return
        self.status, self.head = status, True
        self._kept = self._framed if self._head_only else self._parser.should_keep_alive()
        self.whole = self._head_only

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        if not self._head_only and not self._excess:
            self._chunks.append(body)
            self.waiting += len(body)

    def on_message_complete(self) -> None:
        """The answer is whole."""
        if self.head:
            self.whole = True
