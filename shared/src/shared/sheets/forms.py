"""The parts of a template workbook: locked header, machine-readable row, drop-downs, the hidden sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared.sheets.columns import LISTS_SHEET, META_SHEET, Column, Kind, Language, Sheet, Template
from shared.sheets.neutral import neutralised
from shared.sheets.writing import cell_writer

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Lists = dict[tuple[str, str], str]
"""(sheet, column) → reference to the cells with its code list."""

_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.MONEY: "#,##0.00", Kind.INTEGER: "0", Kind.DECIMAL: "General"}
_ALLOWED = {"format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True, "sort": True,
            "autofilter": True, "select_locked_cells": True}  # fmt: skip
_FALLBACK_ROWS = 1000


def write_lists(book: Any, sheets: Sequence[Sheet], language: Language) -> Lists:
    """The hidden sheet of code lists; one column per list, row after row because memory is constant."""
    wanted = [(sheet.name, column) for sheet in sheets for column in sheet.columns if column.codes]
    if not wanted:
        return {}
    page = book.add_worksheet(LISTS_SHEET)
    page.very_hidden()
    for n in range(max(len(column.codes) for _, column in wanted)):
        for position, (_, column) in enumerate(wanted):
            if n < len(column.codes):
                page.write_string(n, position, neutralised(column.codes[n].label(language)))
    from xlsxwriter.utility import xl_rowcol_to_cell

    return {
        (name, column.code): f"={LISTS_SHEET}!{xl_rowcol_to_cell(0, position, row_abs=True, col_abs=True)}:"
        f"{xl_rowcol_to_cell(len(column.codes) - 1, position, row_abs=True, col_abs=True)}"
        for position, (name, column) in enumerate(wanted)
    }


def write_form_sheet(book: Any, page: Worksheet, sheet: Sheet, language: Language, lists: Lists) -> None:
    """A sheet to fill in: row 1 (hidden) names the columns for machines, row 2 for people; the rest is open."""
    locked = book.add_format({"bold": True, "bg_color": "#E7EDF3", "border": 1, "text_wrap": True, "locked": True})
    machine = book.add_format({"locked": True, "font_color": "#808080"})
    for position, column in enumerate(sheet.columns):
        open_cell = book.add_format({"locked": False, "num_format": _FORMATS.get(column.kind, "@")})
        page.set_column(position, position, column.width, open_cell)
    page.set_row(0, None, machine, {"hidden": True})
    for position, column in enumerate(sheet.columns):
        page.write_string(0, position, column.code, machine)
    for position, column in enumerate(sheet.columns):
        page.write_string(1, position, neutralised(column.header(language)), locked)
    page.freeze_panes(2, 0)
    page.protect("", _ALLOWED)
    write = cell_writer(book, page, sheet.columns, locked=False)
    last = 1
    for last, row in enumerate(sheet.rows, start=2):
        write(last, row)
    last += sheet.blank_rows or _FALLBACK_ROWS
    for position, column in enumerate(sheet.columns):
        _validate(page, position, last, column, language, lists.get((sheet.name, column.code)))


def _validate(page: Worksheet, position: int, last: int, column: Column, language: Language, cells: str | None) -> None:
    note = column.note_zh if language == "zh" else column.note_en
    rule: dict[str, Any] = {"validate": "any"}
    if cells is not None:
        rule = {"validate": "list", "source": cells, "ignore_blank": not column.required}
    elif column.kind is Kind.INTEGER:
        rule = {"validate": "integer", "criteria": ">=", "value": 0}
    if note:
        rule |= {"input_title": column.header(language)[:32], "input_message": note[:255]}
    if len(rule) > 1:
        page.data_validation(2, position, last, position, rule)


def write_meta(book: Any, sheets: Sequence[Sheet], language: Language, template: Template) -> None:
    """The hidden sheet that says which template and version this is."""
    page = book.add_worksheet(META_SHEET)
    page.very_hidden()
    said = [("template", template.name), ("version", template.version), ("language", language), *template.context]
    said += [(f"columns:{sheet.name}", ",".join(column.code for column in sheet.columns)) for sheet in sheets]
    for n, (name, value) in enumerate(said):
        page.write_string(n, 0, name)
        page.write_string(n, 1, value)
