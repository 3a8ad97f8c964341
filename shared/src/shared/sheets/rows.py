"""The header of a file that was read, and the typed rows under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.refusals import Finding, Malformed
from shared.sheets.cells import parser_of
from shared.sheets.columns import Column
from shared.sheets.problems import CellProblem, address, worded

EMPTY = ("", None)
_REMEMBERED = 2_000
"""Values of a column that are parsed once: most columns hold few different ones."""


@dataclass(slots=True)
class ReadRow:
    """One row with content.

    Attributes:
        sheet: name of the tab, ``csv`` for a CSV file.
        number: as the spreadsheet shows it, from 1.
        values: column code → typed value; None where the cell is empty or wrong.
        problems: what is wrong, in the order of the columns.
        places: column code → position of the column in the file, from 0; one object for all rows of a sheet.
    """

    sheet: str
    number: int
    values: dict[str, Any]
    problems: list[CellProblem] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def problem(self, column: str, code: str, *, en: str, zh: str, severity: str = "error") -> None:
        """Add what a service found wrong; ``column`` may be empty for the whole row."""
        where = address(self.number, self.places.get(column, 0))
        self.problems.append(CellProblem(self.sheet, self.number, column, where, code, en, zh, severity))


class Header:
    """Where each column stands in a file, and how its cells are typed."""

    def __init__(self, places: dict[str, int], columns: Sequence[Column], width: int) -> None:
        self.places = places
        self._width = width
        self._cells = [
            (column, column.code, places[column.code], parser_of(column), dict[Any, Any]())
            for column in columns
            if column.code in places
        ]
        self._empty: dict[str, Any] = {column.code: None for column in columns}
        self._labels = {column.code: _names(column) for column in columns}

    @classmethod
    def found(cls, cells: list[Any], columns: Sequence[Column], number: int) -> Header:
        """Read the header row. Raises ``Malformed`` ``bad-header`` with a finding per missing, double or unknown column."""
        by_name = {name: column.code for column in columns for name in _names(column)}
        places: dict[str, int] = {}
        findings = []
        for position, cell in enumerate(cells):
            if cell in EMPTY:
                continue
            code = by_name.get(_folded(cell))
            where = f"/{address(number, position)}"
            if code is None:
                findings.append(Finding("unknown-column", "The template has no such column.", where))
            elif code in places:
                findings.append(Finding("column-twice", "This column is there twice.", where))
            else:
                places[code] = position
        findings += [
            Finding("column-missing", f"The column {c.en!r} is missing.", f"/{c.code}", zh=f"缺少列“{c.zh}”。")
            for c in columns
            if c.required and c.code not in places
        ]
        if findings:
            raise Malformed("bad-header", "The header is not that of the template.", findings=findings)
        return cls(places, columns, max(places.values()) + 1)

    def is_label_row(self, cells: list[Any]) -> bool:
        """Whether a row only repeats the headers in words, below the machine-readable ones."""
        named = [(code, cells[place]) for code, place in self.places.items() if place < len(cells)]
        return bool(named) and all(_folded(cell) in self._labels[code] for code, cell in named)

    def typed(self, sheet: str, number: int, cells: list[Any], longest: int) -> ReadRow:
        """The typed row."""
        values = dict(self._empty)
        problems: list[CellProblem] = []
        count = len(cells)
        for column, code, place, parse, seen in self._cells:
            cell = cells[place] if place < count else None
            if cell in seen:
                values[code] = seen[cell]
                continue
            if cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()):
                if column.required:
                    problems.append(worded(sheet, number, column.code, address(number, place), "required"))
                continue
            try:
                if isinstance(cell, str) and len(cell) > longest:
                    raise ValueError("too-long")  # noqa: TRY301 - one place words all problems of a cell
                values[code] = parsed = parse(cell)
                if len(seen) < _REMEMBERED:
                    seen[cell] = parsed
            except ValueError as error:
                where = address(number, place)
                problems.append(worded(sheet, number, column.code, where, str(error), limit=column.max_length))
        if count > self._width and any(cell not in EMPTY for cell in cells[self._width :]):
            where = address(number, self._width)
            problems.append(worded(sheet, number, "", where, "too-many-cells"))
        return ReadRow(sheet, number, values, problems, self.places)


def _names(column: Column) -> set[str]:
    return {_folded(column.code), _folded(column.zh), _folded(column.en)}


def _folded(cell: Any) -> str:
    return str(cell).strip().lstrip("'").removesuffix("*").strip().casefold()
