"""What is wrong with a cell: where, which code, and the words for a person in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shared.sheets.columns import Language

WORDS: dict[str, tuple[str, str]] = {
    "required": ("Fill in this cell.", "此单元格必填。"),
    "bad-integer": ("Give a whole number.", "请填写整数。"),
    "bad-decimal": ("Give a number.", "请填写数字。"),
    "bad-amount": ("Give an amount in yuan with at most two decimals.", "请填写金额（元），最多两位小数。"),
    "bad-date": ("Give a date like 2026-09-01.", "请填写日期，如 2026-09-01。"),
    "bad-uuid": ("This is not an id of the system.", "此编号不是系统编号。"),
    "unknown-code": ("The code list has no such entry.", "代码表中没有此项。"),
    "too-long": ("The text is too long; at most {limit} characters.", "文字过长，最多 {limit} 个字符。"),
    "digits-lost": (
        "The spreadsheet kept this long number only roughly; format the cell as text and type it again.",
        "长数字已被表格软件截断，请将单元格设为文本格式后重新输入。",
    ),
    "bad-character": ("The cell holds a character that cannot be kept.", "单元格含有无法保存的字符。"),
    "too-many-cells": ("The row has more cells than the header.", "该行的单元格多于表头。"),
    "error-value": ("The cell holds an error of the spreadsheet.", "单元格是表格软件的错误值。"),
}
"""Code of a problem → (English, Chinese); a service may use further codes and hand in their words."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One problem of one cell; ``column`` is empty when the whole row is meant.

    Attributes:
        sheet: name of the tab; ``csv`` for a CSV file.
        row: number as the spreadsheet shows it, from 1.
        column: code of the column.
        cell: address like ``C17``.
        code: stable, kebab-case.
        en: words in English.
        zh: words in Chinese.
        severity: ``error`` keeps the row out, ``warning`` does not.
    """

    sheet: str
    row: int
    column: str
    cell: str
    code: str
    en: str
    zh: str
    severity: str = "error"
    values: dict[str, Any] = field(default_factory=dict)

    def message(self, language: Language) -> str:
        """The words in a language."""
        return self.zh if language == "zh" else self.en

    def shown(self, language: Language) -> dict[str, Any]:
        """The members that an API or a report shows."""
        return {
            "sheet": self.sheet, "row": self.row, "column": self.column, "cell": self.cell, "code": self.code,
            "severity": self.severity, "message": self.message(language),
        }  # fmt: skip


def worded(sheet: str, row: int, column: str, cell: str, code: str, **values: Any) -> CellProblem:
    """A problem with the words of the catalogue."""
    en, zh = WORDS[code]
    return CellProblem(sheet, row, column, cell, code, en.format_map(values), zh.format_map(values), values=values)


def address(row: int, column: int) -> str:
    """The address of a cell, from row number (from 1) and column position (from 0)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
