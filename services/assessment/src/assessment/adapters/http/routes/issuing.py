"""Routes of issuing in bulk: a job issues what is requested of a session, however much it is (C-02)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from pydantic import Field
from sqlalchemy import select

from assessment.adapters.db import tables
from assessment.adapters.db.unit_of_work import AssessmentWork
from assessment.adapters.http.messages import ZH
from assessment.usecases.certifying.start_issuing import start_issuing
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import Query
from shared.http.resources import Body, CodeText, Resource
from shared.jobs.shapes import JobOut
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/assessment", tags=["issuing"])


class IssuingBody(Body):
    """Whose certificates: everything that is requested of a session."""

    programme: CodeText
    session: CodeText


class IssuingLeftItem(Resource):
    """A participation whose certificate the job could not issue, and why."""

    participation: UUID
    code: str
    detail: str | None = Field(description="the wording of the code in Chinese, where there is one")


class IssuingLeftOut(Resource):
    """Whom a job left; send ``next_after`` as ``after`` for the next page."""

    items: list[IssuingLeftItem]
    next_after: UUID | None


@router.post("/issuings", response_model=JobOut, status_code=202, responses=PROBLEMS)
async def post_issuing(
    body: IssuingBody, do: Annotated[Command[AssessmentWork], Depends(command("issuing.start"))]
) -> Response:
    """Issue everything requested of a session as a job: each certificate exactly once, numbers without gaps."""
    return await do.run(
        lambda work: start_issuing(work, body.programme, body.session),
        present=JobOut.of,
        status=202,
        location=lambda job: f"/v1/assessment/jobs/{job.id}",
    )


@router.get("/jobs/{job_id}/left", response_model=IssuingLeftOut, responses=READ_PROBLEMS)
async def read_left(
    job_id: UUID,
    read: Annotated[Query, Depends(query("job.read"))],
    after: Annotated[UUID | None, QueryParameter(description="participation to go on after")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 200,
) -> Response:
    """Whom an issuing job left, in participation order, with the code of the refusal."""
    job, left = tables.job, tables.issue_left
    visible = read.scope.where({Relation.SELF: job.c.owner, Relation.OWN_UNIT: job.c.organisation})
    await read.one(select(job.c.id).where(job.c.id == job_id, visible))
    rows = select(left).where(left.c.job_id == job_id).order_by(left.c.participation).limit(limit + 1)
    found = await read.all(rows if after is None else rows.where(left.c.participation > after))
    items = [
        IssuingLeftItem(participation=row.participation, code=row.code, detail=ZH.get(row.code))
        for row in found[:limit]
    ]
    return read.answer(IssuingLeftOut(items=items, next_after=items[-1].participation if len(found) > limit else None))
