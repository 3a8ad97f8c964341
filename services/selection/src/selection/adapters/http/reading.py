"""From rows back to things, for representations."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select, Table, select

from selection.adapters.db.readings import mapping_of

T = TypeVar("T")


def columns_of(kind: type[T], table: Table, *more: Any) -> Select[Any]:
    """A select of everything ``kind`` needs, then ``more``."""
    return select(*mapping_of(kind, table).columns, *more)


def thing_of(kind: type[T], table: Table, row: Any) -> T:
    """The thing in the first columns of a row of ``columns_of``."""
    mapping = mapping_of(kind, table)
    return mapping.thing(tuple(row)[: len(mapping.columns)])
