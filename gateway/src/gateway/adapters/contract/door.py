"""What the door itself may answer on any way, and the header fields it adds, written into the merged contract."""

from __future__ import annotations

from typing import Any

from gateway.adapters.contract.merge import METHODS, Document
from shared.http.messages import TITLES
from shared.http.problems import MEDIA_TYPE

ANYWHERE = (429, 431)
WITH_BODY = (408, 413)
FORWARDED = (503, 504)

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


def with_the_door(document: Document, services: frozenset[str]) -> Document:
    """The document with the door's own statuses and header fields on every operation; it is changed in place.

    Args:
        document: the merged contract.
        services: their paths are forwarded, so that an upstream may be down or slow.
    """
    if "Problem" not in document["components"]["schemas"]:
        return document
    document["components"]["headers"] = {**document["components"].get("headers", {}), **HEADERS}
    for path, item in document["paths"].items():
        if not path.startswith("/v1/"):
            continue
        forwarded = path.split("/")[2] in services
        for method in METHODS:
            if method in item:
                _complete(item[method].setdefault("responses", {}), method, forwarded=forwarded)
    return document


def _complete(responses: dict[str, Any], method: str, *, forwarded: bool) -> None:
    statuses = ANYWHERE + (() if method in {"get", "head"} else WITH_BODY) + (FORWARDED if forwarded else ())
    for status in statuses:
        responses.setdefault(str(status), _problem(status))
    for status, response in responses.items():
        headers = response.setdefault("headers", {})
        for name in ("RateLimit", "RateLimit-Policy", *(("Retry-After",) if status in {"429", "503"} else ())):
            headers.setdefault(name, {"$ref": f"#/components/headers/{name}"})


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": TITLES[status][0],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
