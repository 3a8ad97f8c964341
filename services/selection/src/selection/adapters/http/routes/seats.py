"""Routes of seats and of the counted quota tree."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from selection.adapters.db import tables
from selection.adapters.db.quota.counters import counters
from selection.adapters.db.readings import read_all
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.applying import Empty
from selection.adapters.http.shapes.seating import QuotaOut, QuotaReconciliationOut, SeatBody, SeatOut
from selection.domain.programmes.programme import Session
from selection.domain.quota.counting import counters_of, drifts, states_of
from selection.domain.quota.seat import LIVE, Seat, SeatState
from selection.domain.roster.roster import STANDING_STATES, Roster
from selection.usecases.seating.reserve_seats import release_seat, reserve_seat
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/selection", tags=["quota"])
Do = Command[SelectionUnit]


@router.post("/sessions/{session_id}/seats", response_model=SeatOut, status_code=201, responses=PROBLEMS)
async def post_seat(session_id: UUID, body: SeatBody, do: Annotated[Do, Depends(command("seat.reserve"))]) -> Response:
    """Hold one place at a node; of many who want the last one, one gets it."""
    return await do.run(
        lambda work: reserve_seat(work, session_id, body.node, body.unit, body.expires_at, body.reason),
        present=SeatOut.of, status=201, location=lambda seat: f"/v1/selection/seats/{seat.id}",
    )  # fmt: skip


@router.post("/seats/{seat_id}/release", response_model=SeatOut, responses=PROBLEMS)
async def post_seat_release(
    seat_id: UUID, body: Empty, do: Annotated[Do, Depends(command("seat.release"))]
) -> Response:
    """Give a reservation back."""
    del body
    return await do.run(lambda work: release_seat(work, seat_id), present=SeatOut.of)


@router.get("/sessions/{session_id}/seats", response_model=PageOf[SeatOut], responses=READ_PROBLEMS)
async def list_seats(
    session_id: UUID,
    read: Annotated[Query, Depends(query("seat.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    state: SeatState | None = None,
) -> Response:
    """Seats of a session, by state."""
    table = tables.seat
    statement = columns_of(Seat, table).where(table.c.session_id == session_id)
    if state is not None:
        statement = statement.where(table.c.state == state.value)
    return await read.page(
        statement, table, page, lambda row: SeatOut.of(thing_of(Seat, table, row), read.actor),
        filters={"session": session_id, "state": state and state.value},
    )  # fmt: skip


@router.get("/seats/{seat_id}", response_model=SeatOut, responses=READ_PROBLEMS)
async def read_seat(seat_id: UUID, read: Annotated[Query, Depends(query("seat.read"))]) -> Response:
    """One seat."""
    row = await read.one(columns_of(Seat, tables.seat).where(tables.seat.c.id == seat_id))
    return read.answer(SeatOut.of(thing_of(Seat, tables.seat, row), read.actor))


@router.get("/sessions/{session_id}/quota", response_model=QuotaOut, responses=READ_PROBLEMS)
async def read_quota(session_id: UUID, read: Annotated[Query, Depends(query("quota.read"))]) -> Response:
    """The quota tree with its counters, what remains and which nodes bind."""
    await read.one(columns_of(Session, tables.session).where(tables.session.c.id == session_id))
    return read.answer(QuotaOut.of(session_id, states_of(await counters(read.connection, session_id))))


@router.get(
    "/sessions/{session_id}/quota/reconciliation", response_model=QuotaReconciliationOut, responses=READ_PROBLEMS
)
async def read_reconciliation(session_id: UUID, read: Annotated[Query, Depends(query("quota.reconcile"))]) -> Response:
    """Recount seats and roster and compare with the counters, in one snapshot."""
    await read.connection.rollback()
    connection = await read.connection.execution_options(isolation_level="REPEATABLE READ")
    table = tables.session
    row = await read.one(columns_of(Session, table).where(table.c.id == session_id))
    tree = thing_of(Session, table, row).tree
    kept = await counters(connection, session_id)
    seats, roster = tables.seat, tables.roster
    live = await read_all(connection, Seat, seats, (seats.c.session_id == session_id) & seats.c.state.in_(LIVE))
    standing = (roster.c.session_id == session_id) & roster.c.state.in_(STANDING_STATES)
    in_force = await read_all(connection, Roster, roster, standing)
    held = tree.counts(tree.home(entry.traits) for entry in in_force[0].selected) if in_force else None
    return read.answer(QuotaReconciliationOut.of(session_id, len(kept), drifts(kept, counters_of(tree, live), held)))
