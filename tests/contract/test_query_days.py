"""A day or a moment in a query is what the contract says, on every route of every service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from talent_local.authorization import services


def parameters() -> Iterator[tuple[str, Any]]:
    """Every parameter in a query or an address."""
    for service in services().values():
        for router in service.routers:
            for route in router.routes:
                if isinstance(route, APIRoute):
                    for field in told(route.dependant):
                        yield f"{route.path} {field.alias}", field


def told(dependant: Dependant) -> Iterator[Any]:
    """What a route and everything it depends on reads from the address."""
    yield from dependant.query_params
    yield from dependant.path_params
    for inner in dependant.dependencies:
        yield from told(inner)


def test_seconds_since_1970_are_no_day() -> None:
    """Pydantic alone takes ``0`` for 1970-01-01; the contract says ``format: date``."""
    asked, wrong = 0, []
    for where, field in parameters():
        for written in ("0", "0.5", "1725148800", "2024-09-01T00:00:00"):
            taken, refused = field.validate(written, {}, loc=("query", field.alias))
            asked += 1
            if not refused and isinstance(taken, date):
                wrong.append(f"{where}: {written!r} was taken for {taken!r}")

    assert wrong == []
    assert asked > 2000
