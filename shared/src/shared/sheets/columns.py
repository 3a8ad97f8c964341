"""What a sheet is made of: columns as data, so that templates, imports and exports speak of one list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Language = Literal["zh", "en"]
Cells = Sequence[object] | Mapping[str, object]
"""One row to write: in the order of the columns, or by column code."""


class Kind(StrEnum):
    """What the cells of a column hold; the Python value is given in brackets."""

    TEXT = "text"
    """Text (``str``); numbers typed into it are taken as they are shown."""
    INTEGER = "integer"
    """Whole number (``int``)."""
    DECIMAL = "decimal"
    """Decimal number (``Decimal``)."""
    MONEY = "money"
    """Yuan with at most two decimals (``int`` of fen)."""
    DATE = "date"
    """Day (``date``)."""
    CODE = "code"
    """A code (``str``), of the column's list where it has one."""
    UUID = "uuid"
    """An id (``UUID``)."""


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list, with its label in both languages."""

    code: str
    zh: str = ""
    en: str = ""

    def label(self, language: Language) -> str:
        """What the drop-down shows: code and label."""
        words = self.zh if language == "zh" else self.en
        return f"{self.code} {words}".rstrip()


YES_NO = (Code("yes", "是", "yes"), Code("no", "否", "no"))
"""The list of a column that asks a yes-or-no question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    Attributes:
        code: stable name, also the machine-readable header.
        zh: header in Chinese.
        en: header in English.
        kind: what the cells hold.
        width: in characters.
        required: whether an empty cell is a problem on reading.
        codes: the list of a ``CODE`` column; empty means any code.
        note_zh: what a person filling it in should know, in Chinese.
        note_en: the same, in English.
        max_length: of a text, in characters.
    """

    code: str
    zh: str
    en: str
    kind: Kind = Kind.TEXT
    width: int = 16
    required: bool = False
    codes: tuple[Code, ...] = ()
    note_zh: str = ""
    note_en: str = ""
    max_length: int = 200

    def header(self, language: Language) -> str:
        """The header in a language; ``*`` marks what must be filled in."""
        return (self.zh if language == "zh" else self.en) + ("*" if self.required else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet to write.

    Attributes:
        name: of the tab, at most 31 characters.
        columns: in order.
        rows: the content; taken one after the other, never held together.
        blank_rows: rows prepared for filling in (drop-downs, text formats) below the content.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[Cells] = ()
    blank_rows: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """What a workbook says about itself in its hidden sheet.

    Attributes:
        name: which template (``applications``).
        version: of the template; a reader refuses another one.
        context: what it was made for, codes and ids only (call, policy version).
    """

    name: str
    version: str
    context: tuple[tuple[str, str], ...] = ()


META_SHEET = "_meta"
LISTS_SHEET = "_lists"


def in_order(row: Cells, columns: Sequence[Column]) -> Sequence[object]:
    """The cells of a row in the order of the columns; what a mapping does not name is empty."""
    if isinstance(row, Mapping):
        return [row.get(column.code) for column in columns]
    if len(row) != len(columns):
        raise ValueError(f"a row has {len(row)} cells, the sheet {len(columns)} columns")
    return row
