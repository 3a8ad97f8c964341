"""Completions of online courses as a sheet, read cell by cell (D-07)."""

from __future__ import annotations

from typing import Any

from placement.usecases.online.import_completions import CompletionEntry
from shared.sheets.columns import Column, Kind
from shared.sheets.located import SheetEntries, read_entries

COLUMNS = (
    Column(code="participation", zh="学员编号", en="participation", kind=Kind.UUID, width=38, required=True),
    Column(code="course", zh="课程代码", en="course", width=20, required=True),
    Column(code="completed_on", zh="完成日期", en="completed on", kind=Kind.DATE, width=14, required=True),
    Column(code="reference", zh="完成证明编号", en="reference", width=24, required=True),
)
MOST_ROWS = 5000
"""Rows that one request takes; a job takes more."""


def _entry(values: dict[str, Any]) -> CompletionEntry:
    return CompletionEntry(**{column.code: values[column.code] for column in COLUMNS})


def read_completions(content: bytes, most: int = MOST_ROWS) -> SheetEntries[CompletionEntry]:
    """Every row of the sheet.

    Raises:
        Malformed: ``sheet-wrong`` with every cell that does not fit, ``too-many-rows``.
    """
    return read_entries(content, COLUMNS, _entry, rule="D-07", most=most)
