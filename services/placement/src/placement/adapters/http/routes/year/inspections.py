"""Inspections over HTTP (D-03): until one was conducted it does not exist for the inspected."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Select, and_, exists, select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import NOTHING, NoMembers
from placement.adapters.http.schemas.year.inspections import (
    InspectionAnswersIn,
    InspectionConductedIn,
    InspectionDayIn,
    InspectionDemandIn,
    InspectionFindingsIn,
    InspectionOut,
    InspectionPlanIn,
)
from placement.adapters.http.scoping import PREFIX, bound, filtered, placement
from placement.domain.inspections.inspection import HIDDEN
from placement.usecases.inspections.inspect_hosts import (
    answer_findings,
    cancel_inspection,
    close_inspection,
    conduct_inspection,
    demand_again,
    plan_inspection,
    record_findings,
    reschedule_inspection,
)
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix=PREFIX, tags=["inspections"])
table = tables.inspection
Reading = Annotated[Query, Depends(query("inspection.read"))]


def _seen(scope: Scope) -> Select[Any]:
    """The inspecting side sees all of its own; the inspected those conducted where they are."""
    inspecting = scope.where({Relation.DESCENDANT: table.c.region})
    people = scope.where(
        {
            Relation.SELF: placement.c.account,
            Relation.OWN_UNIT: placement.c.sending_unit,
            Relation.ASSIGNED: placement.c.mentor == scope.actor.subject,
        }
    )
    there = exists().where(placement.c.host == table.c.host, placement.c.session == table.c.session, people)
    inspected = scope.where({Relation.HOST: table.c.host}) | there
    return select(table).where(inspecting | and_(table.c.state.not_in(HIDDEN), inspected))


@router.post("/inspections", status_code=201, response_model=InspectionOut, responses=PROBLEMS)
async def post_inspection(
    body: InspectionPlanIn, command: Annotated[Command[SqlPlacementWork], Depends(command("inspection.plan"))]
) -> Response:
    """Plan an inspection by hand; the host does not hear of it."""
    return await command.run(
        lambda work: plan_inspection(work, body.programme, body.session, body.host, body.planned_on),
        present=InspectionOut.of,
        status=201,
    )


@router.post("/inspections/{inspection_id}/reschedule", response_model=InspectionOut, responses=PROBLEMS)
async def post_reschedule(
    inspection_id: UUID,
    body: InspectionDayIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("inspection.reschedule"))],
) -> Response:
    """Choose another day."""
    return await command.run(
        lambda work: reschedule_inspection(work, inspection_id, body.planned_on), present=InspectionOut.of
    )


@router.post("/inspections/{inspection_id}/cancel", response_model=InspectionOut, responses=PROBLEMS)
async def post_cancel(
    inspection_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("inspection.cancel"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Do not carry it out; it stays hidden."""
    return await command.run(lambda work: cancel_inspection(work, inspection_id), present=InspectionOut.of)


@router.post("/inspections/{inspection_id}/conduct", response_model=InspectionOut, responses=PROBLEMS)
async def post_conduct(
    inspection_id: UUID,
    body: InspectionConductedIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("inspection.conduct"))],
) -> Response:
    """Record that it was carried out; from now on the host sees it."""
    return await command.run(
        lambda work: conduct_inspection(work, inspection_id, body.conducted_on), present=InspectionOut.of
    )


@router.post("/inspections/{inspection_id}/findings", response_model=InspectionOut, responses=PROBLEMS)
async def post_findings(
    inspection_id: UUID,
    body: InspectionFindingsIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("inspection.find"))],
) -> Response:
    """Record what was found; each finding has a last day by its severity."""
    found = [(item.code, str(item.severity)) for item in body.items]
    return await command.run(lambda work: record_findings(work, inspection_id, found), present=InspectionOut.of)


@router.post("/inspections/{inspection_id}/answer", response_model=InspectionOut, responses=PROBLEMS)
async def post_answer(
    inspection_id: UUID,
    body: InspectionAnswersIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("inspection.answer"))],
) -> Response:
    """The host says what it did, finding by finding."""
    answers = [item.answer() for item in body.items]
    return await command.run(lambda work: answer_findings(work, inspection_id, answers), present=InspectionOut.of)


@router.post("/inspections/{inspection_id}/demand", response_model=InspectionOut, responses=PROBLEMS)
async def post_demand(
    inspection_id: UUID,
    body: InspectionDemandIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("inspection.demand"))],
) -> Response:
    """Ask for more about some findings."""
    numbers = set(body.numbers)
    return await command.run(lambda work: demand_again(work, inspection_id, numbers), present=InspectionOut.of)


@router.post("/inspections/{inspection_id}/close", response_model=InspectionOut, responses=PROBLEMS)
async def post_close(
    inspection_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("inspection.close"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Close it: nothing was found, or everything was put right."""
    return await command.run(lambda work: close_inspection(work, inspection_id), present=InspectionOut.of)


@router.get("/inspections", response_model=PageOf[InspectionOut], responses=READ_PROBLEMS)
async def list_inspections(
    query: Reading,
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: str | None = None,
    host: str | None = None,
    state: str | None = None,
) -> Response:
    """Inspections within the caller's sight."""
    filters = {table.c.session: session, table.c.host: host, table.c.state: state}
    return await query.page(
        filtered(_seen(query.scope), filters),
        table,
        page,
        lambda row: InspectionOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/inspections/{inspection_id}", response_model=InspectionOut, responses=READ_PROBLEMS)
async def read_inspection(inspection_id: UUID, query: Reading) -> Response:
    """One inspection."""
    row = await query.one(_seen(query.scope).where(table.c.id == inspection_id))
    return query.answer(InspectionOut.row(row, query.actor))
