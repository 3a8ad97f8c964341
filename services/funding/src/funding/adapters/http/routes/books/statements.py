"""Statements as of any day, their files, and the entries behind every figure."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from sqlalchemy import select

from funding.adapters.db import tables
from funding.adapters.db.schema.ledger_tables import entry
from funding.adapters.db.statements.drilling import NOTHING, chosen, entries_moving, postings_in_order
from funding.adapters.db.statements.flows import Flow, Horizon, flows
from funding.adapters.http.routes.common import CodeFilter
from funding.adapters.http.shapes.books.statements import (
    FigureOut,
    FundStatementOut,
    MovingEntry,
    StatementRow,
    TrialBalanceAsOf,
    TrialBalanceRow,
)
from funding.adapters.http.statement_files import (
    POSTING_COLUMNS,
    TRIAL_COLUMNS,
    Format,
    figure_columns,
    streamed,
    table,
)
from funding.domain.ledger.figures import FIGURES, SOURCE_FIGURES, WHOLE_FIGURES, Figure, amount
from shared.http.exact import Day, Moment
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS, also
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.money import yuan
from shared.sheets.writing import XLSX_TYPE
from shared.work.unit import PLACE

router = APIRouter(prefix="/v1/funding", tags=["statements"])
Read = Annotated[Query, Depends(query("account.read"))]
FILES = also("text/csv", XLSX_TYPE)
Dimension = Literal["source", "category", "session", "area", "payee"]
AsOf = Annotated[Day | None, QueryParameter(description="day of the books, included; today when left out")]
KnownAt = Annotated[
    Moment | None, QueryParameter(description="only what was recorded by then; everything when left out")
]
Codes = Annotated[list[str] | None, QueryParameter(max_length=20)]


@router.get("/statements/trial-balance", response_model=TrialBalanceAsOf, responses=READ_PROBLEMS | FILES)
async def trial_balance_as_of(
    read: Read, as_of: AsOf = None, known_at: KnownAt = None, fund: UUID | None = None, format: Format = "json"
) -> Response:
    """Debits, credits and balances by fund, kind of account and category."""
    horizon = _horizon(read, as_of, known_at)
    sums: dict[tuple[UUID, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for each in await flows(read.connection, horizon, ("category",), fund=fund):
        cell = sums[each.fund, each.kind, each.by[0] or ""]
        cell[0] += each.debit
        cell[1] += each.credit
    rows = [(*key, debit, credit, debit - credit) for key, (debit, credit) in sorted(sums.items())]
    if format != "json":
        return table(f"trial-balance-{horizon.until}", TRIAL_COLUMNS, rows, format, read.actor)
    debit, credit = sum(row[3] for row in rows), sum(row[4] for row in rows)
    shown = TrialBalanceAsOf(
        as_of=horizon.until,
        known_at=known_at,
        balanced=debit == credit,
        debit=yuan(debit),
        credit=yuan(credit),
        rows=[
            TrialBalanceRow(
                fund=row[0],
                kind=row[1],
                category=row[2] or None,
                debit=yuan(row[3]),
                credit=yuan(row[4]),
                balance=yuan(row[5]),
                postings=_address(horizon, fund=row[0], kind=[row[1]], category=row[2] or NOTHING),
            )
            for row in rows
        ],
    )
    return read.answer(shown)


@router.get("/statements/funds/{fund_id}", response_model=FundStatementOut, responses=READ_PROBLEMS | FILES)
async def fund_statement_as_of(
    fund_id: UUID,
    read: Read,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    by: Dimension | None = None,
    format: Format = "json",
) -> Response:
    """Where the money of a fund was on a day, by source, category, session, area or payee."""
    await read.one(select(tables.fund.c.id).where(read.scope.where({}), tables.fund.c.id == fund_id))
    horizon = _horizon(read, as_of, known_at)
    moved = await flows(read.connection, horizon, (by,) if by else (), fund=fund_id)
    figures = SOURCE_FIGURES if by == "source" else FIGURES
    groups: dict[str, list[Flow]] = defaultdict(list)
    for flow in moved if by else ():
        if any(figure.counts(flow.kind, flow.cause, flow.way) for figure in figures):
            groups[flow.by[0] or NOTHING].append(flow)
    if format != "json":
        columns = figure_columns(figures if by else WHOLE_FIGURES)
        whole = groups if by else {"": moved}
        rows = [
            (key, *(_fen(figure, own) for figure in (figures if by else WHOLE_FIGURES)))
            for key, own in sorted(whole.items())
        ]
        return table(f"statement-{by or 'whole'}-{horizon.until}", columns, rows, format, read.actor)
    shown = FundStatementOut(
        fund=fund_id,
        as_of=horizon.until,
        known_at=known_at,
        by=by,
        whole=_row("", WHOLE_FIGURES, moved, horizon, fund_id, None),
        rows=[_row(key, figures, own, horizon, fund_id, by) for key, own in sorted(groups.items())],
    )
    return read.answer(shown)


@router.get("/statements/postings", response_model=PageOf[MovingEntry], responses=READ_PROBLEMS | also("text/csv"))
async def list_moving_entries(
    read: Read,
    page: Annotated[PageParameters, Depends(page_parameters)],
    fund: UUID | None = None,
    kind: Codes = None,
    cause: Codes = None,
    way: CodeFilter = None,
    source: CodeFilter = None,
    category: CodeFilter = None,
    session: CodeFilter = None,
    area: CodeFilter = None,
    payee: CodeFilter = None,
    until: Day | None = None,
    known_at: Moment | None = None,
    format: Literal["json", "csv"] = "json",
) -> Response:
    """The entries behind a figure, each with what it moved; their amounts sum to the figure. As CSV: every posting."""
    equal = {"way": way, "source": source, "category": category, "session": session, "area": area, "payee": payee}
    predicate = chosen(fund=fund, kind=kind or (), cause=cause or (), until=until, known_at=known_at, **equal)
    if format == "csv":
        rows = await read.connection.stream(postings_in_order(predicate))
        return streamed("postings", POSTING_COLUMNS, rows, read.actor)
    filters: dict[str, Any] = {
        "fund": fund, "kind": kind, "cause": cause, "until": until, "known_at": known_at, **equal
    }  # fmt: skip
    return await read.page(entries_moving(predicate), entry, page, _moving, filters=filters)


def _moving(row: Any) -> MovingEntry:
    return MovingEntry(
        id=row.id,
        fund=row.fund,
        kind=row.kind,
        booked_on=row.booked_on,
        participation=row.participation,
        session=row.session,
        payee=row.payee,
        memo=row.memo,
        amount=yuan(row.amount),
    )


def _row(
    key: str, figures: tuple[Figure, ...], own: list[Flow], horizon: Horizon, fund: UUID, by: str | None
) -> StatementRow:
    return StatementRow(
        key=key,
        figures=[
            FigureOut(
                name=figure.name,
                amount=yuan(_fen(figure, own)),
                sign=figure.sign,
                postings=_address(
                    horizon,
                    fund=fund,
                    kind=list(figure.kinds),
                    cause=list(figure.causes),
                    **({"way": figure.way} if figure.way else {}),
                    **({by: key} if by else {}),
                ),
            )
            for figure in figures
        ],
    )


def _fen(figure: Figure, own: list[Flow]) -> int:
    return amount(figure, ((each.kind, each.cause, each.way, each.amount) for each in own))


def _address(horizon: Horizon, **filters: Any) -> str:
    known = {} if horizon.known_at is None else {"known_at": horizon.known_at.isoformat()}
    asked = {name: value for name, value in filters.items() if value} | {"until": horizon.until.isoformat()} | known
    return f"/v1/funding/statements/postings?{urlencode(asked, doseq=True)}"


def _horizon(read: Query, as_of: date | None, known_at: datetime | None) -> Horizon:
    return Horizon(as_of or read.running.clock.now().astimezone(PLACE).date(), known_at)
