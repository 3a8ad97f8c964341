"""Which methods a path knows: ``Allow`` of a 405 names those of every route of the path, not of the first one only."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.routing import Match


def allowed(request: Request) -> str:
    """The value of ``Allow`` for the path of ``request``."""
    routes = list(_routes(request))
    literal = [route for route in routes if route.path == request.url.path]
    known: set[str] = set()
    for route in literal or routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            known |= route.methods or set()
    return ", ".join(sorted(known))


def is_other_method(request: Request, error: RequestValidationError) -> bool:
    """True when an address is no id but a route of its own, which knows other methods: ``GET /things/offers``."""
    places = {found["loc"][0] for found in error.errors() if found["loc"]}
    return "path" in places and any(route.path == request.url.path for route in _routes(request))


def _routes(request: Request) -> Iterator[APIRoute]:
    """The routes of the application, those of included routers too, which FastAPI keeps as they are."""
    for each in request.app.routes:
        inner = getattr(each, "original_router", None)
        yield from (route for route in (inner.routes if inner else [each]) if isinstance(route, APIRoute))
