"""How rows of this service become things again, and which columns decide who may see them."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Table, select

from assessment.adapters.db import tables
from assessment.adapters.db.unit_of_work import POLICIES
from assessment.domain.schemes.scheme import Scheme
from shared.http.queries import Query
from shared.kernel.actor import Actor, Relation
from shared.work.mapping import Mapping

T = TypeVar("T")
Filters = MappingOf[str, Any]


def visible(read: Query, table: Table) -> ColumnElement[bool]:
    """What the caller may see of ``table``."""
    return read.scope.where(facet_columns(table, read.actor))


def facet_columns(table: Table, actor: Actor) -> dict[Relation, ColumnElement[Any]]:
    """The columns of ``table`` that hold facets."""
    columns: dict[Relation, ColumnElement[Any]] = {
        Relation.SELF: table.c.account,
        Relation.OWN_UNIT: table.c.unit,
        Relation.DESCENDANT: table.c.unit,
    }
    if table is tables.assessment:
        columns[Relation.HOST] = table.c.host
        columns[Relation.REVIEWER] = table.c.authority
        columns[Relation.ASSIGNED] = table.c.mentor == actor.subject
    if table is tables.alumni_link:
        columns[Relation.HOST] = table.c.host
    return columns


def rows_of(mapping: Mapping[Any], where: ColumnElement[bool], filters: Filters | None = None) -> Select[Any]:
    """All columns of a thing, then ``updated_at``; filters that are None do not filter."""
    table = mapping.table
    terms = [table.c[name] == value for name, value in (filters or {}).items() if value is not None]
    return select(*mapping.columns, table.c.updated_at).where(where, *terms)


def thing_of(mapping: Mapping[T], row: Any) -> T:
    """The thing in a row of ``rows_of``."""
    return mapping.thing(tuple(row)[: len(mapping.names)])


def updated_at(mapping: Mapping[Any], row: Any) -> Any:
    """When the thing in a row of ``rows_of`` last changed."""
    return row[len(mapping.names)]


async def all_schemes(read: Query) -> dict[tuple[str, str], Scheme]:
    """Every scheme by programme and version; a deployment has a handful."""
    policies = [POLICIES.thing(row) for row in await read.all(select(*POLICIES.columns))]
    return {(policy.programme, policy.policy_version): policy.scheme() for policy in policies if policy.assesses}
