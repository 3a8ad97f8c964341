"""Who sees a group and what belongs to it: the region, its leader, its members and their sending units."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, exists, select

from placement.adapters.db import tables
from shared.http.queries import Scope
from shared.kernel.actor import Relation

group, member = tables.study_group, tables.group_membership


def group_seen(scope: Scope) -> ColumnElement[bool]:
    """The predicate over ``study_group``; members see the group while they are in it, their units for ever."""
    own = scope.actor.organisation
    of_unit = exists().where(member.c.group == group.c.id, member.c.sending_unit == own)
    person = exists().where(
        member.c.group == group.c.id, member.c.account == scope.actor.subject, member.c.left_on.is_(None)
    )
    columns: dict[Relation, ColumnElement[Any]] = {
        Relation.DESCENDANT: group.c.region,
        Relation.ASSIGNED: group.c.leader_account == scope.actor.subject,
    }
    terms = scope.where(columns)
    if Relation.OWN_UNIT in scope.relations and own:
        terms = terms | of_unit
    if Relation.SELF in scope.relations:
        terms = terms | person
    return terms


def of_groups(table: Any, scope: Scope) -> Select[Any]:
    """Rows of ``table`` (which has ``group``) whose group the caller sees."""
    rows: FromClause = table.join(group, group.c.id == table.c.group)
    return select(table).select_from(rows).where(group_seen(scope))
