"""Rows of a sheet into entries of a list; what is wrong with either is named by sheet and cell."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from shared.kernel.refusals import Finding, Malformed, Refusal
from shared.sheets.columns import Column
from shared.sheets.problems import CellProblem, address
from shared.sheets.reading import read_rows
from shared.sheets.rows import ReadRow

E = TypeVar("E")
_ENTRY = re.compile(r"^/\w+/(\d+)(?:/(\w+))?")


class Unfit(ValueError):
    """A cell does not make what it should.

    Args:
        column: code of its column.
    """

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


@dataclass(frozen=True, slots=True)
class SheetEntries(Generic[E]):
    """What a sheet holds, entry by entry, with the row that each came from."""

    entries: list[E]
    rows: list[tuple[str, int, dict[str, int]]]

    @contextmanager
    def located(self) -> Iterator[None]:
        """Problems of entries (``/items/7/province``, ``/rows/7/value``) become problems of cells (``/hosts/C9``)."""
        try:
            yield
        except Refusal as refusal:
            findings = [self._of(finding) for finding in refusal.findings]
            raise type(refusal)(
                refusal.code, refusal.detail, rule=refusal.rule, zh=refusal.zh, findings=findings, **refusal.values
            ) from refusal

    def _of(self, finding: Finding) -> Finding:
        found = _ENTRY.match(finding.pointer)
        if found is None:
            return finding
        sheet, number, places = self.rows[int(found[1])]
        cell = address(number, places.get(found[2] or "", 0))
        values = finding.values | {"row": number}
        return Finding(finding.code, finding.detail, f"/{sheet}/{cell}", finding.rule, finding.zh, values)


def read_entries(
    content: bytes, columns: Sequence[Column], entry: Callable[[dict[str, Any]], E], *, rule: str, most: int
) -> SheetEntries[E]:
    """Every row of a sheet.

    Args:
        content: the file.
        columns: what is expected.
        entry: makes an entry of the values of a row whose cells are right; what a schema refuses, or ``Unfit``, is told
            by cell.
        rule: id of the rule that asks for the sheet.
        most: rows that are taken.

    Raises:
        Malformed: ``sheet-wrong`` with every cell that does not fit, ``too-many-rows``.
    """
    entries: list[E] = []
    rows: list[tuple[str, int, dict[str, int]]] = []
    found: list[Finding] = []
    for row in read_rows(content, columns):
        wrong = [_finding(each, rule) for each in row.problems if each.severity == "error"]
        if not wrong:
            try:
                entries.append(entry(row.values))
                rows.append((row.sheet, row.number, row.places))
            except ValidationError as error:
                wrong = [_unfit(row, _member(each), f"{each['msg']}.", rule) for each in error.errors()]
            except Unfit as error:
                wrong = [_unfit(row, error.column, "The value does not fit here.", rule)]
        found += wrong
        if len(entries) > most:
            raise Malformed("too-many-rows", f"Send at most {most} rows at a time.", limit=most)
    if not entries and not found:
        found = [Finding("empty-file", "The sheet has no rows.", "", rule, zh="表中没有数据行。")]
    if found:
        raise Malformed("sheet-wrong", "The sheet cannot be read whole; see errors.", findings=found)
    return SheetEntries(entries, rows)


def _finding(each: CellProblem, rule: str) -> Finding:
    values = {"row": each.row, "column": each.column}
    return Finding(each.code, each.en, f"/{each.sheet}/{each.cell}", rule, zh=each.zh, values=values)


def _member(error: Any) -> str:
    return str(error["loc"][0]) if error["loc"] else ""


def _unfit(row: ReadRow, column: str, detail: str, rule: str) -> Finding:
    values = {"row": row.number, "column": column}
    pointer = f"/{row.sheet}/{address(row.number, row.places.get(column, 0))}"
    return Finding("bad-value", detail, pointer, rule, zh="内容不符合该列的要求。", values=values)


async def imported(read: SheetEntries[E], act: Callable[[list[E]], Awaitable[Any]]) -> Any:
    """Do something with the entries; what is refused is refused by cell."""
    with read.located():
        return await act(read.entries)
