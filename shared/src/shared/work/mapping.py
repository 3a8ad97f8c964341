"""Dataclass ↔ row: every member a column of the same name, nested values in JSONB columns."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import JSONB

T = TypeVar("T")


class Mapping(Generic[T]):
    """Turns things of one dataclass into rows of one table and back.

    Raises:
        TypeError: at construction, when a member has no column.
    """

    def __init__(self, kind: type[T], table: Table) -> None:
        self.kind = kind
        self.table = table
        self.names = [member.name for member in dataclasses.fields(kind)]  # type: ignore[arg-type]
        missing = set(self.names) - set(table.c.keys())
        if missing:
            raise TypeError(f"{kind.__name__}: table {table.name} has no column for {sorted(missing)}")
        hints = typing.get_type_hints(kind)
        self.columns = [table.c[name] for name in self.names]
        self.versioned = "version" in self.names
        self._dump: dict[str, Callable[[Any], Any]] = {}
        self._load: dict[str, Callable[[Any], Any]] = {}
        for name in self.names:
            if isinstance(table.c[name].type, JSONB):
                adapter: TypeAdapter[Any] = TypeAdapter(hints[name])
                self._dump[name] = _json_dumper(adapter)
                self._load[name] = adapter.validate_python
            else:
                self._dump[name] = plain
                if (enum := _enum_in(hints[name])) is not None:
                    self._load[name] = _optional(enum)

    def row(self, thing: T) -> dict[str, Any]:
        """The thing as JSON-able column values."""
        return {name: self._dump[name](getattr(thing, name)) for name in self.names}

    def thing(self, row: Any) -> T:
        """The thing of a row that holds ``self.columns`` in order."""
        values = dict(zip(self.names, row, strict=True))
        for name, load in self._load.items():
            values[name] = load(values[name])
        return self.kind(**values)


def plain(value: Any) -> Any:
    """A scalar in the text form that PostgreSQL's input functions read. Raises ``TypeError`` for anything else."""
    kind = type(value)
    dump = _PLAIN.get(kind)
    if dump is None:
        dump = _PLAIN[kind] = _plain_of(kind)
    return dump(value)


def _plain_of(kind: type) -> Callable[[Any], Any]:
    """What makes values of a type plain; asked once per type, because a bulk command has hundreds of thousands."""
    for kinds, dump in (
        ((Enum,), lambda value: value.value),
        ((bool, int, float, str, NoneType), lambda value: value),
        ((datetime, date), lambda value: value.isoformat()),
        ((UUID, Decimal), str),
        ((bytes,), lambda value: "\\x" + value.hex()),
    ):
        if issubclass(kind, kinds):
            return dump
    raise TypeError(f"{kind.__name__} needs a JSONB column")


_PLAIN: dict[type, Callable[[Any], Any]] = {}


def _json_dumper(adapter: TypeAdapter[Any]) -> Callable[[Any], Any]:
    return lambda value: adapter.dump_python(value, mode="json")


def _optional(enum: type[Enum]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else enum(value)


def _enum_in(hint: Any) -> type[Enum] | None:
    candidates = typing.get_args(hint) or (hint,)
    for candidate in candidates:
        if isinstance(candidate, type) and issubclass(candidate, Enum):
            return candidate
    return None
