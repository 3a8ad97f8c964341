"""Cases over HTTP: reading, proposals, decisions, confirmation."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Select, select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import NOTHING, Done, Items, NoMembers, ReasonCode
from placement.adapters.http.schemas.placements import (
    DecisionIn,
    HostAsked,
    ParticipationIn,
    PlacementOut,
    SegmentOut,
)
from placement.adapters.http.scoping import PREFIX, bound, filtered, of_persons
from placement.usecases.cases.confirm_placements import confirm_placements
from placement.usecases.cases.decide_proposals import Decision, decide_proposals
from placement.usecases.matching.propose_by_hand import propose_by_hand
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Actor

router = APIRouter(prefix=PREFIX, tags=["placements"])
table = tables.placement
_COLUMNS = [table.c[name] for name in PlacementOut.model_fields if name in table.c]


def one_of(things: list[Any], actor: Actor) -> PlacementOut:
    """The answer to a request about one placement."""
    return PlacementOut.of(things[0], actor)


def _seen(scope: Scope) -> Select[Any]:
    return select(*_COLUMNS).where(of_persons(scope))


@router.get("/placements", response_model=PageOf[PlacementOut], responses=READ_PROBLEMS)
async def list_placements(
    query: Annotated[Query, Depends(query("placement.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: str | None = None,
    host: str | None = None,
    state: str | None = None,
    unit: str | None = None,
) -> Response:
    """Placements the caller may see."""
    filters = {table.c.session: session, table.c.host: host, table.c.state: state, table.c.sending_unit: unit}
    return await query.page(
        filtered(_seen(query.scope), filters),
        table,
        page,
        lambda row: PlacementOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/placements/{participation}", response_model=PlacementOut, responses=READ_PROBLEMS)
async def read_placement(participation: UUID, query: Annotated[Query, Depends(query("placement.read"))]) -> Response:
    """One placement with its segments."""
    row = await query.one(_seen(query.scope).where(table.c.id == participation))
    segment = tables.segment
    days = await query.all(
        select(segment).where(segment.c.placement == participation).order_by(segment.c.starts_on, segment.c.id)
    )
    segments = [SegmentOut.model_validate(day, from_attributes=True) for day in days]
    return query.answer(PlacementOut.row(row, query.actor, segments))


@router.post("/placements/{participation}/propose", response_model=PlacementOut, responses=PROBLEMS)
async def post_propose(
    participation: UUID,
    body: HostAsked,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.propose"))],
) -> Response:
    """Ask one host by hand, for somebody no run could place."""
    return await command.run(lambda work: propose_by_hand(work, participation, body.host), present=PlacementOut.of)


@router.post("/placements/{participation}/accept", response_model=PlacementOut, responses=PROBLEMS)
async def post_accept(
    participation: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.decide"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Take the person; a place of the offer is given away."""
    decision = Decision(participation=participation, accepted=True)
    return await command.run(lambda work: decide_proposals(work, [decision], alone=True), present=one_of)


@router.post("/placements/{participation}/decline", response_model=PlacementOut, responses=PROBLEMS)
async def post_decline(
    participation: UUID,
    body: ReasonCode,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.decide"))],
) -> Response:
    """Do not take the person; the next run proposes another host."""
    decision = Decision(participation=participation, accepted=False, reason=body.reason)
    return await command.run(lambda work: decide_proposals(work, [decision], alone=True), present=one_of)


@router.post("/decisions", response_model=Done, responses=PROBLEMS)
async def post_decisions(
    body: Items[DecisionIn], command: Annotated[Command[SqlPlacementWork], Depends(command("placement.decide"))]
) -> Response:
    """Answer a list of proposals at once."""
    decisions = [item.taken() for item in body.items]
    return await command.run(lambda work: decide_proposals(work, decisions), present=Done.of)


@router.post("/placements/{participation}/confirm", response_model=PlacementOut, responses=PROBLEMS)
async def post_confirm(
    participation: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.confirm"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Confirm an accepted placement: ``placed``."""
    return await command.run(lambda work: confirm_placements(work, [participation], alone=True), present=one_of)


@router.post("/confirmations", response_model=Done, responses=PROBLEMS)
async def post_confirmations(
    body: Items[ParticipationIn],
    command: Annotated[Command[SqlPlacementWork], Depends(command("placement.confirm"))],
) -> Response:
    """Confirm a list of accepted placements at once."""
    ids = [item.participation for item in body.items]
    return await command.run(lambda work: confirm_placements(work, ids), present=Done.of)
