"""Which headers cross the door. Both directions are allow-lists: what is not named here does not pass."""

from __future__ import annotations

import secrets
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
        "accept-ranges", "allow", "cache-control", "content-disposition", "content-language",
        "content-range", "content-type", "deprecation", "etag", "idempotent-replayed", "last-modified", "link",
        "location", "preference-applied", "published-events", "retry-after", "sunset", "vary",
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
    sizes = [len(name) + len(value) for name, value in headers]
    if len(sizes) > MAX_COUNT or sum(sizes) > MAX_TOTAL or max(sizes, default=0) > MAX_LINE:
        raise HeadersTooLarge("headers-too-large", "The headers of the request are too large.")
    names = [name for name, _ in headers]
    if names.count(b"host") != 1:
        raise Malformed("bad-host", "Send exactly one Host header.")
    if any(names.count(name) > 1 for name in SINGLE):
        raise Malformed("repeated-header", "A header that may be sent once was sent twice.")


def one(headers: Headers, wanted: bytes) -> str | None:
    """The value of a header, or None; the first when a repeatable header was repeated."""
    return next((value.decode("latin-1") for name, value in headers if name == wanted), None)


def for_upstream(headers: Headers, *, token: str | None, trace: str) -> list[tuple[str, str]]:
    """The request headers for a service, rebuilt from the allow-list, with the internal token and a new trace."""
    passed = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers if name in REQUEST]
    passed.append(("traceparent", trace))
    if token is not None:
        passed.append(("authorization", f"Bearer {token}"))
    return passed


def for_caller(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """The response headers for the caller; nothing that a service did not mark cacheable may be stored."""
    passed = [(name.lower(), value) for name, value in headers if name.lower() in RESPONSE]
    if all(name != "cache-control" for name, _ in passed):
        passed.append(("cache-control", "no-store"))
    passed.append(("x-content-type-options", "nosniff"))
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in passed]


def new_trace() -> str:
    """A W3C traceparent that starts at the door; what callers send is never continued."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
