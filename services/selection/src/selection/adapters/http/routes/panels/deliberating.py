"""Routes of a panel's assignments, members, sheets, results and minutes."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import ColumnElement, select

from selection.adapters.db import panel_tables, tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.panels.deliberating import PanelOut
from selection.adapters.http.shapes.panels.panels import (
    AssignedOut,
    GivenSheetOut,
    MinutesOut,
    PanelResultOut,
    ReplacementBody,
)
from selection.domain.panel.deliberation import PanelMinutes, PanelResult
from selection.domain.panel.panel import ScoreSheet
from selection.usecases.deliberating.assign_candidates import assign_candidates
from selection.usecases.deliberating.replace_member import replace_member
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import Body, PageOf
from shared.kernel.actor import Relation, Role

router = APIRouter(prefix="/v1/selection/panels/{panel_id}", tags=["panels"])
Do = Command[SelectionUnit]
Page = Annotated[PageParameters, Depends(page_parameters)]
_panel = tables.panel


class AssignmentBody(Body):
    """Nothing more to say: the panel, its seed and its members decide."""


@router.post("/assign", response_model=AssignedOut, responses=PROBLEMS)
async def post_assignment(
    panel_id: UUID, body: AssignmentBody, do: Annotated[Do, Depends(command("panel.assign"))]
) -> Response:
    """Assign the candidates to the experts; again for late candidates, what stands stays."""
    del body
    return await do.run(lambda work: assign_candidates(work, panel_id), present=AssignedOut.of)


@router.post("/replace-member", response_model=PanelOut, responses=PROBLEMS)
async def post_replacement(
    panel_id: UUID, body: ReplacementBody, do: Annotated[Do, Depends(command("panel.replace"))]
) -> Response:
    """Replace a member while the panel is open."""
    return await do.run(
        lambda work: replace_member(work, panel_id, body.out, body.member.member(), body.reason), present=PanelOut.of
    )


@router.get("/score-sheets", response_model=PageOf[GivenSheetOut], responses=READ_PROBLEMS)
async def list_score_sheets(
    panel_id: UUID, read: Annotated[Query, Depends(query("sheet.read"))], page: Page
) -> Response:
    """An expert's own sheets; after the conclusion all of them, for the region and the auditor."""
    panel = await read.one(select(_panel.c.state).where(_panel.c.id == panel_id, _visible(read)))
    table = tables.score_sheet
    mine: ColumnElement[bool] = table.c.expert == read.actor.subject
    watches = read.actor.has(Role.REGIONAL_OFFICER, Role.AUDITOR) and panel.state == "concluded"
    statement = columns_of(ScoreSheet, table).where(table.c.panel_id == panel_id)
    return await read.page(
        statement if watches else statement.where(mine), table, page,
        lambda row: GivenSheetOut.of(thing_of(ScoreSheet, table, row)), filters={"panel": panel_id},
    )  # fmt: skip


@router.get("/results", response_model=PageOf[PanelResultOut], responses=READ_PROBLEMS)
async def list_results(panel_id: UUID, read: Annotated[Query, Depends(query("panel.read"))], page: Page) -> Response:
    """What the panel concluded of every candidate; nothing before the conclusion."""
    await read.one(select(_panel.c.id).where(_panel.c.id == panel_id, _visible(read)))
    table = panel_tables.panel_result
    return await read.page(
        columns_of(PanelResult, table).where(table.c.panel_id == panel_id), table, page,
        lambda row: PanelResultOut.of(thing_of(PanelResult, table, row)), filters={"panel": panel_id},
    )  # fmt: skip


@router.get("/minutes", response_model=MinutesOut, responses=READ_PROBLEMS)
async def read_minutes(panel_id: UUID, read: Annotated[Query, Depends(query("panel.read"))]) -> Response:
    """The minutes, once signed off."""
    table = panel_tables.panel_minutes
    statement = columns_of(PanelMinutes, table).join(_panel, _panel.c.id == table.c.panel_id)
    row = await read.one(statement.where(table.c.panel_id == panel_id, _visible(read)))
    return read.answer(MinutesOut.of(thing_of(PanelMinutes, table, row)))


def _visible(read: Query) -> ColumnElement[bool]:
    sits: ColumnElement[Any] = _panel.c.experts.contains([read.actor.subject])
    return read.scope.where({Relation.ASSIGNED: sits})
