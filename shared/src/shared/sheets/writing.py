"""Writing CSV and XLSX: text is neutralised, numbers stay numbers, ids stay text, rows are never held together."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

from shared.kernel.money import yuan
from shared.sheets.columns import Cells, Column, Kind, Language, Sheet, Template, in_order
from shared.sheets.neutral import neutralised

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOM = b"\xef\xbb\xbf"
_CHUNK = 2000


def write_csv(columns: Sequence[Column], rows: Iterable[Cells], language: Language) -> bytes:
    """A CSV file (RFC 4180, UTF-8 with byte order mark, so that spreadsheet programs read Chinese and Tibetan)."""
    return b"".join(csv_chunks(columns, rows, language))


def csv_chunks(columns: Sequence[Column], rows: Iterable[Cells], language: Language) -> Iterator[bytes]:
    """The same in pieces, for streaming 100,000 rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([neutralised(column.header(language)) for column in columns])
    yield _BOM
    for n, row in enumerate(rows, start=1):
        writer.writerow(
            [_plain(cell, column.kind) for cell, column in zip(in_order(row, columns), columns, strict=True)]
        )
        if n % _CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_xlsx(sheets: Sequence[Sheet], language: Language, template: Template | None = None) -> bytes:
    """A workbook; see ``write_xlsx_to``."""
    target = io.BytesIO()
    write_xlsx_to(target, sheets, language, template)
    return target.getvalue()


def write_xlsx_to(
    target: BinaryIO, sheets: Sequence[Sheet], language: Language, template: Template | None = None
) -> None:
    """Write a workbook in constant memory.

    A template (``template`` given) has locked headers, a hidden first row with the codes of the columns, drop-downs for
    code lists, text format for ids, and a hidden sheet that says which template and version it is. Without, it is a
    plain table with a frozen header.
    """
    from xlsxwriter import Workbook

    from shared.sheets.forms import write_form_sheet, write_lists, write_meta

    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }  # fmt: skip
    book = Workbook(target, options)
    lists = write_lists(book, sheets, language) if template is not None else {}
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        if template is None:
            _write_table(book, page, sheet, language)
        else:
            write_form_sheet(book, page, sheet, language, lists)
    if template is not None:
        write_meta(book, sheets, language, template)
    book.worksheets_objs[1 if lists else 0].activate()
    book.close()


def _write_table(book: Any, page: Worksheet, sheet: Sheet, language: Language) -> None:
    heading = book.add_format({"bold": True, "bg_color": "#E7EDF3", "border": 1, "text_wrap": True})
    write = cell_writer(book, page, sheet.columns)
    for position, column in enumerate(sheet.columns):
        page.set_column(position, position, column.width)
        page.write_string(0, position, neutralised(column.header(language).removesuffix("*")), heading)
    page.freeze_panes(1, 0)
    for n, row in enumerate(sheet.rows, start=1):
        write(n, row)


def cell_writer(book: Any, page: Worksheet, columns: Sequence[Column], **extra: Any) -> Callable[[int, Cells], None]:
    """A function that writes one row at a row index (from 0); ``extra`` are members of every cell's format."""
    money = book.add_format({"num_format": "#,##0.00"} | extra)
    day = book.add_format({"num_format": "yyyy-mm-dd"} | extra)
    text = book.add_format({"num_format": "@"} | extra)
    other = book.add_format(dict(extra))

    def write(n: int, row: Cells) -> None:
        for position, (cell, column) in enumerate(zip(in_order(row, columns), columns, strict=True)):
            if cell is None or cell == "":
                continue
            if column.kind is Kind.MONEY and isinstance(cell, int):
                page.write_number(n, position, cell / 100, money)
            elif isinstance(cell, date):
                page.write_datetime(n, position, cell, day)
            elif isinstance(cell, (int, Decimal)) and not isinstance(cell, bool) and _fits(cell):
                page.write_number(n, position, cell, other)
            else:
                page.write_string(n, position, _plain(cell, column.kind), text)

    return write


def _fits(number: int | Decimal) -> bool:
    """Whether a spreadsheet keeps every digit of a number."""
    digits = len(str(abs(number))) if isinstance(number, int) else len(number.as_tuple().digits)
    return digits <= 15


def _plain(cell: object, kind: Kind) -> str:
    """The text of a cell; only text can be a formula, so only text is neutralised."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return yuan(cell) if kind is Kind.MONEY else str(cell)
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.isoformat() if isinstance(cell, date) else neutralised(str(cell))
