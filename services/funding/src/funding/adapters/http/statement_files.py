"""Statements and postings as CSV and XLSX."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Final, Literal

from fastapi import Response
from fastapi.responses import StreamingResponse

from funding.domain.ledger.figures import Figure
from shared.kernel.actor import Actor
from shared.sheets.columns import Cells, Column, Kind, Language, Sheet
from shared.sheets.writing import CSV_TYPE, XLSX_TYPE, csv_chunks, write_csv, write_xlsx

Format = Literal["json", "csv", "xlsx"]
TRIAL_COLUMNS: Final = (
    Column(code="fund", zh="资金", en="fund", kind=Kind.UUID, width=38),
    Column(code="kind", zh="科目", en="kind"),
    Column(code="category", zh="支出类别", en="category", width=24),
    Column(code="debit", zh="借方", en="debit", kind=Kind.MONEY),
    Column(code="credit", zh="贷方", en="credit", kind=Kind.MONEY),
    Column(code="balance", zh="余额", en="balance", kind=Kind.MONEY),
)
POSTING_COLUMNS: Final = (
    Column(code="entry", zh="凭证", en="entry", kind=Kind.UUID, width=38),
    Column(code="booked_on", zh="记账日期", en="booked on", kind=Kind.DATE),
    Column(code="kind", zh="科目", en="kind"),
    Column(code="cause", zh="事由", en="cause"),
    Column(code="source", zh="来源", en="source"),
    Column(code="category", zh="支出类别", en="category", width=24),
    Column(code="session", zh="期次", en="session"),
    Column(code="area", zh="地区", en="area"),
    Column(code="payee", zh="收款单位", en="payee"),
    Column(code="amount", zh="金额", en="amount", kind=Kind.MONEY),
)
_ROWS: Final = 5000


def figure_columns(figures: Sequence[Figure]) -> tuple[Column, ...]:
    """A column for the key and one for each figure."""
    key = Column(code="key", zh="项目", en="key", width=28)
    return (key, *(Column(code=each.name, zh=each.zh, en=each.en, kind=Kind.MONEY) for each in figures))


def table(
    name: str, columns: tuple[Column, ...], rows: Iterable[Cells], form: Literal["csv", "xlsx"], actor: Actor
) -> Response:
    """A small table as a file."""
    language = language_of(actor)
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"', "cache-control": "no-store"}
    if form == "csv":
        return Response(write_csv(columns, rows, language), 200, headers, CSV_TYPE)
    return Response(write_xlsx([Sheet(name=name[:31], columns=columns, rows=rows)], language), 200, headers, XLSX_TYPE)


def streamed(name: str, columns: tuple[Column, ...], rows: AsyncIterator[Any], actor: Actor) -> StreamingResponse:
    """A large table as CSV, piece by piece; nothing is held but the piece."""
    language = language_of(actor)

    async def pieces() -> AsyncIterator[bytes]:
        held: list[Cells] = []
        first = True
        async for row in rows:
            held.append(tuple(row))
            if len(held) == _ROWS:
                yield _piece(columns, held, language, first=first)
                held, first = [], False
        yield _piece(columns, held, language, first=first)

    headers = {"content-disposition": f'attachment; filename="{name}.csv"', "cache-control": "no-store"}
    return StreamingResponse(pieces(), 200, headers, CSV_TYPE)


def language_of(actor: Actor) -> Language:
    """The language of the headers."""
    return "zh" if actor.locale.startswith("zh") else "en"


def _piece(columns: tuple[Column, ...], rows: list[Cells], language: Language, *, first: bool) -> bytes:
    whole = b"".join(csv_chunks(columns, rows, language))
    return whole if first else whole.partition(b"\r\n")[2]
