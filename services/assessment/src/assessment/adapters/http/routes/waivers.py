"""Routes of continuing-education waivers (C-03)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter

from assessment.adapters.db.unit_of_work import WAIVERS, AssessmentWork
from assessment.adapters.http.lists import rows_of, thing_of, updated_at, visible
from assessment.adapters.http.shapes.bodies import ConsumeBody
from assessment.adapters.http.shapes.certificates import WaiverOut, WaiverReceiptOut
from assessment.domain.certifying.waiver import WaiverState
from assessment.usecases.certifying.consume_waiver import consume_waiver
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Role

router = APIRouter(prefix="/v1/assessment/waivers", tags=["waivers"])
Filter = Annotated[str | None, QueryParameter(max_length=120)]


@router.get("", response_model=PageOf[WaiverOut], responses=READ_PROBLEMS)
async def list_waivers(
    read: Annotated[Query, Depends(query("waiver.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    programme: Filter = None,
    session: Filter = None,
    state: WaiverState | None = None,
    participation: UUID | None = None,
    certificate: UUID | None = None,
) -> Response:
    """Waivers the caller may see."""
    filters = {
        "programme": programme, "session": session, "state": state,
        "participation": participation, "certificate": certificate,
    }  # fmt: skip

    def present(row: Any) -> WaiverOut:
        return WaiverOut.of(thing_of(WAIVERS, row), read.actor, updated_at(WAIVERS, row))

    found = rows_of(WAIVERS, visible(read, WAIVERS.table), filters)
    return await read.page(found, WAIVERS.table, page, present, filters=filters)


@router.get("/{waiver_id}", response_model=WaiverOut, responses=READ_PROBLEMS)
async def read_waiver(waiver_id: UUID, read: Annotated[Query, Depends(query("waiver.read"))]) -> Response:
    """One waiver."""
    row = await read.one(rows_of(WAIVERS, visible(read, WAIVERS.table), {"id": waiver_id}))
    return read.answer(WaiverOut.of(thing_of(WAIVERS, row), read.actor, updated_at(WAIVERS, row)))


@router.get("/{waiver_id}/receipt", response_model=WaiverReceiptOut, responses=READ_PROBLEMS)
async def read_receipt(waiver_id: UUID, read: Annotated[Query, Depends(query("waiver.read"))]) -> Response:
    """What a waiver was used for; a title authority gets the receipts of its own uses only."""
    where = visible(read, WAIVERS.table) & (WAIVERS.table.c.state == WaiverState.CONSUMED)
    if read.actor.has(Role.AGENCY):
        where &= WAIVERS.table.c.consumed_by == read.actor.subject
    row = await read.one(rows_of(WAIVERS, where, {"id": waiver_id}))
    return read.answer(WaiverReceiptOut.of(thing_of(WAIVERS, row)))


@router.post("/{waiver_id}/consume", response_model=WaiverOut, responses=PROBLEMS)
async def consume(
    waiver_id: UUID,
    body: ConsumeBody,
    do: Annotated[Command[AssessmentWork], Depends(command("waiver.consume"))],
) -> Response:
    """Use a waiver for the first application for the next title level; whoever comes second is refused."""
    return await do.run(
        lambda work: consume_waiver(work, waiver_id, body.title_level, body.application), present=WaiverOut.of
    )
