"""Spreadsheets: what is written comes back, what is hostile is refused, what is wrong is said at its cell."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from shared.kernel.refusals import Malformed, Refusal, TooLarge, UnsupportedFile
from shared.sheets.annotating import annotated
from shared.sheets.columns import YES_NO, Code, Column, Kind, Sheet, Template
from shared.sheets.guarding import Limits
from shared.sheets.neutral import neutralised, restored
from shared.sheets.reading import read_rows
from shared.sheets.writing import write_csv, write_xlsx

COLUMNS = (
    Column(code="name", zh="姓名", en="Name", required=True),
    Column(code="id", zh="证件号码", en="Identity number"),
    Column(code="years", zh="年限", en="Years", kind=Kind.INTEGER),
    Column(code="share", zh="比例", en="Share", kind=Kind.DECIMAL),
    Column(code="amount", zh="金额", en="Amount", kind=Kind.MONEY),
    Column(code="born", zh="出生日期", en="Birth date", kind=Kind.DATE),
    Column(
        code="level", zh="职称", en="Level", kind=Kind.CODE, codes=(Code("senior", "正高级", "senior"), Code("none"))
    ),
    Column(code="county", zh="县级经历", en="County", kind=Kind.CODE, codes=YES_NO),
    Column(code="key", zh="编号", en="Key", kind=Kind.UUID),
)
ROW = {
    "name": "=HYPERLINK(1)", "id": "540102199003078888", "years": -3, "share": Decimal("0.25"), "amount": 1200050,
    "born": date(1990, 3, 7), "level": "senior", "county": "yes", "key": UUID("0190b1c2-0000-7000-8000-000000000001"),
}  # fmt: skip
TEMPLATE = Template("people", "3", (("call", "c1"),))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "template"])
def test_what_is_written_comes_back(language: str, form: str) -> None:
    """Every kind of value survives writing and reading, in every form and language."""
    sheet = Sheet(name="people", columns=COLUMNS, rows=[ROW])
    content = {
        "csv": lambda: write_csv(COLUMNS, [ROW], language),  # type: ignore[arg-type]
        "xlsx": lambda: write_xlsx([sheet], language),  # type: ignore[arg-type]
        "template": lambda: write_xlsx([sheet], language, TEMPLATE),  # type: ignore[arg-type]
    }[form]()

    rows = list(read_rows(content, COLUMNS, template=TEMPLATE))

    assert [row.values for row in rows] == [ROW]
    assert rows[0].problems == []
    assert rows[0].number == (3 if form == "template" else 2)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12))
def test_neutralisation_is_reversible_and_complete(text: str) -> None:
    """No neutralised text begins as a formula, and every text comes back."""
    for given_text in (text, f"={text}", f"'={text}", f"@{text}", f"＝{text}"):
        written = neutralised(given_text)

        assert written.lstrip()[:1] not in {"=", "+", "-", "@", "＝"}
        assert restored(written) == given_text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1"])
def test_formulas_are_text_in_every_file(text: str) -> None:
    """OWASP's CSV injection: neither file holds a cell that a spreadsheet would execute."""
    columns = (Column(code="name", zh="姓名", en="Name"),)

    line = write_csv(columns, [[text]], "en").decode("utf-8-sig").partition("\r\n")[2]
    book = load_workbook(io.BytesIO(write_xlsx([Sheet(name="s", columns=columns, rows=[[text]])], "en")))

    assert line.lstrip('"').startswith("'")
    assert book["s"]["A2"].data_type == "s"
    assert str(book["s"]["A2"].value).startswith("'")


def test_every_problem_is_said_at_its_cell_in_both_languages() -> None:
    """One row with everything wrong gives one problem per cell."""
    lines = ["name,id,years,share,amount,born,level,county,key", ",5.4E+17,1.5,x,1.234,2026-02-30,boss,maybe,zz,extra"]

    [row] = read_rows("\r\n".join(lines).encode(), COLUMNS)

    assert {(problem.cell, problem.code) for problem in row.problems} == {
        ("A2", "required"), ("B2", "digits-lost"), ("C2", "bad-integer"), ("D2", "bad-decimal"), ("E2", "bad-amount"),
        ("F2", "bad-date"), ("G2", "unknown-code"), ("H2", "unknown-code"), ("I2", "bad-uuid"), ("J2", "too-many-cells"),
    }  # fmt: skip
    assert all(problem.message("zh") != problem.message("en") for problem in row.problems)


def test_a_header_may_be_in_any_order_and_language_but_not_unknown() -> None:
    """Columns are found by code or header; what is unknown, double or missing is listed together."""
    [row] = read_rows("年限,姓名*\n3,甲\n".encode("gb18030"), COLUMNS)
    with pytest.raises(Malformed) as refused:
        list(read_rows(b"years,years,colour\n", COLUMNS))

    assert (row.values["name"], row.values["years"]) == ("甲", 3)
    assert [each.code for each in refused.value.findings] == ["column-twice", "unknown-column", "column-missing"]


