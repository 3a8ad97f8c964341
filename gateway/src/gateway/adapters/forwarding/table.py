"""The one route table: which path goes to which service, with which limits, and whether a token is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from shared.kernel.refusals import Malformed

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Route:
    """One row.

    Attributes:
        prefix: path prefix, ends with a slash.
        service: the upstream and the audience of the internal token.
        timeout: seconds the upstream may stay silent.
        body_limit: bytes of the request body.
        public: True when no token is asked for and none is handed on.
        methods: the methods let through, upper case; None for all, empty for a closed way.
    """

    prefix: str
    service: str
    timeout: float = 30.0
    body_limit: int = MIB
    public: bool = False
    methods: frozenset[str] | None = None


READING: frozenset[str] | None = frozenset({"GET", "HEAD"})
NOBODY: frozenset[str] | None = frozenset()
SERVICES = ("selection", "placement", "assessment", "funding")

ROUTES: tuple[Route, ...] = (
    *(Route(f"/v1/{service}/", service) for service in SERVICES),
    *(Route(f"/v1/{service}/policies/", service, body_limit=2 * MIB) for service in SERVICES),
    Route("/v1/selection/organisations", "selection", body_limit=8 * MIB, timeout=60.0),
    Route("/v1/selection/calls/", "selection", body_limit=20 * MIB, timeout=120.0),
    Route("/v1/selection/jobs/", "selection", timeout=120.0),
    Route("/v1/selection/reviews", "selection", timeout=120.0),
    Route("/v1/selection/recommendations", "selection", timeout=120.0),
    Route("/v1/selection/panels/", "selection", timeout=120.0),
    Route("/v1/selection/rosters/", "selection", timeout=120.0),
    Route("/v1/selection/balancing-runs/", "selection", timeout=120.0),
    Route("/v1/selection/sessions/", "selection", timeout=120.0),
    Route("/v1/placement/hosts", "placement", body_limit=8 * MIB, timeout=60.0),
    Route("/v1/placement/calendars/feed/", "placement", public=True, methods=READING),
    Route("/v1/placement/matching-runs", "placement", timeout=120.0),
    Route("/v1/assessment/certificates/issue", "assessment", timeout=120.0),
    Route("/v1/assessment/.well-known/", "assessment", public=True, methods=READING),
    Route("/v1/assessment/vc-api/", "assessment", methods=NOBODY),
    Route("/v1/assessment/status-lists/", "assessment", public=True, methods=READING),
    Route("/v1/selection/persons/", "selection", methods=NOBODY),
    Route("/v1/selection/persons/me", "selection"),
    Route("/v1/assessment/verifications", "assessment", methods=NOBODY),
)
"""Every way through the door. Three are closed: conformance tests speak to assessment itself, persons are looked up by services only (a person reaches
what is their own under ``me``), and the public verification of
assessment is reached through the throttled routes of the gateway itself (``/v1/verifications``, ``/verify``)."""

_ORDINARY = re.compile(rb"(?=.{1,2048}\Z)(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~!$&'()*+,;=:@-]+)+/?")
"""What nearly every path is: no escape, no dot segment, no empty segment."""

_PLAIN = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=:@%/-]{1,2048}")


class RouteTable:
    """Finds the row of a path: the longest prefix wins."""

    def __init__(self, routes: Iterable[Route] = ROUTES) -> None:
        self._rows = {route.prefix: route for route in routes}
        longest_first = sorted(self._rows, key=len, reverse=True)
        self._prefix = re.compile("|".join(re.escape(prefix) for prefix in longest_first))

    def match(self, path: str) -> Route | None:
        """The row for a decoded path, or None."""
        found = self._prefix.match(path)
        return self._rows[found.group()] if found else None

    def services(self) -> frozenset[str]:
        """Every service that some row names."""
        return frozenset(route.service for route in self._rows.values())


def checked_path(raw: bytes) -> str:
    """The path as it may be matched and forwarded.

    Raises:
        Malformed: ``malformed-path`` for characters outside RFC 3986, dot segments, empty segments, and encoded
            slashes, backslashes or control characters, which two parsers could read in two ways.
    """
    if _ORDINARY.fullmatch(raw):
        return raw.decode("ascii")
    decoded = unquote_to_bytes(raw)
    segments = decoded.split(b"/")[1:]
    twisted = raw.lower().count(b"%2f") or b"\\" in decoded or any(byte < 0x20 or byte == 0x7F for byte in decoded)
    if not _PLAIN.fullmatch(raw) or twisted or any(part in {b".", b".."} for part in segments) or b"" in segments[:-1]:
        raise Malformed("malformed-path", "The path of the request is not acceptable.")
    try:
        return decoded.decode()
    except UnicodeDecodeError:
        raise Malformed("malformed-path", "The path of the request is not acceptable.") from None


def check_upstreams(table: RouteTable, upstreams: Mapping[str, str]) -> None:
    """Refuse to start when a row names a service without an address. Raises ``LookupError`` naming them."""
    missing = sorted(table.services() - upstreams.keys())
    if missing:
        raise LookupError(f"no upstream address for {missing}")
