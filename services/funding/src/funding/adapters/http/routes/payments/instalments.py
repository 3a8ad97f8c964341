"""Instalments: due, prepared, approved, and what comes back; many at a time."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from funding.adapters.db import tables
from funding.adapters.db.readings import INSTALMENTS, thing
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.routes.common import CodeFilter, NoBody, matching
from funding.adapters.http.routes.payments.participations import OWN
from funding.adapters.http.shapes.funds.funds import FundingReason
from funding.adapters.http.shapes.payments.instalments import BulkOut, Choose, InstalmentOut, RaiseDue, Recover
from funding.usecases.payments.raise_due import raise_due
from funding.usecases.payments.recover_clawback import Recovery, recover_clawbacks
from funding.usecases.payments.sign import approve_instalments, prepare_instalments
from funding.usecases.payments.write_off import ask_write_off, drop_write_off, sign_write_off
from shared.http.commands import Command
from shared.http.exact import Day
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/funding/instalments", tags=["instalments"])
Read = Annotated[Query, Depends(query("instalment.read"))]


@router.post("/raise-due", response_model=BulkOut, responses=PROBLEMS)
async def raise_(body: RaiseDue, do: Annotated[Command[FundingUnit], Depends(command("instalment.raise"))]) -> Response:
    """Make dated instalments due whose day has come; the due clock does the same by itself."""
    return await do.run(lambda work: raise_due(work, body.session), present=BulkOut.of)


@router.post("/prepare", response_model=BulkOut, responses=PROBLEMS)
async def prepare(
    body: Choose, do: Annotated[Command[FundingUnit], Depends(command("instalment.prepare"))]
) -> Response:
    """Put due instalments forward for payment, all or none."""
    return await do.run(lambda work: prepare_instalments(work, body.choice()), present=BulkOut.of)


@router.post("/approve", response_model=BulkOut, responses=PROBLEMS)
async def approve(
    body: Choose, do: Annotated[Command[FundingUnit], Depends(command("instalment.approve"))]
) -> Response:
    """Approve prepared instalments, all or none; nobody approves what they prepared."""
    return await do.run(lambda work: approve_instalments(work, body.choice()), present=BulkOut.of)


@router.post("/recover", response_model=BulkOut, responses=PROBLEMS)
async def recover(
    body: Recover, do: Annotated[Command[FundingUnit], Depends(command("instalment.recover"))]
) -> Response:
    """Book money that came back, all lines or none."""
    lines = [Recovery(each.instalment, each.amount.fen, each.recovered_on, each.reference) for each in body.lines]
    return await do.run(lambda work: recover_clawbacks(work, lines), present=BulkOut.of)


@router.post("/{instalment_id}/write-off", response_model=InstalmentOut, responses=PROBLEMS)
async def write_off(
    instalment_id: UUID,
    body: FundingReason,
    do: Annotated[Command[FundingUnit], Depends(command("instalment.write-off"))],
) -> Response:
    """Ask that what is outstanding of a clawback be given up."""
    return await do.run(lambda work: ask_write_off(work, instalment_id, body.reason), present=InstalmentOut.of)


@router.post("/{instalment_id}/write-off/sign", response_model=InstalmentOut, responses=PROBLEMS)
async def sign(
    instalment_id: UUID,
    do: Annotated[Command[FundingUnit], Depends(command("instalment.sign-write-off"))],
    body: NoBody | None = None,
) -> Response:
    """Sign the next step; the last one gives it up."""
    del body
    return await do.run(lambda work: sign_write_off(work, instalment_id), present=InstalmentOut.of)


@router.post("/{instalment_id}/write-off/drop", response_model=InstalmentOut, responses=PROBLEMS)
async def drop(
    instalment_id: UUID,
    do: Annotated[Command[FundingUnit], Depends(command("instalment.drop-write-off"))],
    body: NoBody | None = None,
) -> Response:
    """Claim it back after all."""
    del body
    return await do.run(lambda work: drop_write_off(work, instalment_id), present=InstalmentOut.of)


@router.get("", response_model=PageOf[InstalmentOut], responses=READ_PROBLEMS)
async def list_instalments(
    read: Read,
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: CodeFilter = None,
    state: CodeFilter = None,
    milestone: CodeFilter = None,
    participation: UUID | None = None,
    clawback_overdue_on: Day | None = None,
) -> Response:
    """The instalments the caller may see; ``clawback_overdue_on`` those that should have come back before that day."""
    table = tables.instalment
    filters: dict[str, Any] = {
        "session": session, "state": state, "milestone": milestone, "participation": participation
    }  # fmt: skip
    statement = (
        select(*INSTALMENTS.columns)
        .join(tables.participation, tables.participation.c.id == table.c.participation)
        .where(read.scope.where(OWN), matching(table, filters))
    )
    if clawback_overdue_on is not None:
        statement = statement.where(table.c.clawback_due_on < clawback_overdue_on)
        filters |= {"clawback_overdue_on": clawback_overdue_on}
    return await read.page(
        statement, table, page, lambda row: InstalmentOut.of(thing(INSTALMENTS, row), read.actor), filters=filters
    )


@router.get("/{instalment_id}", response_model=InstalmentOut, responses=READ_PROBLEMS)
async def read_instalment(instalment_id: UUID, read: Read) -> Response:
    """An instalment."""
    table = tables.instalment
    row = await read.one(
        select(*INSTALMENTS.columns)
        .join(tables.participation, tables.participation.c.id == table.c.participation)
        .where(read.scope.where(OWN), table.c.id == instalment_id)
    )
    return read.answer(InstalmentOut.of(INSTALMENTS.thing(row), read.actor))