def test_drop_downs_labels_and_codes_are_understood() -> None:
    """A cell of a code list may hold the code, the drop-down's words, or the label."""
    lines = "name,level\nA,senior\nB,senior 正高级\nC,正高级\nD,SENIOR\n"

    assert [row.values["level"] for row in read_rows(lines.encode(), COLUMNS)] == ["senior"] * 4


def test_a_workbook_of_another_template_is_refused() -> None:
    """The hidden sheet says which template and version a workbook was made from."""
    content = write_xlsx([Sheet(name="people", columns=COLUMNS)], "zh", TEMPLATE)

    with pytest.raises(Malformed, match="other-template"):
        list(read_rows(content, COLUMNS, template=Template("people", "4")))


def _zip(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return target.getvalue()


_PARTS = {"xl/workbook.xml": b"<workbook/>", "[Content_Types].xml": b"<Types/>"}
_GOOD = write_xlsx([Sheet(name="people", columns=COLUMNS, rows=[ROW])], "en")
_HOSTILE = {
    "macros": (_zip(_PARTS | {"xl/vbaProject.bin": b"x"}), UnsupportedFile, "macro-file"),
    "macro type": (_zip(_PARTS | {"[Content_Types].xml": b"sheet.macroEnabled"}), UnsupportedFile, "macro-file"),
    "excel 4 macros": (_zip(_PARTS | {"xl/macrosheets/sheet1.xml": b""}), UnsupportedFile, "macro-file"),
    "external links": (_zip(_PARTS | {"xl/externalLinks/e.xml": b""}), UnsupportedFile, "external-links"),
    "embedded": (_zip(_PARTS | {"xl/embeddings/o.bin": b""}), UnsupportedFile, "external-links"),
    "password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), UnsupportedFile, "encrypted-file"),
    "zip": (_zip({"a.txt": b"x"}), UnsupportedFile, "not-a-sheet"),
    "picture": (b"\x89PNG\r\n", UnsupportedFile, "not-a-sheet"),
    "nul": (b"name\n\x00", UnsupportedFile, "not-a-sheet"),
    "bomb": (_zip(_PARTS | {"xl/worksheets/sheet1.xml": bytes(3_000_000)}), TooLarge, "file-too-large"),
    "entities": (_zip(_PARTS | {"xl/a.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]>"}), Malformed, "broken-file"),
    "path": (_zip(_PARTS | {"../x": b""}), Malformed, "broken-file"),
    "cut off": (_GOOD[:-40], Malformed, "broken-file"),
    "no workbook": (_zip(_PARTS), Malformed, "broken-file"),
    "open quote": (b'name\n"abc', Malformed, "broken-file"),
    "empty": (b"", Malformed, "bad-header"),
    "large": (b"name\n" + b"x" * 2_000_000, TooLarge, "file-too-large"),
    "rows": (b"name\n" + b"x\n" * 30, TooLarge, "too-many-rows"),
    "columns": (b"name," + b"," * 80 + b"x\n", TooLarge, "too-many-columns"),
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_hostile_files_are_refused_by_name(name: str) -> None:
    """Macros, passwords, links, bombs, broken and oversized files: refused with the code of the reason."""
    content, kind, code = _HOSTILE[name]
    limits = Limits(bytes=1_000_000, unpacked=1_000_000, rows=20, columns=40)

    with pytest.raises(Refusal) as refused:
        list(read_rows(content, COLUMNS, limits=limits))

    assert (type(refused.value), refused.value.code) == (kind, code)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(_GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_refused_or_read_never_an_error(at: int, noise: bytes) -> None:
    """Whatever bytes change, the reader answers with rows or a refusal."""
    damaged = _GOOD[:at] + noise + _GOOD[at + len(noise) :]

    with suppress(Refusal):
        list(read_rows(damaged, COLUMNS))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_users_own_file_comes_back_coloured(form: str) -> None:
    """The wrong cells are coloured and say why; the others stay as they are."""
    wrong = dict(ROW, level="boss")
    sheet = Sheet(name="people", columns=COLUMNS, rows=[wrong])
    content = write_csv(COLUMNS, [wrong], "zh") if form == "csv" else write_xlsx([sheet], "zh")
    [row] = read_rows(content, COLUMNS)

    answer, _ = annotated(content, row.problems, "zh")

    page = load_workbook(io.BytesIO(answer)).worksheets[0]
    assert page["G2"].comment is not None
    assert page["G2"].fill.fgColor.rgb == "FFF8CBAD"
    assert page["A2"].comment is None
    assert page["A2"].data_type == "s"
