"""Routes of balancing runs, rosters and the lookup of names."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from selection.adapters.db import tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.shapes.applying import Empty, ReasonBody
from selection.adapters.http.shapes.balancing import RunOut
from selection.adapters.http.shapes.rostering import (
    ConfirmationBody,
    EditionOut,
    LookupBody,
    LookupOut,
    ReceiptBody,
    RosterOut,
)
from selection.domain.roster.document import RosterEdition
from selection.domain.roster.roster import Roster
from selection.domain.roster.run import BalancingRun
from selection.usecases.look_up_persons import look_up_persons
from selection.usecases.rostering.confirm_run import WantedSwap, confirm_run
from selection.usecases.rostering.file_roster import acknowledge_roster, discard_roster, file_roster, return_roster
from selection.usecases.rostering.fix_roster import fix_roster
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/selection", tags=["rosters"])
Do = Command[SelectionUnit]
Page = Annotated[PageParameters, Depends(page_parameters)]


@router.get("/balancing-runs", response_model=PageOf[RunOut], responses=READ_PROBLEMS)
async def list_runs(
    read: Annotated[Query, Depends(query("run.read"))], page: Page, session: UUID | None = None
) -> Response:
    """Balancing runs, of a session."""
    table = tables.balancing_run
    statement = columns_of(BalancingRun, table)
    if session is not None:
        statement = statement.where(table.c.session_id == session)
    return await read.page(
        statement, table, page, lambda row: RunOut.of(thing_of(BalancingRun, table, row), read.actor),
        filters={"session": session},
    )  # fmt: skip


@router.get("/balancing-runs/{run_id}", response_model=RunOut, responses=READ_PROBLEMS)
async def read_run(run_id: UUID, read: Annotated[Query, Depends(query("run.read"))]) -> Response:
    """One run with its explanation per candidate."""
    table = tables.balancing_run
    row = await read.one(columns_of(BalancingRun, table).where(table.c.id == run_id))
    return read.answer(RunOut.of(thing_of(BalancingRun, table, row), read.actor))


@router.post("/balancing-runs/{run_id}/confirm", response_model=RosterOut, status_code=201, responses=PROBLEMS)
async def post_confirmation(
    run_id: UUID, body: ConfirmationBody, do: Annotated[Do, Depends(command("run.confirm"))]
) -> Response:
    """Confirm a proposal, with swaps and their reasons; a roster stands for being fixed."""
    swaps = [WantedSwap(row.out, row.into, row.reason) for row in body.swaps]
    return await do.run(
        lambda work: confirm_run(work, run_id, swaps),
        present=RosterOut.of, status=201, location=lambda roster: f"/v1/selection/rosters/{roster.id}",
    )  # fmt: skip


@router.get("/rosters", response_model=PageOf[RosterOut], responses=READ_PROBLEMS)
async def list_rosters(
    read: Annotated[Query, Depends(query("roster.read"))], page: Page, session: UUID | None = None
) -> Response:
    """Rosters, of a session."""
    table = tables.roster
    statement = columns_of(Roster, table)
    if session is not None:
        statement = statement.where(table.c.session_id == session)
    return await read.page(
        statement, table, page, lambda row: RosterOut.of(thing_of(Roster, table, row), read.actor),
        filters={"session": session},
    )  # fmt: skip


@router.get("/rosters/{roster_id}", response_model=RosterOut, responses=READ_PROBLEMS)
async def read_roster(roster_id: UUID, read: Annotated[Query, Depends(query("roster.read"))]) -> Response:
    """One roster."""
    row = await read.one(columns_of(Roster, tables.roster).where(tables.roster.c.id == roster_id))
    return read.answer(RosterOut.of(thing_of(Roster, tables.roster, row), read.actor))


@router.get("/rosters/{roster_id}/editions/{number}", response_model=EditionOut, responses=READ_PROBLEMS)
async def read_edition(roster_id: UUID, number: int, read: Annotated[Query, Depends(query("roster.read"))]) -> Response:
    """One version of a roster as the document that is filed."""
    table = tables.roster_edition
    where = (table.c.roster_id == roster_id) & (table.c.number == number)
    row = await read.one(columns_of(RosterEdition, table).where(where))
    return read.answer(EditionOut.of(thing_of(RosterEdition, table, row)))


@router.post("/rosters/{roster_id}/fix", response_model=RosterOut, responses=PROBLEMS)
async def post_fix(roster_id: UUID, body: Empty, do: Annotated[Do, Depends(command("roster.fix"))]) -> Response:
    """Fix the roster: every place in one transaction."""
    del body
    return await do.run(lambda work: fix_roster(work, roster_id), present=RosterOut.of)


@router.post("/rosters/{roster_id}/file", response_model=RosterOut, responses=PROBLEMS)
async def post_file(roster_id: UUID, body: Empty, do: Annotated[Do, Depends(command("roster.file"))]) -> Response:
    """Hand the current version to the ministry for the record."""
    del body
    return await do.run(lambda work: file_roster(work, roster_id), present=RosterOut.of)


@router.post("/rosters/{roster_id}/acknowledge", response_model=RosterOut, responses=PROBLEMS)
async def post_acknowledgement(
    roster_id: UUID, body: ReceiptBody, do: Annotated[Do, Depends(command("roster.acknowledge"))]
) -> Response:
    """Give the ministry's receipt."""
    return await do.run(lambda work: acknowledge_roster(work, roster_id, body.receipt), present=RosterOut.of)


@router.post("/rosters/{roster_id}/return", response_model=RosterOut, responses=PROBLEMS)
async def post_return(
    roster_id: UUID, body: ReasonBody, do: Annotated[Do, Depends(command("roster.return"))]
) -> Response:
    """Send the filing back with a reason."""
    return await do.run(lambda work: return_roster(work, roster_id, body.reason), present=RosterOut.of)


@router.post("/rosters/{roster_id}/discard", response_model=RosterOut, responses=PROBLEMS)
async def post_discard(
    roster_id: UUID, body: ReasonBody, do: Annotated[Do, Depends(command("roster.discard"))]
) -> Response:
    """Give up a roster that is not yet fixed."""
    return await do.run(lambda work: discard_roster(work, roster_id, body.reason), present=RosterOut.of)


@router.post("/persons/lookup", response_model=LookupOut, responses=PROBLEMS)
async def post_lookup(body: LookupBody, do: Annotated[Do, Depends(command("person.lookup"))]) -> Response:
    """Names for another service that must print them; purpose stated, every read audited, the answer kept nowhere."""
    return await replace(do, claim=None).run(
        lambda work: look_up_persons(work, body.participations, body.purpose, body.with_identity_tail),
        present=LookupOut.of,
    )
