"""Meetings of study groups over HTTP (D-01)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.routes.year.seeing import of_groups
from placement.adapters.http.schemas.common import NOTHING, NoMembers
from placement.adapters.http.schemas.year.groups import GroupMeetingIn, GroupMeetingOut
from placement.adapters.http.scoping import PREFIX, bound, filtered
from placement.usecases.groups.meet import call_meeting, call_meeting_off
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix=PREFIX, tags=["study groups"])
table = tables.meeting


@router.post("/groups/{group_id}/meetings", status_code=201, response_model=GroupMeetingOut, responses=PROBLEMS)
async def post_meeting(
    group_id: UUID,
    body: GroupMeetingIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("meeting.call"))],
) -> Response:
    """Call a meeting of the group that the caller leads."""
    return await command.run(
        lambda work: call_meeting(work, group_id, body.starts_at, body.place), present=GroupMeetingOut.of, status=201
    )


@router.post("/group-meetings/{meeting_id}/call-off", response_model=GroupMeetingOut, responses=PROBLEMS)
async def post_call_off(
    meeting_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("meeting.call-off"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Call a meeting off."""
    return await command.run(lambda work: call_meeting_off(work, meeting_id), present=GroupMeetingOut.of)


@router.get("/group-meetings", response_model=PageOf[GroupMeetingOut], responses=READ_PROBLEMS)
async def list_meetings(
    query: Annotated[Query, Depends(query("meeting.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    group: UUID | None = None,
) -> Response:
    """Meetings of the groups in sight."""
    filters = {table.c.group: group}
    return await query.page(
        filtered(of_groups(table, query.scope), filters),
        table,
        page,
        lambda row: GroupMeetingOut.row(row, query.actor),
        filters=bound(filters),
    )
