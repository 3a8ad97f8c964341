"""Routes of what a balancing run leaves behind: certificate, check, one candidate's reasons."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from selection.adapters.db import tables
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.reasons import sentences
from selection.adapters.http.shapes.balancing import (
    BalancingCertificateOut,
    BalancingVerificationOut,
    ExplainedOut,
    OutcomeOut,
)
from selection.domain.balancing.check import check_certificate
from selection.domain.roster.run import BalancingRun
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.kernel.refusals import NotFound

router = APIRouter(prefix="/v1/selection/balancing-runs", tags=["balancing"])
Read = Annotated[Query, Depends(query("run.read"))]


@router.get("/{run_id}/certificate", response_model=BalancingCertificateOut, responses=READ_PROBLEMS)
async def read_certificate(run_id: UUID, read: Read) -> Response:
    """Input, answer and proof of a run, as the published checker reads them."""
    run, row = await _kept(read, run_id)
    return read.answer(
        BalancingCertificateOut(
            run=run.id, input_sha256=run.input_sha256, proved=run.proved, input=row.given, answer=row.answer
        )
    )


@router.get("/{run_id}/verification", response_model=BalancingVerificationOut, responses=READ_PROBLEMS)
async def read_verification(run_id: UUID, read: Read) -> Response:
    """Check the stored run again, by exact arithmetic without a solver."""
    run, row = await _kept(read, run_id)
    problems = await asyncio.to_thread(check_certificate, row.given, row.answer)
    kept = [str(line.application) for line in run.outcomes if line.standing == "selected"]
    if kept != row.answer["selected"]:
        problems = [*problems, "The stored proposal is not the proved answer."]
    return read.answer(BalancingVerificationOut(run=run.id, holds=not problems, problems=problems))


@router.get("/{run_id}/outcomes/{application_id}", response_model=ExplainedOut, responses=READ_PROBLEMS)
async def read_outcome(run_id: UUID, application_id: UUID, read: Read) -> Response:
    """Why one candidate is in or out, in words."""
    run = await _run(read, run_id)
    line = next((line for line in run.outcomes if line.application == application_id), None)
    if line is None:
        raise NotFound("not-in-run", "This application was not part of the run.")
    shown = OutcomeOut.of(line)
    names = await node_names(read, run)
    return read.answer(ExplainedOut(run=run.id, line=shown, reasons=sentences(shown.model_dump(), names)))


async def node_names(read: Query, run: BalancingRun) -> dict[str, tuple[str, str]]:
    """Code → Chinese and English name of the quotas that a run was under."""
    session, policy = tables.session, tables.registered_policy
    row = await read.one(
        select(session.c.quota_nodes, policy.c.resolved)
        .join(
            policy, (policy.c.programme == session.c.programme) & (policy.c.policy_version == session.c.policy_version)
        )
        .where(session.c.id == run.session_id)
    )
    nodes = [*row.quota_nodes, *row.resolved.get("balancing", {}).get("nodes", [])]
    return {each["code"]: (each.get("name_zh", each["code"]), each.get("name_en", each["code"])) for each in nodes}


async def _run(read: Query, run_id: UUID) -> BalancingRun:
    table = tables.balancing_run
    row = await read.one(columns_of(BalancingRun, table).where(table.c.id == run_id))
    return thing_of(BalancingRun, table, row)


async def _kept(read: Query, run_id: UUID) -> tuple[BalancingRun, Any]:
    run, table = await _run(read, run_id), tables.balancing_certificate
    return run, await read.one(select(table.c.given, table.c.answer).where(table.c.run_id == run_id))
