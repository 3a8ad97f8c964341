"""From what stands in a cell to a typed value; every parser raises ``ValueError`` with the code of the problem."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from shared.kernel.money import fen
from shared.kernel.refusals import Malformed
from shared.sheets.columns import Column, Kind
from shared.sheets.neutral import restored

Parser = Callable[[Any], Any]
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?)?")
_ROUGH = re.compile(r"\d(\.\d+)?[eE]\+?\d{2,}")
_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")
_SAFE_DIGITS = 10**15
_INTEGER = re.compile(r"[+-]?\d{1,18}(\.0+)?")


def parser_of(column: Column) -> Parser:
    """The parser of a column's cells; it never sees an empty cell."""
    if column.kind is Kind.CODE and column.codes:
        return _listed(column)
    if column.kind in {Kind.TEXT, Kind.CODE}:
        limit = column.max_length

        def text(value: Any) -> str:
            words = shown_text(value)
            if len(words) > limit:
                raise ValueError("too-long")
            return words

        return text
    return _PARSERS[column.kind]


def shown_text(value: Any) -> str:
    """The text of a cell as a person sees it; neutralisation is undone."""
    if isinstance(value, str):
        text = restored(value.strip())
        if _ROUGH.fullmatch(text):
            raise ValueError("digits-lost")
        if _UNKEEPABLE.search(text):
            raise ValueError("bad-character")
        return text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        if abs(value) >= _SAFE_DIGITS:
            raise ValueError("digits-lost")
        return str(int(value)) if float(value).is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _listed(column: Column) -> Parser:
    """Code, ``code label`` as the drop-down writes it, or a label that names one code only."""
    known: dict[Any, str | None] = {}
    for entry in column.codes:
        for label in (entry.zh, entry.en):
            key = label.casefold()
            if label:
                known[key] = entry.code if known.get(key, entry.code) == entry.code else None
    for entry in column.codes:
        for key in (entry.code, entry.label("zh"), entry.label("en")):
            known[key.casefold()] = entry.code

    def code(value: Any) -> str:
        found = known.get(shown_text(value).casefold())
        if found is None:
            raise ValueError("unknown-code")
        return found

    return code


def _integer(value: Any) -> int:
    if isinstance(value, float) and value.is_integer() and abs(value) < _SAFE_DIGITS:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _INTEGER.fullmatch(text := restored(value.strip())):
        return int(text.partition(".")[0])
    raise ValueError("bad-integer")


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(repr(value)) if isinstance(value, (int, float)) else Decimal(restored(str(value).strip()))
    except InvalidOperation:
        raise ValueError("bad-decimal") from None
    if isinstance(value, bool) or not number.is_finite():
        raise ValueError("bad-decimal")
    return number


def _money(value: Any) -> int:
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            amount = round(value * 100)
            if abs(amount / 100 - value) > 1e-9 * max(1.0, abs(value)) or abs(amount) >= _SAFE_DIGITS:
                raise ValueError("bad-amount")
            return amount
        return fen(restored(str(value).strip()).replace(",", "").replace("，", "").removeprefix("¥"))
    except (Malformed, OverflowError):
        raise ValueError("bad-amount") from None


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    try:
        if len(text) == 10 and text[4] == "-":
            return date.fromisoformat(text)
        if found := _DATE.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if len(text) == 8 and text.isdecimal():
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        pass
    raise ValueError("bad-date")


def _uuid(value: Any) -> UUID:
    try:
        return UUID(restored(str(value).strip()))
    except ValueError:
        raise ValueError("bad-uuid") from None


_PARSERS: dict[Kind, Parser] = {
    Kind.INTEGER: _integer, Kind.DECIMAL: _decimal, Kind.MONEY: _money, Kind.DATE: _date, Kind.UUID: _uuid,
}  # fmt: skip
