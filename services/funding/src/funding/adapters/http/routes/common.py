"""What the routes of funding share: command and query dependencies, the empty body, filters of lists."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query as QueryParameter
from sqlalchemy import ColumnElement, Table, and_, true

from shared.http.resources import Body

CodeFilter = Annotated[str | None, QueryParameter(max_length=120)]


class NoBody(Body):
    """A request that says everything by its address."""


def matching(table: Table, filters: dict[str, Any]) -> ColumnElement[bool]:
    """The predicate of the filters that are given."""
    return and_(true(), *(table.c[name] == value for name, value in filters.items() if value is not None))
