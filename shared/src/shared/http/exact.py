"""Values as the contract says, nothing near it: pydantic alone would take "5" for 5, 0 for 1970-01-01, "yes" for true."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_EDGES: Final = frozenset({"0000", "0001", "9999"})
"""Years in which a moment may have no equal in UTC."""
_STRICT: Final = frozenset({"float", "bool"})
_WHOLE: Final = 2**53
"""Beyond it a float is no longer one whole number alone."""


def _day(value: Any) -> Any:
    """A date as text, ``2024-09-01``."""
    if type(value) is date or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("date_format", "A date is written 2024-09-01.")


def _moment(value: Any) -> Any:
    """A moment as text with its offset, ``2024-09-01T08:00:00Z`` (RFC 3339)."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and _MOMENT.fullmatch(value) and value[:4] not in _EDGES:
        return value
    raise PydanticCustomError("datetime_format", "A time is written 2024-09-01T08:00:00Z, with its offset.")


def _whole(value: Any) -> Any:
    """An integer; JSON Schema 2020-12 counts ``2.0`` among them. The strict schema behind refuses everything else."""
    return int(value) if type(value) is float and value.is_integer() and abs(value) <= _WHOLE else value


_FORMATS: Final = {"date": _day, "datetime": _moment}
_OWN: Final = (_day, _moment, _whole)

Day = Annotated[date, BeforeValidator(_day)]
"""A day in a query."""
Moment = Annotated[datetime, BeforeValidator(_moment)]
"""A moment in a query."""


class Exact:
    """Mixed into a pydantic model: numbers, truth values, dates and times of its JSON are taken as written."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema that pydantic made, made exact."""
        found: CoreSchema = _exact(handler(source))
        return found


def _exact(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_exact(each) for each in schema]
    if isinstance(schema, tuple):
        return tuple(_exact(each) for each in schema)
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if kind == "function-before" and schema["function"].get("function") in _OWN:
        return schema
    if kind == "int":
        return core_schema.no_info_before_validator_function(_whole, schema | {"strict": True})
    if isinstance(kind, str) and kind in _STRICT:
        return schema | {"strict": True}
    if isinstance(kind, str) and kind in _FORMATS:
        return core_schema.no_info_before_validator_function(_FORMATS[kind], schema)
    return {name: _named(held) if name in _BY_NAME else _exact(held) if name in _INNER else held
            for name, held in schema.items()}  # fmt: skip


def _named(held: Any) -> Any:
    """Schemas by field, or by tag of a union."""
    return {name: _exact(each) for name, each in held.items()} if isinstance(held, dict) else _exact(held)


_INNER: Final = frozenset(
    {"schema", "items_schema", "keys_schema", "values_schema", "definitions", "steps", "extras_schema"}
)
"""Members of a core schema that hold core schemas."""
_BY_NAME: Final = frozenset({"fields", "choices"})
"""Members that hold them by name, or in a list."""
