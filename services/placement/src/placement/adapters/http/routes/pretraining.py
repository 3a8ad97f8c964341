"""Pre-training over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Select, func, select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import Done, Items, ReasonText
from placement.adapters.http.schemas.pretraining import (
    PreTrainingAreaOut,
    PreTrainingAttendanceIn,
    PreTrainingDaysIn,
    PreTrainingIn,
    PreTrainingInvitationOut,
    PreTrainingInvitationsIn,
    PreTrainingOut,
    PreTrainingStatisticsOut,
)
from placement.adapters.http.scoping import PREFIX, bound, filtered, visible
from placement.usecases.pretraining.plan_events import (
    cancel_pre_training,
    change_pre_training,
    invite,
    plan_pre_training,
)
from placement.usecases.pretraining.record_attendance import record_attendance
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix=f"{PREFIX}/pre-trainings", tags=["pre-training"])
invitations = APIRouter(prefix=f"{PREFIX}/pre-training-invitations", tags=["pre-training"])
table, of = tables.pre_training, tables.pre_training_invitation
Planning = Annotated[Command[SqlPlacementWork], Depends(command("pre-training.plan"))]
Recording = Annotated[Command[SqlPlacementWork], Depends(command("pre-training.record"))]


def _seen(scope: Scope) -> Select[Any]:
    return select(table).where(scope.where({Relation.DESCENDANT: table.c.organiser}))


@router.post("", status_code=201, response_model=PreTrainingOut, responses=PROBLEMS)
async def post_pre_training(body: PreTrainingIn, command: Planning) -> Response:
    """Plan an event of the caller's region (M-11)."""
    return await command.run(
        lambda work: plan_pre_training(work, body.draft()),
        present=PreTrainingOut.of,
        status=201,
        location=lambda event: f"{PREFIX}/pre-trainings/{event.id}",
    )


@router.post("/{pre_training_id}/change", response_model=PreTrainingOut, responses=PROBLEMS)
async def post_change(pre_training_id: UUID, body: PreTrainingDaysIn, command: Planning) -> Response:
    """Hold it elsewhere or on other days."""
    return await command.run(
        lambda work: change_pre_training(work, pre_training_id, body.place, body.starts_on, body.ends_on),
        present=PreTrainingOut.of,
    )


@router.post("/{pre_training_id}/cancel", response_model=PreTrainingOut, responses=PROBLEMS)
async def post_cancel(pre_training_id: UUID, body: ReasonText, command: Planning) -> Response:
    """Call it off, with the reason."""
    return await command.run(
        lambda work: cancel_pre_training(work, pre_training_id, body.reason), present=PreTrainingOut.of
    )


@router.post("/{pre_training_id}/invitations", response_model=Done, responses=PROBLEMS)
async def post_invitations(pre_training_id: UUID, body: PreTrainingInvitationsIn, command: Planning) -> Response:
    """Invite people by name, or all of the session and the event's areas."""
    return await command.run(lambda work: invite(work, pre_training_id, body.participations), present=Done.of)


@router.post("/{pre_training_id}/attendance", response_model=Done, responses=PROBLEMS)
async def post_attendance(pre_training_id: UUID, body: Items[PreTrainingAttendanceIn], command: Recording) -> Response:
    """Record who was there, who was excused and who was absent; all of the list or nothing."""
    lines = [item.line() for item in body.items]
    return await command.run(lambda work: record_attendance(work, pre_training_id, lines), present=Done.of)


@router.get("", response_model=PageOf[PreTrainingOut], responses=READ_PROBLEMS)
async def list_pre_trainings(
    query: Annotated[Query, Depends(query("pre-training.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: str | None = None,
    state: str | None = None,
) -> Response:
    """Events the caller may see."""
    filters = {table.c.session: session, table.c.state: state}
    return await query.page(
        filtered(_seen(query.scope), filters),
        table,
        page,
        lambda row: PreTrainingOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/{pre_training_id}", response_model=PreTrainingOut, responses=READ_PROBLEMS)
async def read_pre_training(
    pre_training_id: UUID, query: Annotated[Query, Depends(query("pre-training.read"))]
) -> Response:
    """One event."""
    row = await query.one(_seen(query.scope).where(table.c.id == pre_training_id))
    return query.answer(PreTrainingOut.row(row, query.actor))


@router.get("/{pre_training_id}/statistics", response_model=PreTrainingStatisticsOut, responses=READ_PROBLEMS)
async def read_statistics(
    pre_training_id: UUID, query: Annotated[Query, Depends(query("pre-training.read"))]
) -> Response:
    """Who came, by area."""
    await query.one(_seen(query.scope).where(table.c.id == pre_training_id))
    counted = select(of.c.area, of.c.state, func.count().label("count")).where(of.c.pre_training == pre_training_id)
    rows = await query.all(counted.group_by(of.c.area, of.c.state).order_by(of.c.area))
    areas = sorted({row.area for row in rows})
    return query.answer(
        PreTrainingStatisticsOut(
            areas=[_standing(area, [row for row in rows if row.area == area]) for area in areas],
            total=_standing("", rows),
        )
    )


def _standing(area: str, rows: Sequence[Any]) -> PreTrainingAreaOut:
    by_state = {
        state: sum(row.count for row in rows if row.state == state)
        for state in ("invited", "attended", "excused", "absent")
    }
    return PreTrainingAreaOut(
        area=area, invited=sum(by_state.values()), attended=by_state["attended"], excused=by_state["excused"],
        absent=by_state["absent"], open=by_state["invited"],
    )  # fmt: skip


@invitations.get("", response_model=PageOf[PreTrainingInvitationOut], responses=READ_PROBLEMS)
async def list_invitations(
    query: Annotated[Query, Depends(query("pre-training-invitation.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    pre_training: UUID | None = None,
    participation: UUID | None = None,
    state: str | None = None,
) -> Response:
    """Invitations the caller may see: one's own, those of one's unit, those below one's office."""
    filters = {of.c.pre_training: pre_training, of.c.participation: participation, of.c.state: state}
    return await query.page(
        filtered(visible(of, query.scope), filters),
        of,
        page,
        PreTrainingInvitationOut.row,
        filters=bound(filters),
    )
