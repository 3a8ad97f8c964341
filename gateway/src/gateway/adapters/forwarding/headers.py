"""Which headers cross the door. Both directions are allow-lists: what is not named here does not pass."""

from __future__ import annotations

import os
from collections.abc import Iterable

from gateway.adapters.refusals import HeadersTooLarge
from shared.kernel.refusals import Malformed

Headers = Iterable[tuple[bytes, bytes]]

REQUEST = frozenset(
    {
        b"accept", b"accept-language", b"content-type", b"idempotency-key", b"if-match", b"if-none-match",
        b"if-modified-since", b"if-unmodified-since", b"prefer", b"range",
    }
)  # fmt: skip
"""What a caller may tell a service. Hop-by-hop headers, ``X-Forwarded-*``, ``X-User*``, ``ce-*``, names with an
underscore, cookies and the caller's own token are not in it."""

RESPONSE = frozenset(
    {
        b"accept-ranges", b"allow", b"cache-control", b"content-disposition", b"content-language",
        b"content-range", b"content-type", b"deprecation", b"etag", b"idempotent-replayed", b"last-modified", b"link",
        b"location", b"preference-applied", b"published-events", b"retry-after", b"sunset", b"vary",
    }
)  # fmt: skip
"""What a service may tell a caller; ``Content-Length`` is handled with the body."""

SINGLE = frozenset({b"content-type", b"idempotency-key", b"if-match", b"authorization", b"x-purpose", b"last-event-id"})
"""Headers that mean nothing when sent twice."""

MAX_COUNT = 100
MAX_LINE = 8 * 1024
MAX_TOTAL = 32 * 1024


def check(headers: list[tuple[bytes, bytes]]) -> None:
    """Refuse what two servers could read in two ways.

    Raises:
        HeadersTooLarge: ``headers-too-large`` beyond 100 lines, 8 KiB a line or 32 KiB in all.
        Malformed: ``bad-host`` unless there is exactly one Host; ``repeated-header`` when a header that must be
            single came twice.
    """
    total, seen, twice = 0, set(), []
    for name, value in headers:
        size = len(name) + len(value)
        total += size
        if size > MAX_LINE:
            total += MAX_TOTAL
        if name in seen:
            twice.append(name)
        seen.add(name)
    if len(headers) > MAX_COUNT or total > MAX_TOTAL:
        raise HeadersTooLarge("headers-too-large", "The headers of the request are too large.")
    if b"host" not in seen or b"host" in twice:
        raise Malformed("bad-host", "Send exactly one Host header.")
    if not SINGLE.isdisjoint(twice):
        raise Malformed("repeated-header", "A header that may be sent once was sent twice.")


def one(headers: Headers, wanted: bytes) -> str | None:
    """The value of a header, or None; the first when a repeatable header was repeated."""
    for name, value in headers:
        if name == wanted:
            return value.decode("latin-1")
    return None


def for_upstream(headers: Headers, *, token: str | None, trace: str) -> list[tuple[bytes, bytes]]:
    """The request headers for a service, rebuilt from the allow-list, with the internal token and a new trace."""
    passed = [*passing(headers), (b"traceparent", trace.encode("ascii"))]
    if token is not None:
        passed.append((b"authorization", b"Bearer " + token.encode("ascii")))
    return passed


def passing(headers: Headers) -> list[tuple[bytes, bytes]]:
    """What of the request headers goes on as it came."""
    return [field for field in headers if field[0] in REQUEST]


def for_caller(headers: Headers) -> list[tuple[bytes, bytes]]:
    """The response headers for the caller; nothing that a service did not mark cacheable may be stored.

    Args:
        headers: names in lower case.
    """
    passed = [field for field in headers if field[0] in RESPONSE]
    if b"cache-control" not in [name for name, _ in passed]:
        passed.append((b"cache-control", b"no-store"))
    passed.append((b"x-content-type-options", b"nosniff"))
    return passed


def new_trace() -> str:
    """A W3C traceparent that starts at the door; what callers send is never continued."""
    drawn = os.urandom(24).hex()
    return f"00-{drawn[:32]}-{drawn[32:]}-01"
