"""Copy on write between policy versions: a successor says only what it changes (P-08)."""

from __future__ import annotations

import copy
from typing import Any

_KEYS = ("id", "code", "unit_class", "stage")


def overridden(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """``base`` with ``change`` laid over it.

    Objects are merged member by member; lists of rows (each with ``id`` or ``code``) row by row, where
    ``remove: true`` takes a row away; everything else is replaced. Neither argument is changed.
    """
    result = copy.deepcopy(base)
    for name, value in change.items():
        before = result.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            result[name] = overridden(before, value)
        elif isinstance(before, list) and isinstance(value, list) and (key := _row_key(before + value)):
            result[name] = _rows(before, value, key)
        else:
            result[name] = copy.deepcopy(value)
    return result


def _row_key(rows: list[Any]) -> str | None:
    if not rows or not all(isinstance(row, dict) for row in rows):
        return None
    return next((key for key in _KEYS if all(key in row for row in rows)), None)


def _rows(base: list[dict[str, Any]], change: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    rows = {row[key]: row for row in base}
    for row in change:
        if row.get("remove") is True:
            rows.pop(row[key], None)
        else:
            rows[row[key]] = overridden(rows.get(row[key], {}), row)
    return list(rows.values())
