"""Funds: opened, granted, frozen, stated."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from funding.adapters.db import tables
from funding.adapters.db.readings import FUNDS, thing
from funding.adapters.db.statement import Totals, statement_of
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.routes.common import CodeFilter, matching
from funding.adapters.http.shapes.books.ledger import (
    CategoryFigures,
    LedgerEntryOut,
    SessionFigures,
    SourceFigures,
    StatementOut,
)
from funding.adapters.http.shapes.common import Money, money
from funding.adapters.http.shapes.funds.funds import FundingReason, FundOut, Grant, OpenFund
from funding.domain.budgets.fund import Fund, Source
from funding.usecases.funds.freeze_fund import freeze_fund, thaw_fund
from funding.usecases.funds.open_fund import open_fund
from funding.usecases.funds.record_grant import record_grant
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/funding/funds", tags=["funds"])
Read = Annotated[Query, Depends(query("fund.read"))]


@router.post("", response_model=FundOut, status_code=201, responses=PROBLEMS)
async def open_(body: OpenFund, do: Annotated[Command[FundingUnit], Depends(command("fund.open"))]) -> Response:
    """Open a fund under a policy; its purposes are the policy's expense categories."""

    async def act(work: FundingUnit) -> Fund:
        return await open_fund(
            work,
            code=body.code,
            name=body.name,
            programme=body.programme,
            policy=body.policy,
            sources=[Source(each.code, each.name) for each in body.sources],
            autonomy=body.autonomy,
            starts_on=body.starts_on,
            ends_on=body.ends_on,
        )

    return await do.run(act, present=FundOut.of, status=201, location=lambda fund: f"/v1/funding/funds/{fund.id}")


@router.post("/{fund_id}/grants", response_model=LedgerEntryOut, status_code=201, responses=PROBLEMS)
async def grant(
    fund_id: UUID, body: Grant, do: Annotated[Command[FundingUnit], Depends(command("fund.grant"))]
) -> Response:
    """Record money that came in from a source; a document number counts once per fund."""
    return await do.run(
        lambda work: record_grant(
            work,
            fund_id,
            source=body.source,
            amount=body.amount.fen,
            reference=body.reference,
            granted_on=body.granted_on,
        ),
        present=LedgerEntryOut.of,
        status=201,
        location=lambda entry: f"/v1/funding/entries/{entry.id}",
    )


@router.post("/{fund_id}/freeze", response_model=FundOut, responses=PROBLEMS)
async def freeze(
    fund_id: UUID, body: FundingReason, do: Annotated[Command[FundingUnit], Depends(command("fund.freeze"))]
) -> Response:
    """Stop every decision on the fund's money."""
    return await do.run(lambda work: freeze_fund(work, fund_id, reason=body.reason), present=FundOut.of)


@router.post("/{fund_id}/thaw", response_model=FundOut, responses=PROBLEMS)
async def thaw(
    fund_id: UUID, body: FundingReason, do: Annotated[Command[FundingUnit], Depends(command("fund.thaw"))]
) -> Response:
    """Let decisions on the fund's money go on."""
    return await do.run(lambda work: thaw_fund(work, fund_id, reason=body.reason), present=FundOut.of)


@router.get("", response_model=PageOf[FundOut], responses=READ_PROBLEMS)
async def list_funds(
    read: Read,
    page: Annotated[PageParameters, Depends(page_parameters)],
    programme: CodeFilter = None,
    state: CodeFilter = None,
) -> Response:
    """All funds."""
    filters: dict[str, Any] = {"programme": programme, "state": state}
    statement = select(*FUNDS.columns).where(read.scope.where({}), matching(tables.fund, filters))
    return await read.page(
        statement, tables.fund, page, lambda row: FundOut.of(thing(FUNDS, row), read.actor), filters=filters
    )


@router.get("/{fund_id}", response_model=FundOut, responses=READ_PROBLEMS)
async def read_fund(fund_id: UUID, read: Read) -> Response:
    """A fund."""
    row = await read.one(select(*FUNDS.columns).where(read.scope.where({}), tables.fund.c.id == fund_id))
    return read.answer(FundOut.of(FUNDS.thing(row), read.actor))


@router.get("/{fund_id}/statement", response_model=StatementOut, responses=READ_PROBLEMS)
async def read_statement(fund_id: UUID, read: Read) -> Response:
    """Where the money of the fund is, by category, session and source; every figure is a sum of postings."""
    await read.one(select(tables.fund.c.id).where(read.scope.where({}), tables.fund.c.id == fund_id))
    found = await statement_of(read.connection, fund_id)
    given = found.whole.source_figures()
    shown = StatementOut(
        fund=fund_id,
        as_of=read.running.clock.now(),
        granted=money(given["granted"]),
        returned=money(given["returned"]),
        balance=money(found.whole.balance),
        by_category=[CategoryFigures(category=name, **_figures(each)) for name, each in found.by_category.items()],
        by_session=[SessionFigures(session=name, **_figures(each)) for name, each in found.by_session.items()],
        by_source=[
            SourceFigures(source=name, **{figure: money(fen) for figure, fen in each.source_figures().items()})
            for name, each in found.by_source.items()
        ],
        **_figures(found.whole),
    )
    return read.answer(shown)


def _figures(totals: Totals) -> dict[str, Money]:
    return {name: money(fen) for name, fen in totals.figures().items()}
