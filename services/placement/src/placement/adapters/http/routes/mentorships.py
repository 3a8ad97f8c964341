"""Mentorships over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Select, select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import Done, Items
from placement.adapters.http.schemas.mentorships import (
    AssignmentIn,
    MentorshipOut,
    MentorshipRef,
    PreContactIn,
)
from placement.adapters.http.scoping import PREFIX, bound, filtered, person_columns, placement
from placement.usecases.mentors.assign_mentors import assign_mentors
from placement.usecases.mentors.prepare_mentors import activate_mentors, record_pre_contacts
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix=f"{PREFIX}/mentorships", tags=["mentors"])
table = tables.mentorship


def _seen(scope: Scope) -> Select[Any]:
    columns = person_columns(table.c.host) | {Relation.ASSIGNED: table.c.account == scope.actor.subject}
    return select(table).join(placement, placement.c.id == table.c.participation).where(scope.where(columns))


@router.post("", status_code=201, response_model=Done, responses=PROBLEMS)
async def post_mentorships(
    body: Items[AssignmentIn], command: Annotated[Command[SqlPlacementWork], Depends(command("mentorship.assign"))]
) -> Response:
    """Assign mentors of the host's register; a further assignment replaces the mentor (M-05)."""
    assignments = [item.assignment() for item in body.items]
    return await command.run(lambda work: assign_mentors(work, assignments), present=Done.of, status=201)


@router.post("/pre-contacts", response_model=Done, responses=PROBLEMS)
async def post_pre_contacts(
    body: Items[PreContactIn],
    command: Annotated[Command[SqlPlacementWork], Depends(command("mentorship.record-contact"))],
) -> Response:
    """Record when mentor and trainee were in touch before the start."""
    contacts = [item.contact() for item in body.items]
    return await command.run(lambda work: record_pre_contacts(work, contacts), present=Done.of)


@router.post("/activations", response_model=Done, responses=PROBLEMS)
async def post_activations(
    body: Items[MentorshipRef],
    command: Annotated[Command[SqlPlacementWork], Depends(command("mentorship.activate"))],
) -> Response:
    """Let mentors take up their trainees after the contact."""
    ids = [item.mentorship for item in body.items]
    return await command.run(lambda work: activate_mentors(work, ids), present=Done.of)


@router.get("", response_model=PageOf[MentorshipOut], responses=READ_PROBLEMS)
async def list_mentorships(
    query: Annotated[Query, Depends(query("mentorship.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    participation: UUID | None = None,
    host: str | None = None,
    state: str | None = None,
) -> Response:
    """Mentorships the caller may see."""
    filters = {table.c.participation: participation, table.c.host: host, table.c.state: state}
    return await query.page(
        filtered(_seen(query.scope), filters),
        table,
        page,
        lambda row: MentorshipOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/{mentorship_id}", response_model=MentorshipOut, responses=READ_PROBLEMS)
async def read_mentorship(mentorship_id: UUID, query: Annotated[Query, Depends(query("mentorship.read"))]) -> Response:
    """One mentorship."""
    row = await query.one(_seen(query.scope).where(table.c.id == mentorship_id))
    return query.answer(MentorshipOut.row(row, query.actor))
