"""Study groups over HTTP (D-01)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from sqlalchemy import select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.routes.year.proposing import propose
from placement.adapters.http.routes.year.seeing import group_seen
from placement.adapters.http.schemas.common import NOTHING, Done, Items, NoMembers, ReasonCode
from placement.adapters.http.schemas.year.groups import (
    GroupAppointmentIn,
    GroupCollectionLine,
    GroupFormationIn,
    GroupLeaderIn,
    GroupList,
    GroupLogOut,
    GroupMemberIn,
    GroupMemberOut,
    GroupOut,
    GroupProposal,
    GroupRef,
)
from placement.adapters.http.scoping import PREFIX, bound, filtered
from placement.usecases.groups.form_groups import add_member, dissolve_group, form_groups, remove_member
from placement.usecases.groups.lead_groups import Appointment, activate_groups, appoint_leaders
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix=PREFIX, tags=["study groups"])
table = tables.study_group
Appointing = Annotated[Command[SqlPlacementWork], Depends(command("group.appoint-leader"))]
Activating = Annotated[Command[SqlPlacementWork], Depends(command("group.activate"))]
Changing = Annotated[Command[SqlPlacementWork], Depends(command("group.change-members"))]
Reading = Annotated[Query, Depends(query("group.read"))]


@router.get("/group-proposal", response_model=GroupProposal, responses=READ_PROBLEMS)
async def read_proposal(
    session: Annotated[str, QueryParameter(max_length=120)],
    query: Annotated[Query, Depends(query("grouping.read"))],
) -> Response:
    """How the placed people of the caller's region without a group could be divided, by province and host."""
    return query.answer(await propose(query, session))


@router.post("/groups", status_code=201, response_model=Done, responses=PROBLEMS)
async def post_groups(
    body: Items[GroupFormationIn], command: Annotated[Command[SqlPlacementWork], Depends(command("group.form"))]
) -> Response:
    """Form groups, as proposed or changed; 10 to 15 people by policy, another size with a reason."""
    formations = [item.formation() for item in body.items]
    return await command.run(lambda work: form_groups(work, formations), present=Done.of, status=201)


@router.post("/groups/leaders", response_model=Done, responses=PROBLEMS)
async def post_leaders(body: Items[GroupAppointmentIn], command: Appointing) -> Response:
    """Appoint the leaders of a list of groups."""
    appointments = [item.appointment() for item in body.items]
    return await command.run(lambda work: appoint_leaders(work, appointments), present=Done.of)


@router.post("/groups/activations", response_model=Done, responses=PROBLEMS)
async def post_activations(body: Items[GroupRef], command: Activating) -> Response:
    """Let a list of groups begin their work."""
    ids = [item.group for item in body.items]
    return await command.run(lambda work: activate_groups(work, ids), present=Done.of)


@router.post("/groups/{group_id}/appoint-leader", response_model=GroupOut, responses=PROBLEMS)
async def post_leader(group_id: UUID, body: GroupLeaderIn, command: Appointing) -> Response:
    """Appoint or replace the leader, who must be a member."""
    appointment = Appointment(group=group_id, participation=body.participation, reason=body.reason)
    return await command.run(
        lambda work: appoint_leaders(work, [appointment], alone=True),
        present=lambda groups, actor: GroupOut.of(groups[0], actor),
    )


@router.post("/groups/{group_id}/activate", response_model=GroupOut, responses=PROBLEMS)
async def post_activate(group_id: UUID, command: Activating, _: NoMembers = NOTHING) -> Response:
    """Let a group begin its work; its reports become due (D-02)."""
    return await command.run(
        lambda work: activate_groups(work, [group_id], alone=True),
        present=lambda groups, actor: GroupOut.of(groups[0], actor),
    )


