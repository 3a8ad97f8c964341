"""A row as plain members and back, for keeping it sealed between check and confirmation."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any, Final

from selection.domain.codes import StaffCategory, TitleLevel
from selection.domain.importing.row import SheetRow

_NAMES: Final = tuple(member.name for member in fields(SheetRow))


def row_members(row: SheetRow) -> list[Any]:
    """The members in order; dates and codes are left to the writer of JSON."""
    return [getattr(row, name) for name in _NAMES]


def row_from(members: list[Any]) -> SheetRow:
    """The row of such members after they came back from JSON."""
    named = dict(zip(_NAMES, members, strict=True))
    return SheetRow(
        **named
        | {
            "birth_date": date.fromisoformat(named["birth_date"]),
            "title_level": TitleLevel(named["title_level"]),
            "host_preferences": tuple(named["host_preferences"]),
            "staff_category": None if named["staff_category"] is None else StaffCategory(named["staff_category"]),
            "competences": None if named["competences"] is None else tuple(named["competences"]),
        }
    )
