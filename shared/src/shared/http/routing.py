"""The routes of an application, those of included routers too, which FastAPI keeps as they are."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.routing import APIRoute


def routes_of(app: FastAPI) -> Iterator[APIRoute]:
    """Every route with a path and a handler of ours."""
    for each in app.routes:
        inner = getattr(each, "original_router", None)
        yield from (route for route in (inner.routes if inner else [each]) if isinstance(route, APIRoute))
