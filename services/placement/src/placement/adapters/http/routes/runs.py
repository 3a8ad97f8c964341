"""Matching runs over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import NOTHING, NoMembers
from placement.adapters.http.schemas.placements import MatchingRunOut, RunIn
from placement.adapters.http.scoping import PREFIX, filtered
from placement.usecases.matching.decide_run import confirm_run, discard_run
from placement.usecases.matching.run_matching import run_matching
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix=f"{PREFIX}/matching-runs", tags=["matching"])
table = tables.run


@router.post("", status_code=201, response_model=MatchingRunOut, responses=PROBLEMS)
async def post_run(
    body: RunIn, command: Annotated[Command[SqlPlacementWork], Depends(command("run.start"))]
) -> Response:
    """Match whoever waits in a session; nothing happens to anybody until a person confirms (M-01)."""
    return await command.run(
        lambda work: run_matching(work, body.session),
        present=MatchingRunOut.of,
        status=201,
        location=lambda run: f"{PREFIX}/matching-runs/{run.id}",
    )


@router.post("/{run_id}/confirm", response_model=MatchingRunOut, responses=PROBLEMS)
async def post_confirm(
    run_id: UUID, command: Annotated[Command[SqlPlacementWork], Depends(command("run.confirm"))], _: NoMembers = NOTHING
) -> Response:
    """Send the proposals to the hosts; 409 when cases or offers have changed since."""
    return await command.run(lambda work: confirm_run(work, run_id), present=MatchingRunOut.of)


@router.post("/{run_id}/discard", response_model=MatchingRunOut, responses=PROBLEMS)
async def post_discard(
    run_id: UUID, command: Annotated[Command[SqlPlacementWork], Depends(command("run.discard"))], _: NoMembers = NOTHING
) -> Response:
    """Use nothing of it."""
    return await command.run(lambda work: discard_run(work, run_id), present=MatchingRunOut.of)


@router.get("", response_model=PageOf[MatchingRunOut], responses=READ_PROBLEMS)
async def list_runs(
    query: Annotated[Query, Depends(query("run.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: str | None = None,
) -> Response:
    """Runs, the oldest first."""
    statement = select(table).where(query.scope.where({}))
    return await query.page(
        filtered(statement, {table.c.session: session}),
        table,
        page,
        lambda row: MatchingRunOut.row(row, query.actor),
        filters={"session": session},
    )


@router.get("/{run_id}", response_model=MatchingRunOut, responses=READ_PROBLEMS)
async def read_run(run_id: UUID, query: Annotated[Query, Depends(query("run.read"))]) -> Response:
    """One run with its proposal and report."""
    row = await query.one(select(table).where(query.scope.where({}), table.c.id == run_id))
    return query.answer(MatchingRunOut.row(row, query.actor))
