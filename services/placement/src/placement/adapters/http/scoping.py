"""What the routes have in common: the command, the query and the placement that rows are joined with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, select

from placement.adapters.db import tables
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


def visible(table: Any, scope: Scope, host: ColumnElement[Any] | None = None) -> Select[Any]:
    """Rows of ``table`` (which has ``participation``) whose placement the caller may see."""
    columns = person_columns(host) | {Relation.ASSIGNED: placement.c.mentor == scope.actor.subject}
    return select(table).join(placement, placement.c.id == table.c.participation).where(scope.where(columns))


def filtered(statement: Select[Any], filters: Mapping[Column[Any], Any]) -> Select[Any]:
    """The statement with every filter that is given."""
    return statement.where(*(column == value for column, value in filters.items() if value is not None))


def bound(filters: Mapping[Column[Any], Any]) -> dict[str, Any]:
    """The filters by name, for the cursor that is bound to them."""
    return {str(column.key): value for column, value in filters.items()}
