"""Free money moved between sessions and categories of one fund (F-02)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from funding.adapters.db.readings import thing
from funding.adapters.db.schema.approval_tables import reallocation as table
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.routes.common import CodeFilter, NoBody, matching
from funding.adapters.http.shapes.funds.funds import FundingReason
from funding.adapters.http.shapes.funds.reallocations import AskReallocation, ReallocationOut
from funding.domain.budgets.reallocation import Reallocation, Shift
from funding.usecases.reallocations.reallocate import approve_reallocation, ask_reallocation, refuse_reallocation
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.work.mapping import Mapping

router = APIRouter(prefix="/v1/funding/reallocations", tags=["reallocations"])
REALLOCATIONS = Mapping(Reallocation, table)
Read = Annotated[Query, Depends(query("reallocation.read"))]


@router.post("", response_model=ReallocationOut, status_code=201, responses=PROBLEMS)
async def ask(
    body: AskReallocation, do: Annotated[Command[FundingUnit], Depends(command("reallocation.ask"))]
) -> Response:
    """Ask to move free money; nothing moves before the last signature."""

    async def act(work: FundingUnit) -> Reallocation:
        return await ask_reallocation(
            work,
            giver=body.giver,
            taker=body.taker,
            shifts=[Shift(each.source, each.target, each.amount.fen) for each in body.shifts],
            reason=body.reason,
        )

    return await do.run(
        act, present=ReallocationOut.of, status=201, location=lambda each: f"/v1/funding/reallocations/{each.id}"
    )


@router.post("/{reallocation_id}/approve", response_model=ReallocationOut, responses=PROBLEMS)
async def approve(
    reallocation_id: UUID,
    do: Annotated[Command[FundingUnit], Depends(command("reallocation.approve"))],
    body: NoBody | None = None,
) -> Response:
    """Sign the next step; the last one moves the money."""
    del body
    return await do.run(lambda work: approve_reallocation(work, reallocation_id), present=ReallocationOut.of)


@router.post("/{reallocation_id}/refuse", response_model=ReallocationOut, responses=PROBLEMS)
async def refuse(
    reallocation_id: UUID,
    body: FundingReason,
    do: Annotated[Command[FundingUnit], Depends(command("reallocation.refuse"))],
) -> Response:
    """Do not move it."""
    return await do.run(
        lambda work: refuse_reallocation(work, reallocation_id, reason=body.reason), present=ReallocationOut.of
    )


@router.get("", response_model=PageOf[ReallocationOut], responses=READ_PROBLEMS)
async def list_reallocations(
    read: Read,
    page: Annotated[PageParameters, Depends(page_parameters)],
    fund: UUID | None = None,
    giver: CodeFilter = None,
    taker: CodeFilter = None,
    state: CodeFilter = None,
) -> Response:
    """All re-allocations."""
    filters: dict[str, Any] = {"fund": fund, "giver": giver, "taker": taker, "state": state}
    statement = select(*REALLOCATIONS.columns).where(read.scope.where({}), matching(table, filters))
    return await read.page(
        statement, table, page, lambda row: ReallocationOut.of(thing(REALLOCATIONS, row), read.actor), filters=filters
    )


@router.get("/{reallocation_id}", response_model=ReallocationOut, responses=READ_PROBLEMS)
async def read_reallocation(reallocation_id: UUID, read: Read) -> Response:
    """One re-allocation."""
    row = await read.one(select(*REALLOCATIONS.columns).where(read.scope.where({}), table.c.id == reallocation_id))
    return read.answer(ReallocationOut.of(REALLOCATIONS.thing(row), read.actor))
