"""Routes of panels, conflicts of interest and score sheets."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from selection.adapters.db import panel_tables, tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.panels.deliberating import (
    CandidateOut,
    ConflictsBody,
    ConflictsOut,
    PanelBody,
    PanelOut,
    SheetsBody,
    SheetsOut,
)
from selection.adapters.http.shapes.panels.panels import ConclusionBody
from selection.domain.applying.application import Application
from selection.domain.codes import Step
from selection.domain.panel.panel import Panel
from selection.usecases.deliberating.conclude_panel import conclude_panel
from selection.usecases.deliberating.declare_conflicts import declare_conflicts
from selection.usecases.deliberating.form_panel import form_panel
from selection.usecases.deliberating.score_candidates import Scores, score_candidates
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/selection/panels", tags=["panels"])
Do = Command[SelectionUnit]
Page = Annotated[PageParameters, Depends(page_parameters)]
_table = tables.panel


@router.post("", response_model=PanelOut, status_code=201, responses=PROBLEMS)
async def post_panel(body: PanelBody, do: Annotated[Do, Depends(command("panel.form"))]) -> Response:
    """Convene a panel for a session."""
    return await do.run(
        lambda work: form_panel(
            work, body.session, body.name, body.experts, body.specialty_groups,
            [each.member() for each in body.members], body.chair,
        ),
        present=PanelOut.of, status=201, location=lambda panel: f"/v1/selection/panels/{panel.id}",
    )  # fmt: skip


@router.get("", response_model=PageOf[PanelOut], responses=READ_PROBLEMS)
async def list_panels(
    read: Annotated[Query, Depends(query("panel.read"))], page: Page, session: UUID | None = None
) -> Response:
    """Panels the caller may see."""
    statement = columns_of(Panel, _table).where(_visible(read))
    if session is not None:
        statement = statement.where(_table.c.session_id == session)
    return await read.page(
        statement, _table, page, lambda row: PanelOut.of(thing_of(Panel, _table, row), read.actor),
        filters={"session": session},
    )  # fmt: skip


@router.get("/{panel_id}", response_model=PanelOut, responses=READ_PROBLEMS)
async def read_panel(panel_id: UUID, read: Annotated[Query, Depends(query("panel.read"))]) -> Response:
    """One panel."""
    row = await read.one(columns_of(Panel, _table).where(_table.c.id == panel_id, _visible(read)))
    return read.answer(PanelOut.of(thing_of(Panel, _table, row), read.actor))


@router.get("/{panel_id}/candidates", response_model=PageOf[CandidateOut], responses=READ_PROBLEMS)
async def list_candidates(
    panel_id: UUID, read: Annotated[Query, Depends(query("candidate.read"))], page: Page
) -> Response:
    """The candidates before the calling expert, blind; who must not be judged by the expert is not there."""
    row = await read.one(columns_of(Panel, _table).where(_table.c.id == panel_id, _visible(read)))
    panel = thing_of(Panel, _table, row)
    table, sheet, aside = tables.application, tables.score_sheet, tables.conflict_of_interest
    expert = read.actor.subject
    scored = exists().where(
        sheet.c.panel_id == panel.id, sheet.c.expert == expert, sheet.c.application_id == table.c.id
    )
    stood_aside = select(aside.c.application_id).where(aside.c.panel_id == panel.id, aside.c.expert == expert)
    statement = columns_of(Application, table, scored.label("scored")).where(
        table.c.session_id == panel.session_id, _before_panel(), table.c.id.not_in(stood_aside)
    )
    if panel.assigned:
        given = panel_tables.panel_assignment
        mine = select(given.c.application_id).where(
            given.c.panel_id == panel.id, given.c.expert == expert, given.c.state == "assigned"
        )
        statement = statement.where(table.c.id.in_(mine))
    unit = next((each.unit for each in panel.members if each.account == expert), None)
    own = [each for each in (unit, read.actor.organisation) if each]
    statement = statement.where(table.c.account != expert, table.c.unit.not_in(own))
    if panel.specialty_groups:
        statement = statement.where(table.c.form["specialty_group"].astext.in_(panel.specialty_groups))
    return await read.page(
        statement, table, page, lambda row: CandidateOut.of(thing_of(Application, table, row), row.scored),
        filters={"panel": panel_id},
    )  # fmt: skip


@router.post("/{panel_id}/conflicts", response_model=ConflictsOut, responses=PROBLEMS)
async def post_conflicts(
    panel_id: UUID, body: ConflictsBody, do: Annotated[Do, Depends(command("panel.declare"))]
) -> Response:
    """Stand aside for candidates."""
    declared = [(row.application, row.reason) for row in body.items]
    return await do.run(lambda work: declare_conflicts(work, panel_id, declared), present=ConflictsOut.of)


@router.post("/{panel_id}/score-sheets", response_model=SheetsOut, responses=PROBLEMS)
async def post_score_sheets(
    panel_id: UUID, body: SheetsBody, do: Annotated[Do, Depends(command("panel.score"))]
) -> Response:
    """Hand in score sheets; given again, a sheet replaces the earlier one."""
    rows = [Scores(row.application, row.scores, row.comment) for row in body.items]
    return await do.run(lambda work: score_candidates(work, panel_id, rows), present=SheetsOut.of)


@router.post("/{panel_id}/conclude", response_model=PanelOut, responses=PROBLEMS)
async def post_conclusion(
    panel_id: UUID, body: ConclusionBody, do: Annotated[Do, Depends(command("panel.conclude"))]
) -> Response:
    """Conclude and sign the minutes off: the calibrated mean of the sheets becomes every candidate's panel score."""
    return await do.run(lambda work: conclude_panel(work, panel_id, body.conclusion()), present=PanelOut.of)


def _visible(read: Query) -> ColumnElement[bool]:
    sits: ColumnElement[Any] = _table.c.experts.contains([read.actor.subject])
    return read.scope.where({Relation.ASSIGNED: sits})


def _before_panel() -> ColumnElement[bool]:
    table = tables.application
    unreviewed = and_(table.c.state == "submitted", ~func.jsonb_exists(table.c.required_steps, Step.LOCAL_REVIEW.value))
    return or_(table.c.state == "local_approved", unreviewed)
