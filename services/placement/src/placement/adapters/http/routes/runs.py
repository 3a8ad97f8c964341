"""Matching runs over HTTP."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as Parameter
from sqlalchemy import select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import NOTHING, NoMembers
from placement.adapters.http.schemas.matching import MatchingInputOut, MatchingReproduction
from placement.adapters.http.schemas.placements import MatchingRunOut, RunIn
from placement.adapters.http.scoping import PREFIX, filtered
from placement.domain.matching.canonical import decode, sha256_of, unpacked
from placement.usecases.matching.decide_run import confirm_run, discard_run
from placement.usecases.matching.run_matching import reproduce, run_matching, start_matching
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS, STATE_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.jobs.shapes import JobOut
from shared.kernel.refusals import Conflict

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


@router.post("/start", status_code=202, response_model=JobOut, responses=PROBLEMS)
async def post_start(
    body: RunIn, command: Annotated[Command[SqlPlacementWork], Depends(command("run.start"))]
) -> Response:
    """Match a large session as a job; the subject of the job is the id of the run that it makes."""
    return await command.run(
        lambda work: start_matching(work, body.session),
        present=JobOut.of,
        status=202,
        location=lambda job: f"{PREFIX}/jobs/{job.id}",
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


@router.get("/{run_id}/input", response_model=MatchingInputOut, responses=STATE_PROBLEMS)
async def read_input(
    run_id: UUID,
    query: Annotated[Query, Depends(query("run.read"))],
    after: Annotated[int, Parameter(ge=0, le=100_000_000, description="people to pass over")] = 0,
    limit: Annotated[int, Parameter(ge=1, le=1000, description="people a page")] = 200,
) -> Response:
    """What the run was made from: enough to repeat it anywhere."""
    _, content = await _input(query, run_id)

    def shown() -> MatchingInputOut:
        raw = unpacked(content)
        return MatchingInputOut.of(run_id, sha256_of(raw), decode(raw), after, limit)

    return query.answer(await asyncio.to_thread(shown))


@router.get("/{run_id}/reproduction", response_model=MatchingReproduction, responses=STATE_PROBLEMS)
async def read_reproduction(run_id: UUID, query: Annotated[Query, Depends(query("run.read"))]) -> Response:
    """Match the stored input again and compare: the same input gives the same proposal."""
    row, content = await _input(query, run_id)
    again = await asyncio.to_thread(reproduce, content)
    same = (again.input_sha256, again.proposal_sha256) == (row.input_sha256, row.proposal_sha256)
    return query.answer(
        MatchingReproduction(
            run=run_id, input_sha256=again.input_sha256, proposal_sha256=again.proposal_sha256, reproduced=same
        )
    )


async def _input(query: Query, run_id: UUID) -> tuple[Any, bytes]:
    kept = tables.run_input
    statement = select(table.c.input_sha256, table.c.proposal_sha256, kept.c.content)
    row = await query.one(
        statement.outerjoin_from(table, kept, kept.c.id == table.c.id).where(
            query.scope.where({}), table.c.id == run_id
        )
    )
    if row.content is None:
        raise Conflict("input-not-kept", "No input was kept of this run: it was made by hand, or before inputs were.")
    return row, row.content
