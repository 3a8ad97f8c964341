"""Who owes what and who sees it: roles and relations over the columns of obligations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, or_

from placement.adapters.http.scoping import shared_with
from shared.http.queries import Scope
from shared.kernel.actor import Actor, Relation, Role

OWES: dict[Role, str] = {
    Role.APPLICANT: "trainee",
    Role.UNIT_OFFICER: "sending_unit",
    Role.REGIONAL_OFFICER: "region",
    Role.MINISTRY_OFFICER: "ministry",
    Role.HOST_OFFICER: "host",
    Role.MENTOR: "mentor",
    Role.GROUP_LEADER: "group_leader",
    Role.SECTOR_DEPARTMENT: "sector_department",
}
"""The code under which a role owes things."""


def owed_under(actor: Actor) -> frozenset[str]:
    """The codes under which the roles of the caller owe things."""
    codes = {OWES[role] for role in actor.roles if role in OWES}
    # Whoever is appointed leads, with or without the role in the token; the relation shows only groups of one's own.
    return frozenset(codes | ({"group_leader"} if actor.has(Role.APPLICANT) else set()))


def visible_to(scope: Scope) -> Callable[[FromClause], ColumnElement[bool]]:
    """The caller's scope over the columns of obligations."""

    def where(due: FromClause) -> ColumnElement[bool]:
        columns: dict[Relation, ColumnElement[Any]] = {
            Relation.SELF: due.c.account,
            Relation.OWN_UNIT: due.c.unit,
            Relation.DESCENDANT: due.c.unit,
            Relation.HOST: due.c.host,
            Relation.ASSIGNED: due.c.assigned == scope.actor.subject,
        }
        seen = scope.where(columns)
        shared = shared_with(scope)
        if shared is not None:
            # A host that has a share of the days hears what the leading host hears of the person (M-04).
            seen = or_(seen, due.c.participation.in_(shared))
        if scope.actor.has(Role.SECTOR_DEPARTMENT):
            # Organisations of departments lie in a tree of their own, so that neither tree can be taken for the other.
            seen = or_(seen, scope.where({Relation.DESCENDANT: due.c.department}))
        return seen

    return where
