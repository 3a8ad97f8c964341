"""Draws of inspections over HTTP (D-03)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import NOTHING, NoMembers
from placement.adapters.http.schemas.year.inspections import InspectionDrawIn, InspectionDrawOut
from placement.adapters.http.scoping import PREFIX
from placement.usecases.inspections.draw_inspections import decide_draw, make_draw
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix=f"{PREFIX}/inspection-draws", tags=["inspections"])
table = tables.inspection_draw
Reading = Annotated[Query, Depends(query("inspection-draw.read"))]


@router.post("", status_code=201, response_model=InspectionDrawOut, responses=PROBLEMS)
async def post_draw(
    body: InspectionDrawIn, command: Annotated[Command[SqlPlacementWork], Depends(command("inspection-draw.make"))]
) -> Response:
    """Let hosts be drawn: the policy's share of the year, more likely the longer ago the last visit; it only proposes."""
    return await command.run(
        lambda work: make_draw(work, body.programme, body.session), present=InspectionDrawOut.of, status=201
    )


@router.post("/{draw_id}/confirm", response_model=InspectionDrawOut, responses=PROBLEMS)
async def post_confirm(
    draw_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("inspection-draw.confirm"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Plan what was drawn."""
    return await command.run(lambda work: decide_draw(work, draw_id, "confirm"), present=InspectionDrawOut.of)


@router.post("/{draw_id}/discard", response_model=InspectionDrawOut, responses=PROBLEMS)
async def post_discard(
    draw_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("inspection-draw.discard"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Plan nothing of it."""
    return await command.run(lambda work: decide_draw(work, draw_id, "discard"), present=InspectionDrawOut.of)


@router.get("", response_model=PageOf[InspectionDrawOut], responses=READ_PROBLEMS)
async def list_draws(query: Reading, page: Annotated[PageParameters, Depends(page_parameters)]) -> Response:
    """Draws of the inspecting side."""
    mine = query.scope.where({Relation.DESCENDANT: table.c.region})
    return await query.page(select(table).where(mine), table, page, lambda row: InspectionDrawOut.row(row, query.actor))


@router.get("/{draw_id}", response_model=InspectionDrawOut, responses=READ_PROBLEMS)
async def read_draw(draw_id: UUID, query: Reading) -> Response:
    """One draw."""
    mine = query.scope.where({Relation.DESCENDANT: table.c.region})
    row = await query.one(select(table).where(mine, table.c.id == draw_id))
    return query.answer(InspectionDrawOut.row(row, query.actor))
