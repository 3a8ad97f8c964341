"""Which methods a path knows: ``Allow`` of a 405 names those of every route of the path, not of the first one only."""

from __future__ import annotations

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.routing import Match

from shared.http.routing import routes_of


def allowed(request: Request) -> str:
    """The value of ``Allow`` for the path of ``request``."""
    routes = list(routes_of(request.app))
    literal = [route for route in routes if route.path == request.url.path]
    known: set[str] = set()
    for route in literal or routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            known |= route.methods or set()
    return ", ".join(sorted(known))


def is_other_method(request: Request, error: RequestValidationError) -> bool:
    """True when an address is no id but a route of its own, which knows other methods: ``GET /things/offers``."""
    places = {found["loc"][0] for found in error.errors() if found["loc"]}
    return "path" in places and any(route.path == request.url.path for route in routes_of(request.app))
