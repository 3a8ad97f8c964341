"""Reading CSV and XLSX row by row into typed cells, with every problem at its cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from shared.kernel.refusals import Malformed, TooLarge
from shared.sheets.columns import LISTS_SHEET, META_SHEET, Column, Template
from shared.sheets.guarding import Limits, check_workbook, kind_of
from shared.sheets.rows import EMPTY, Header, ReadRow

_ENCODINGS = ("utf-8-sig", "gb18030")
STANDARD = Limits()


def read_rows(
    content: bytes,
    columns: Sequence[Column],
    *,
    limits: Limits = STANDARD,
    template: Template | None = None,
    skip_rows: int = 0,
) -> Iterator[ReadRow]:
    """The rows of a file, one after the other; type and safety are looked at before anything is parsed.

    Args:
        content: the file.
        columns: what is expected; columns may stand in any order, under their code or a header in either language.
        limits: anything above is refused.
        template: the template it must have been made from, where it says so.
        skip_rows: rows with content to pass over, for going on after a checkpoint.

    Raises:
        TooLarge: ``file-too-large``, ``too-many-rows``, ``too-many-columns``.
        UnsupportedFile: macros, a password, links to elsewhere, another kind of file.
        Malformed: ``broken-file``, ``bad-header`` with a finding per column, ``other-template``.
    """
    for sheet, number, cells, header in raw_rows(content, columns, limits=limits, template=template):
        if skip_rows > 0:
            skip_rows -= 1
            continue
        yield header.typed(sheet, number, cells, limits.cell)


def raw_rows(
    content: bytes, columns: Sequence[Column], *, limits: Limits = STANDARD, template: Template | None = None
) -> Iterator[tuple[str, int, list[Any], Header]]:
    """The rows with content as they stand (sheet, number, cells), with the header that can type them."""
    sheet, lines = lines_of(content, limits=limits, template=template)
    header: Header | None = None
    count = 0
    for number, cells in lines:
        if not any(cells) and not any(cell not in EMPTY for cell in cells):
            continue
        if header is None:
            if len(cells) > limits.columns:
                raise TooLarge("too-many-columns", "The sheet has too many columns.", limit=limits.columns)
            header = Header.found(cells, columns, number)
            continue
        if count == 0 and header.is_label_row(cells):
            continue
        count += 1
        if count > limits.rows:
            raise TooLarge("too-many-rows", "The sheet has too many rows.", limit=limits.rows)
        yield sheet, number, cells, header
    if header is None:
        raise Malformed("bad-header", "The file is empty; begin from the template.")


def lines_of(
    content: bytes, *, limits: Limits = STANDARD, template: Template | None = None
) -> tuple[str, Iterator[tuple[int, list[Any]]]]:
    """Name of the sheet, and number and cells of each of its lines, once the file was looked at (see ``read_rows``)."""
    if len(content) > limits.bytes:
        raise TooLarge("file-too-large", "The file is too large.", limit=limits.bytes)
    if kind_of(content[:4096]) == "xlsx":
        check_workbook(content, limits)
        return _workbook_rows(content, template)
    return "csv", csv_rows(content)


def csv_rows(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    """Line number and cells of each record of a CSV file. Raises ``Malformed`` ``broken-file``."""
    text = decoded(content)
    first = text[: text.find("\n") if "\n" in text else None]
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise Malformed("broken-file", f"The CSV file cannot be read near line {reader.line_num}.") from error


def decoded(content: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with a mark, else GB 18030. Raises ``Malformed`` ``broken-file``."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise Malformed("broken-file", "The CSV file is neither UTF-8 nor GB 18030; save it again as UTF-8.")


def _workbook_rows(content: bytes, template: Template | None) -> tuple[str, Iterator[tuple[int, list[Any]]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        _check_template(book, template)
        name = next((name for name in book.sheet_names if name not in {META_SHEET, LISTS_SHEET}), None)
        if name is None:
            return "", iter(())
        page = book.get_sheet_by_name(name)
        top, left = page.start or (0, 0)
    except CalamineError as error:
        raise Malformed("broken-file", "The workbook cannot be read; save it again and send it.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader's own bug on a damaged file, not an Exception
            raise
        raise Malformed("broken-file", "The workbook cannot be read; save it again and send it.") from error
    return name, ((top + n, [None] * left + cells) for n, cells in enumerate(page.iter_rows(), start=1))


def _check_template(book: Any, template: Template | None) -> None:
    if template is None or META_SHEET not in book.sheet_names:
        return
    said = {str(row[0]): str(row[1]) for row in book.get_sheet_by_name(META_SHEET).iter_rows() if len(row) > 1}
    expected = {"template": template.name, "version": template.version, **dict(template.context)}
    wrong = sorted(name for name, value in expected.items() if said.get(name, value) != value)
    if wrong:
        raise Malformed(
            "other-template", "The workbook was made from another template; download the current one.", differs=wrong
        )
