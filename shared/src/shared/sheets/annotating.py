"""The user's own file given back with the wrong cells coloured and commented."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from shared.sheets.columns import Language
from shared.sheets.guarding import Limits, check_workbook, kind_of
from shared.sheets.neutral import neutralised, restored
from shared.sheets.problems import CellProblem, address
from shared.sheets.reading import csv_rows, lines_of

if TYPE_CHECKING:
    from openpyxl import Workbook

_COLOURS = {"error": "FFF8CBAD", "warning": "FFFFE699"}
_MOST = 5_000
_LARGE = 3_000_000


def annotated(
    content: bytes, problems: Iterable[CellProblem], language: Language, *, most: int = _MOST
) -> tuple[bytes, str]:
    """The file with at most ``most`` cells coloured (error red, warning yellow) and commented, and its extension.

    A workbook stays the workbook it was. A CSV file, which has no colours, and a workbook of more than 3 MB, which would
    take minutes and gigabytes to load, become a plain workbook with the same cells at the same addresses.
    """
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    if len(content) > _LARGE:
        return _rewritten(content, list(problems), language, most), "xlsx"
    if kind_of(content[:4096]) == "xlsx":
        check_workbook(content, Limits())
        book = load_workbook(io.BytesIO(content))
    else:
        book = _as_workbook(content)
    said: dict[tuple[str, str], list[CellProblem]] = defaultdict(list)
    for problem in problems:
        if len(said) >= most and (problem.sheet, problem.cell) not in said:
            continue
        said[problem.sheet, problem.cell].append(problem)
    fills = {severity: PatternFill("solid", fgColor=colour) for severity, colour in _COLOURS.items()}
    for (sheet, cell), found in said.items():
        if sheet not in book.sheetnames:
            continue
        target = book[sheet][cell]
        target.fill = fills["error" if any(each.severity == "error" for each in found) else "warning"]
        target.comment = Comment("\n".join(each.message(language) for each in found), "talent", height=90, width=280)
    answer = io.BytesIO()
    book.save(answer)
    return answer.getvalue(), "xlsx"


def _as_workbook(content: bytes) -> Workbook:
    """A CSV file as a workbook, every cell as text at the address that the problems name."""
    from openpyxl import Workbook

    book = Workbook()
    page = book.create_sheet("csv", 0)
    for number, cells in csv_rows(content):
        for position, cell in enumerate(cells, start=1):
            page.cell(number, position, neutralised(restored(cell))).data_type = "s"
    return book


def _rewritten(content: bytes, problems: list[CellProblem], language: Language, most: int) -> bytes:
    """The same cells written anew in constant memory."""
    from xlsxwriter import Workbook as NewWorkbook

    said: dict[tuple[int, str], list[CellProblem]] = defaultdict(list)
    for problem in problems:
        if len(said) < most:
            said[problem.row, problem.cell].append(problem)
    answer = io.BytesIO()
    book = NewWorkbook(answer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, lines = lines_of(content)
    page = book.add_worksheet(sheet[:31])
    colours = {severity: book.add_format({"bg_color": f"#{colour[2:]}"}) for severity, colour in _COLOURS.items()}
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, cells in lines:
        for position, cell in enumerate(cells):
            found = said.get((number, address(number, position)))
            form = None
            if found:
                form = colours["error" if any(each.severity == "error" for each in found) else "warning"]
                page.write_comment(number - 1, position, "\n".join(each.message(language) for each in found))
            if isinstance(cell, date):
                page.write_datetime(number - 1, position, cell, form or day)
            elif isinstance(cell, (int, float)):
                page.write_number(number - 1, position, cell, form)
            elif cell or form is not None:
                page.write_string(number - 1, position, neutralised(restored(str(cell or ""))), form)
    book.close()
    return answer.getvalue()