@router.post("/groups/{group_id}/members", response_model=GroupOut, responses=PROBLEMS)
async def post_member(group_id: UUID, body: GroupMemberIn, command: Changing) -> Response:
    """Add a person of the same session who is in no group."""
    return await command.run(
        lambda work: add_member(work, group_id, body.participation, body.reason), present=GroupOut.of
    )


@router.post("/groups/{group_id}/members/{participation}/remove", response_model=GroupOut, responses=PROBLEMS)
async def post_remove(group_id: UUID, participation: UUID, body: ReasonCode, command: Changing) -> Response:
    """Take a person out of the group."""
    return await command.run(
        lambda work: remove_member(work, group_id, participation, body.reason), present=GroupOut.of
    )


@router.post("/groups/{group_id}/dissolve", response_model=GroupOut, responses=PROBLEMS)
async def post_dissolve(
    group_id: UUID,
    body: ReasonCode,
    command: Annotated[Command[SqlPlacementWork], Depends(command("group.dissolve"))],
) -> Response:
    """End a group."""
    return await command.run(lambda work: dissolve_group(work, group_id, body.reason), present=GroupOut.of)


@router.get("/groups", response_model=PageOf[GroupOut], responses=READ_PROBLEMS)
async def list_groups(
    query: Reading,
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: str | None = None,
    state: str | None = None,
) -> Response:
    """Groups within the caller's sight."""
    filters = {table.c.session: session, table.c.state: state}
    return await query.page(
        filtered(select(table).where(group_seen(query.scope)), filters),
        table,
        page,
        lambda row: GroupOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/groups/{group_id}", response_model=GroupOut, responses=READ_PROBLEMS)
async def read_group(group_id: UUID, query: Reading) -> Response:
    """One group."""
    row = await query.one(select(table).where(table.c.id == group_id, group_seen(query.scope)))
    return query.answer(GroupOut.row(row, query.actor))


@router.get("/groups/{group_id}/members", response_model=GroupList, responses=READ_PROBLEMS)
async def list_members(group_id: UUID, query: Reading) -> Response:
    """Who is and was in a group."""
    group = await query.one(select(table).where(table.c.id == group_id, group_seen(query.scope)))
    member = tables.group_membership
    rows = await query.all(select(member).where(member.c.group == group_id).order_by(member.c.joined_on, member.c.id))
    items = [
        GroupMemberOut(
            participation=row.participation, sending_unit=row.sending_unit, joined_on=row.joined_on,
            left_on=row.left_on, leads=row.participation == group.leader and row.left_on is None,
        )
        for row in rows
    ]  # fmt: skip
    return query.answer(GroupList(items=items))


@router.get("/groups/{group_id}/log", response_model=GroupList, responses=READ_PROBLEMS)
async def read_log(group_id: UUID, query: Reading) -> Response:
    """Every change of members and leaders since the group was formed."""
    await query.one(select(table).where(table.c.id == group_id, group_seen(query.scope)))
    log = tables.group_log
    rows = await query.all(select(log).where(log.c.group == group_id).order_by(log.c.line))
    items = [GroupLogOut(participation=r.participation, change=r.change, reason=r.reason, at=r.at) for r in rows]
    return query.answer(GroupList(items=items))


@router.get("/groups/{group_id}/collection", response_model=GroupList, responses=READ_PROBLEMS)
async def read_collection(group_id: UUID, query: Annotated[Query, Depends(query("group.collect"))]) -> Response:
    """For the leader: which study reports of the members are still to come; never what they say (domain.md 7.4)."""
    await query.one(select(table).where(table.c.id == group_id, group_seen(query.scope)))
    member, report = tables.group_membership, tables.report
    rows = await query.all(
        select(report.c.participation, report.c.period, report.c.due_on, report.c.state)
        .join(member, member.c.participation == report.c.participation)
        .where(member.c.group == group_id, member.c.left_on.is_(None))
        .order_by(report.c.due_on, report.c.participation, report.c.period)
    )
    return query.answer(GroupList(items=[GroupCollectionLine(**row._mapping) for row in rows]))
