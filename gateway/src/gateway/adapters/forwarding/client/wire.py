"""How a request is written (RFC 9112)."""

from __future__ import annotations

from collections.abc import Sequence

from shared.kernel.refusals import Malformed

Header = tuple[bytes, bytes]

_NO_TARGET = bytes(range(0x21)) + b"\x7f"

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
    framing: list[Header] = []
    if length is None:
        framing.append((b"transfer-encoding", b"chunked"))
    elif length or method in WITH_BODY:
        framing.append((b"content-length", b"%d" % length))
    return bodiless_head(method, target, host, lines_of([*headers, *framing]))


def bodiless_head(method: str, target: bytes, host: bytes, lines: bytes) -> bytes:
    """``head_of`` a request without a body; ``lines`` as ``lines_of`` writes them. Raises ``Malformed``."""
    if len(target.translate(None, _NO_TARGET)) != len(target):
        raise _malformed()
    return b"%b %b HTTP/1.1\r\nhost: %b\r\n%b\r\n" % (method.encode("ascii"), target, host, lines)


def lines_of(headers: Sequence[Header]) -> bytes:
    """Header fields as they are sent, each with the end of its line. Raises ``Malformed`` when one would end early."""
    lines = b"".join([name + b": " + value + b"\r\n" for name, value in headers])
    if lines.count(b"\n") != len(headers) or lines.count(b"\r") != len(headers) or b"\0" in lines:
        raise _malformed()
    return lines


def _malformed() -> Malformed:
    return Malformed("malformed-request", "The request cannot be passed on as it is.")


def chunk_of(piece: bytes) -> bytes:
    """A piece of a body whose length is not known; empty for the end of the body."""
    return b"%x\r\n%s\r\n" % (len(piece), piece)
