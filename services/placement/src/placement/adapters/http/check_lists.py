"""The check-list of a session as a sheet: written with the delegates, read with their marks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from placement.domain.classes.attendance import ClassAttendance
from shared.kernel.refusals import Finding, Malformed
from shared.sheets.columns import Code, Column, Kind, Language, Sheet, Template
from shared.sheets.reading import read_rows
from shared.sheets.writing import XLSX_TYPE, write_xlsx

__all__ = ["XLSX_TYPE", "check_list", "read_check_list"]

_MARKS = (Code("present", "到", "present"), Code("excused", "请假", "excused"), Code("absent", "缺席", "absent"))
COLUMNS = (
    Column(code="number", zh="代表编号", en="delegate", kind=Kind.INTEGER, width=10, required=True),
    Column(code="unit", zh="单位", en="unit", width=28),
    Column(code="group", zh="组", en="group", kind=Kind.INTEGER, width=6),
    Column(code="mark", zh="出勤", en="attendance", kind=Kind.CODE, codes=_MARKS, required=True),
)


def _template(class_id: UUID, session: int) -> Template:
    return Template("class-check-list", "1", (("class", str(class_id)), ("session", str(session))))


def check_list(class_id: UUID, session: int, seats: Iterable[Any], language: Language) -> bytes:
    """The workbook: a row for every delegate, with a drop-down for the mark. No name leaves selection."""
    rows = [[seat.number, seat.unit, seat.breakout, None] for seat in seats]
    sheet = Sheet(name="check-list", columns=COLUMNS, rows=rows)
    return write_xlsx([sheet], language, _template(class_id, session))


def read_check_list(content: bytes, class_id: UUID, session: int) -> list[tuple[int, ClassAttendance]]:
    """(delegate number, mark) of every row.

    Raises:
        Malformed: ``sheet-wrong`` with every cell that does not fit; ``other-template`` for another session's list.
    """
    marks: list[tuple[int, ClassAttendance]] = []
    found: list[Finding] = []
    for row in read_rows(content, COLUMNS, template=_template(class_id, session)):
        wrong = [each for each in row.problems if each.severity == "error"]
        found += [
            Finding(
                each.code, each.en, f"/{each.sheet}/{each.cell}", "K-07", zh=each.zh,
                values={"row": each.row, "column": each.column},
            )
            for each in wrong
        ]  # fmt: skip
        if not wrong:
            marks.append((row.values["number"], ClassAttendance(row.values["mark"])))
    if not marks and not found:
        found = [Finding("empty-file", "The file names no delegate.", "", "K-07")]
    if found:
        raise Malformed("sheet-wrong", "The check-list cannot be read whole; see errors.", findings=found)
    return marks
