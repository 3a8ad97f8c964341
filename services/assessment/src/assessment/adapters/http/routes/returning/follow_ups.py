"""Routes of follow-ups after the return (C-04, C-06)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter

from assessment.adapters.db.unit_of_work import FOLLOW_UPS, AssessmentWork
from assessment.adapters.http.lists import rows_of, thing_of, updated_at, visible
from assessment.adapters.http.shapes.returning.things import FollowUpBody, FollowUpOut
from assessment.domain.returning.follow_up import FollowUpState
from assessment.usecases.returning import follow_ups
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/assessment/follow-ups", tags=["follow-ups"])
Filter = Annotated[str | None, QueryParameter(max_length=120)]


@router.get("", response_model=PageOf[FollowUpOut], responses=READ_PROBLEMS)
async def list_follow_ups(
    read: Annotated[Query, Depends(query("follow-up.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    programme: Filter = None,
    session: Filter = None,
    state: FollowUpState | None = None,
    participation: UUID | None = None,
) -> Response:
    """Follow-ups the caller may see."""
    filters = {"programme": programme, "session": session, "state": state, "participation": participation}

    def present(row: Any) -> FollowUpOut:
        return FollowUpOut.of(thing_of(FOLLOW_UPS, row), read.actor, updated_at(FOLLOW_UPS, row))

    found = rows_of(FOLLOW_UPS, visible(read, FOLLOW_UPS.table), filters)
    return await read.page(found, FOLLOW_UPS.table, page, present, filters=filters)


@router.get("/{follow_up_id}", response_model=FollowUpOut, responses=READ_PROBLEMS)
async def read_follow_up(follow_up_id: UUID, read: Annotated[Query, Depends(query("follow-up.read"))]) -> Response:
    """One follow-up."""
    row = await read.one(rows_of(FOLLOW_UPS, visible(read, FOLLOW_UPS.table), {"id": follow_up_id}))
    return read.answer(FollowUpOut.of(thing_of(FOLLOW_UPS, row), read.actor, updated_at(FOLLOW_UPS, row)))


@router.post("/{follow_up_id}/record", response_model=FollowUpOut, responses=PROBLEMS)
async def record_follow_up(
    follow_up_id: UUID,
    body: FollowUpBody,
    do: Annotated[Command[AssessmentWork], Depends(command("follow-up.record"))],
) -> Response:
    """Write down what was found; again amends it."""
    return await do.run(lambda work: follow_ups.record(work, follow_up_id, body.found), present=FollowUpOut.of)
