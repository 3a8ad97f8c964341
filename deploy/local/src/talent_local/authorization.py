"""The authorisation matrix: every route × every role × relation, read off the policy tables and the guards of the routes.

``python -m talent_local.authorization`` writes ``docs/authorization.csv``; a test holds the file equal to the code and
another asks every route as every role.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

from fastapi.routing import APIRoute

from shared.http.guards import CommandGuard, PublicGuard, QueryGuard
from shared.http.running import Service
from shared.kernel.actor import Actor, Relation, Role
from talent_local.home import checkout

ROLES: Final = tuple(role for role in Role if role is not Role.SYSTEM)
"""Every role that a token can carry: those of people and agencies, and ``service`` inside the platform."""
HOMES: Final = {
    "selection": "selection.service", "placement": "placement.service", "assessment": "assessment.service",
    "funding": "funding.service", "gateway": "gateway.api",
}  # fmt: skip
"""Where each service describes itself."""
FILE: Final = "docs/authorization.csv"
_ORDER: Final = tuple(Relation)


@dataclass(frozen=True, slots=True)
class Way:
    """One route and who may take it.

    Attributes:
        path: as a template.
        action: of the policy table; empty for a route that is open to everybody on purpose.
        reason: why it is open; empty otherwise.
        door: ``open``, ``public`` (no token asked for) or ``closed`` (inside the platform only).
        granted: relations by role; a role that is missing is refused.
    """

    service: str
    method: str
    path: str
    action: str
    reason: str
    door: str
    granted: dict[Role, tuple[Relation, ...]]


def services() -> dict[str, Service[Any]]:
    """Every service by name, as it describes itself."""
    return {name: import_module(place).SERVICE for name, place in HOMES.items()}


def ways() -> Iterator[Way]:
    """Every route of every service, in a stable order."""
    for service in services().values():
        found = [
            _way(service, method, route)
            for router in service.routers
            for route in router.routes
            if isinstance(route, APIRoute)
            for method in sorted((route.methods or set()) - {"HEAD"})
        ]
        yield from sorted(found, key=lambda way: (way.path, way.method))


def _way(service: Service[Any], method: str, route: APIRoute) -> Way:
    (guard,) = (
        each.call
        for each in route.dependant.dependencies
        if isinstance(each.call, (CommandGuard, QueryGuard, PublicGuard))
    )
    action = "" if isinstance(guard, PublicGuard) else guard.action
    granted: dict[Role, tuple[Relation, ...]] = {}
    for role in ROLES:
        relations = service.policy.relations(action, Actor("anybody", "cn", frozenset({role})))
        if relations:
            granted[role] = tuple(relation for relation in _ORDER if relation in relations)
    reason = guard.reason if isinstance(guard, PublicGuard) else ""
    return Way(service.name, method, route.path, action, reason, _door(method, route.path), granted)


def _door(method: str, path: str) -> str:
    row = _table().match(path)
    if row is None:
        return "open"
    if row.methods is not None and method not in row.methods:
        return "closed"
    return "public" if row.public else "open"


@cache
def _table() -> Any:
    return import_module("gateway.adapters.forwarding.table").RouteTable()


def document() -> str:
    """The matrix as CSV: one line a route, one column a role; a cell names the relations, empty means refused."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write(["owner", "method", "path", "action", "door", *ROLES, "open_because"])
    for way in ways():
        cells = [" ".join(way.granted.get(role, ())) for role in ROLES]
        write([way.service, way.method, way.path, way.action, way.door, *cells, way.reason])
    return text.getvalue()


def main() -> int:
    """Write the document of this checkout."""
    (checkout() / FILE).write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
