"""The header fields that the door adds to every answer, for the contract."""

from __future__ import annotations

from typing import Any

HEADERS: dict[str, dict[str, Any]] = {
    "RateLimit": {
        "description": "Where the caller stands: kind of way, requests left (r), seconds until the window turns (t);"
        " draft-ietf-httpapi-ratelimit-headers.",
        "schema": {"type": "string"},
        "example": '"read";r=2999;t=42',
    },
    "RateLimit-Policy": {
        "description": "The quota of this kind of way: requests (q) in any window of so many seconds (w).",
        "schema": {"type": "string"},
        "example": '"read";q=3000;w=60',
    },
    "Retry-After": {
        "description": "Seconds after which the request is welcome.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 7,
    },
}
"""Header fields by name, as OpenAPI header objects."""
