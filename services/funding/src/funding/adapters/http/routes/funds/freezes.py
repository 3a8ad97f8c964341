"""What the finance authority has stopped (F-07)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from funding.adapters.db.readings import thing
from funding.adapters.db.schema.approval_tables import money_freeze as table
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.routes.common import CodeFilter, matching
from funding.adapters.http.shapes.funds.freezes import FreezeBody, FreezeOut
from funding.adapters.http.shapes.funds.funds import FundingReason
from funding.domain.freezing.freeze import Freeze, Thing
from funding.usecases.freezing.freeze import freeze_thing, thaw_freeze
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.work.mapping import Mapping

router = APIRouter(prefix="/v1/funding/freezes", tags=["freezes"])
FREEZES = Mapping(Freeze, table)
Read = Annotated[Query, Depends(query("freeze.read"))]


@router.post("", response_model=FreezeOut, status_code=201, responses=PROBLEMS)
async def freeze(body: FreezeBody, do: Annotated[Command[FundingUnit], Depends(command("freeze.set"))]) -> Response:
    """Stop every decision on a thing's money; facts of others, return files and recoveries are still booked."""
    return await do.run(
        lambda work: freeze_thing(work, Thing(body.kind, body.subject), reason=body.reason),
        present=FreezeOut.of,
        status=201,
        location=lambda each: f"/v1/funding/freezes/{each.id}",
    )


@router.post("/{freeze_id}/thaw", response_model=FreezeOut, responses=PROBLEMS)
async def thaw(
    freeze_id: UUID, body: FundingReason, do: Annotated[Command[FundingUnit], Depends(command("freeze.thaw"))]
) -> Response:
    """Let decisions go on."""
    return await do.run(lambda work: thaw_freeze(work, freeze_id, reason=body.reason), present=FreezeOut.of)


@router.get("", response_model=PageOf[FreezeOut], responses=READ_PROBLEMS)
async def list_freezes(
    read: Read,
    page: Annotated[PageParameters, Depends(page_parameters)],
    kind: CodeFilter = None,
    subject: CodeFilter = None,
    state: CodeFilter = None,
) -> Response:
    """What is or was frozen."""
    filters: dict[str, Any] = {"kind": kind, "subject": subject, "state": state}
    statement = select(*FREEZES.columns).where(read.scope.where({}), matching(table, filters))
    return await read.page(
        statement, table, page, lambda row: FreezeOut.of(thing(FREEZES, row), read.actor), filters=filters
    )


@router.get("/{freeze_id}", response_model=FreezeOut, responses=READ_PROBLEMS)
async def read_freeze(freeze_id: UUID, read: Read) -> Response:
    """One freeze."""
    row = await read.one(select(*FREEZES.columns).where(read.scope.where({}), table.c.id == freeze_id))
    return read.answer(FreezeOut.of(FREEZES.thing(row), read.actor))
