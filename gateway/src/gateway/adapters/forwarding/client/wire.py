"""How a request is written (RFC 9112)."""

from __future__ import annotations

from collections.abc import Sequence

from shared.kernel.refusals import Malformed

Header = tuple[bytes, bytes]

WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose request says its length also when there is nothing."""


def head_of(method: str, target: bytes, host: bytes, headers: Sequence[Header], length: int | None) -> bytes:
    """The head of a request.

    Args:
        method: upper case.
        target: raw path and query.
        host: of the service, with its port.
        headers: without Host and those that frame the body.
        length: of the body in bytes; None when it is not known and the body goes in chunks.

    Raises:
        Malformed: ``malformed-request`` when a piece would end its line early, or the target is no single word.
    """
    lines = [b"%s %s HTTP/1.1" % (method.encode("ascii"), target), b"host: " + host]
    lines += [name + b": " + value for name, value in headers]
    if length is None:
        lines.append(b"transfer-encoding: chunked")
    elif length or method in WITH_BODY:
        lines.append(b"content-length: %d" % length)
    head = b"\r\n".join(lines)
    breaks = len(lines) - 1
    if head.count(b"\n") != breaks or head.count(b"\r") != breaks or b" " in target or b"\0" in head:
        raise Malformed("malformed-request", "The request cannot be passed on as it is.")
    return head + b"\r\n\r\n"


def chunk_of(piece: bytes) -> bytes:
    """A piece of a body whose length is not known; empty for the end of the body."""
    return b"%x\r\n%s\r\n" % (len(piece), piece)
