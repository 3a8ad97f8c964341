"""Who owes what and who sees it: roles and relations over the columns of obligations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, or_

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
    return frozenset(OWES[role] for role in actor.roles if role in OWES)


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
        if scope.actor.has(Role.SECTOR_DEPARTMENT):
            # Organisations of departments lie in a tree of their own, so that neither tree can be taken for the other.
            seen = or_(seen, scope.where({Relation.DESCENDANT: due.c.department}))
        return seen

    return where
