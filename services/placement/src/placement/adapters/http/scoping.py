"""What the routes have in common: the command, the query and the placement that rows are joined with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, or_, select

from placement.adapters.db import tables
from placement.domain.placements.segments import SegmentState
from placement.domain.placements.shares import WHOLE
from shared.http.queries import Scope
from shared.kernel.actor import Relation

PREFIX = "/v1/placement"
placement = tables.placement


def person_columns(host: ColumnElement[Any] | None = None) -> dict[Relation, ColumnElement[Any]]:
    """By which columns of the placement a scope is decided."""
    return {
        Relation.SELF: placement.c.account,
        Relation.OWN_UNIT: placement.c.sending_unit,
        Relation.DESCENDANT: placement.c.sending_unit,
        Relation.HOST: placement.c.host if host is None else host,
    }


def shared_with(scope: Scope) -> Select[Any] | None:
    """Placements in whose days the caller's host has a share beside the leading one (M-04); None for everybody else."""
    if Relation.HOST not in scope.relations or not scope.actor.organisation:
        return None
    share, lead = tables.segment.alias("share"), tables.segment.alias("lead")
    of = placement.alias("of_lead")
    return (
        select(share.c.placement)
        .join(lead, (lead.c.placement == share.c.placement) & (lead.c.starts_on == share.c.starts_on))
        .join(of, (of.c.id == share.c.placement) & (of.c.host == lead.c.host))
        .where(
            share.c.host == scope.actor.organisation,
            share.c.share < WHOLE,
            share.c.state != SegmentState.VOID,
            lead.c.state != SegmentState.VOID,
        )
    )


def of_persons(scope: Scope) -> ColumnElement[bool]:
    """Placements the caller may see: one's own, those of an office or host, those assigned, those shared."""
    seen = scope.where(person_columns() | {Relation.ASSIGNED: placement.c.mentor == scope.actor.subject})
    shared = shared_with(scope)
    return seen if shared is None else or_(seen, placement.c.id.in_(shared))


def visible(table: Any, scope: Scope, host: ColumnElement[Any] | None = None) -> Select[Any]:
    """Rows of ``table`` (which has ``participation``) whose placement the caller may see."""
    if host is None:
        seen = of_persons(scope)
    else:
        columns = person_columns(host) | {Relation.ASSIGNED: placement.c.mentor == scope.actor.subject}
        seen = scope.where(columns)
    return select(table).join(placement, placement.c.id == table.c.participation).where(seen)


def filtered(statement: Select[Any], filters: Mapping[Column[Any], Any]) -> Select[Any]:
    """The statement with every filter that is given."""
    return statement.where(*(column == value for column, value in filters.items() if value is not None))


def bound(filters: Mapping[Column[Any], Any]) -> dict[str, Any]:
    """The filters by name, for the cursor that is bound to them."""
    return {str(column.key): value for column, value in filters.items()}
