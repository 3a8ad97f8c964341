"""Check-ins over HTTP (D-04, domain.md 7.4): everything that the person does has one shape per verb and one action."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from placement.adapters.db.tables import placement
from placement.adapters.db.tables.checkins import checkin as table
from placement.adapters.db.tables.checkins import welfare_contact
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import NOTHING, NoMembers
from placement.adapters.http.schemas.year.checkins import (
    CheckinAskIn,
    CheckinContactIn,
    CheckinContactOut,
    CheckinContacts,
    CheckinOut,
    CheckinRespondIn,
)
from placement.adapters.http.scoping import PREFIX
from placement.domain.checkins.checkin import TOLD
from placement.usecases.checkins.answer_checkins import ask_for_help, respond, settle, take_up
from placement.usecases.checkins.name_contacts import name_contact
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix=PREFIX, tags=["check-ins"])
Responding = Annotated[Command[SqlPlacementWork], Depends(command("checkin.respond"))]
Reading = Annotated[Query, Depends(query("checkin.read"))]


def _seen(scope: Scope) -> Select[Any]:
    """The person's own; for mentor and contact those in which a need was told."""
    helper = exists().where(
        welfare_contact.c.host == placement.c.host,
        welfare_contact.c.account == scope.actor.subject,
    )
    told: ColumnElement[bool] = and_(
        table.c.state.in_(TOLD), table.c.needs != [], or_(placement.c.mentor == scope.actor.subject, helper)
    )
    columns = {Relation.SELF: placement.c.account, Relation.ASSIGNED: told}
    return select(table).join(placement, placement.c.id == table.c.participation).where(scope.where(columns))


@router.post("/checkins", status_code=201, response_model=CheckinOut, responses=PROBLEMS)
async def post_checkin(body: CheckinAskIn, command: Responding) -> Response:
    """Ask for help: mentor and welfare contact see which needs, nobody else anything."""
    needs = [str(need) for need in body.needs]
    return await command.run(
        lambda work: ask_for_help(work, body.participation, needs), present=CheckinOut.of, status=201
    )


@router.post("/checkins/{checkin_id}/respond", response_model=CheckinOut, responses=PROBLEMS)
async def post_respond(checkin_id: UUID, body: CheckinRespondIn, command: Responding) -> Response:
    """Answer an invitation, decline it (nobody hears of it), or take back what was told."""
    needs = [str(need) for need in body.needs]
    return await command.run(lambda work: respond(work, checkin_id, body.answer, needs), present=CheckinOut.of)


@router.post("/checkins/{checkin_id}/take-up", response_model=CheckinOut, responses=PROBLEMS)
async def post_take_up(
    checkin_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("checkin.take-up"))],
    _: NoMembers = NOTHING,
) -> Response:
    """See to what was told."""
    return await command.run(lambda work: take_up(work, checkin_id), present=CheckinOut.of)


@router.post("/checkins/{checkin_id}/settle", response_model=CheckinOut, responses=PROBLEMS)
async def post_settle(
    checkin_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("checkin.settle"))],
    _: NoMembers = NOTHING,
) -> Response:
    """It is seen to."""
    return await command.run(lambda work: settle(work, checkin_id), present=CheckinOut.of)


@router.get("/checkins", response_model=PageOf[CheckinOut], responses=READ_PROBLEMS)
async def list_checkins(query: Reading, page: Annotated[PageParameters, Depends(page_parameters)]) -> Response:
    """One's own check-ins; for mentor and welfare contact those in which something is needed."""
    return await query.page(_seen(query.scope), table, page, lambda row: CheckinOut.row(row, query.actor))


@router.get("/checkins/{checkin_id}", response_model=CheckinOut, responses=READ_PROBLEMS)
async def read_checkin(checkin_id: UUID, query: Reading) -> Response:
    """One check-in."""
    row = await query.one(_seen(query.scope).where(table.c.id == checkin_id))
    return query.answer(CheckinOut.row(row, query.actor))


@router.post("/welfare-contacts", status_code=201, response_model=CheckinContactOut, responses=PROBLEMS)
async def post_contact(
    body: CheckinContactIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("welfare-contact.name"))],
) -> Response:
    """Name the welfare contact of the caller's host; the contact's token has the role of a mentor."""
    return await command.run(lambda work: name_contact(work, body.account), present=CheckinContactOut.of, status=201)


@router.get("/welfare-contacts", response_model=CheckinContacts, responses=READ_PROBLEMS)
async def list_contacts(query: Annotated[Query, Depends(query("welfare-contact.read"))]) -> Response:
    """Who may be turned to: at one's own host."""
    there = query.scope.where({Relation.SELF: placement.c.account})
    mine = exists().where(placement.c.host == welfare_contact.c.host, there)
    whose = query.scope.where({Relation.HOST: welfare_contact.c.host}) | mine
    rows = await query.all(select(welfare_contact).where(whose))
    items = [CheckinContactOut(**{n: row._mapping[n] for n in CheckinContactOut.model_fields}) for row in rows]
    return query.answer(CheckinContacts(items=items))
