"""Which kind of way a request goes; every kind has a limit of its own."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of ways. ``PUBLIC`` and ``VERIFICATION`` are counted by address, the others by who asks."""

    READ = "read"
    WRITE = "write"
    BULK = "bulk"
    FEED = "feed"
    PUBLIC = "public"
    VERIFICATION = "verification"


BY_ADDRESS = frozenset({Kind.PUBLIC, Kind.VERIFICATION})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_VERIFYING = ("/verify", "/v1/verifications", "/v1/assessment/status-lists/", "/v1/assessment/.well-known/")
_FEED = "/v1/events"
_BULK = re.compile(r"/(imports?|exports?|bulk|matching-runs|balancing-runs|certificates/issue)(/|$|\.)")


def kind_of(method: str, path: str) -> Kind:
    """The kind of a request whose caller is known; who is not known goes a ``PUBLIC`` way unless it is a verification.

    Args:
        method: upper case.
        path: decoded, without query.
    """
    if path.startswith(_VERIFYING):
        return Kind.VERIFICATION
    if path.startswith(_FEED):
        return Kind.FEED
    if method in SAFE:
        return Kind.READ
    return Kind.BULK if _BULK.search(path) else Kind.WRITE
