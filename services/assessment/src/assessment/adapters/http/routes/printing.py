"""Routes of printing a session: a job makes the papers, part by part, and the issuer fetches the parts (C-02)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy import select

from assessment.adapters.db import tables
from assessment.adapters.db.unit_of_work import AssessmentWork
from assessment.adapters.http.tools import tools_of
from assessment.adapters.jobs.printing import part_name
from assessment.usecases.certifying.start_printing import PRINT, start_printing
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import Query
from shared.http.resources import Body, CodeText
from shared.jobs.files import Files
from shared.jobs.shapes import JobOut
from shared.kernel.actor import Relation
from shared.kernel.job import Job
from shared.kernel.refusals import NotFound
from shared.work.mapping import Mapping
from shared.work.unit import Circumstances

router = APIRouter(prefix="/v1/assessment/printings", tags=["issuing"])
_JOBS = Mapping(Job, tables.job)


class PrintingBody(Body):
    """Whose papers: every certificate of a session that counts."""

    programme: CodeText
    session: CodeText


@router.post("", response_model=JobOut, status_code=202, responses=PROBLEMS)
async def post_printing(
    body: PrintingBody, do: Annotated[Command[AssessmentWork], Depends(command("printing.start"))]
) -> Response:
    """Print every certificate of a session that counts, as a job; ``counts.parts`` says how many parts can be fetched."""
    new_key = tools_of(do.running).vault.new_key
    return await do.run(
        lambda work: start_printing(work, body.programme, body.session, new_key),
        present=JobOut.of,
        status=202,
        location=lambda job: f"/v1/assessment/jobs/{job.id}",
    )


@router.get(
    "/{job_id}/parts/{part}",
    response_class=Response,
    responses=READ_PROBLEMS
    | {200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def read_part(
    job_id: UUID,
    part: Annotated[int, Path(ge=1, le=100_000)],
    read: Annotated[Query, Depends(query("printing.fetch"))],
) -> Response:
    """One part of a printed session: a ZIP of at most a hundred papers, named by their numbers; fetching is written down."""
    where = read.scope.where({Relation.OWN_UNIT: tables.job.c.organisation})
    row = await read.one(select(*_JOBS.columns).where(tables.job.c.id == job_id, tables.job.c.kind == PRINT, where))
    async with read.running.unit(Circumstances(read.actor)) as unit:
        files = Files(SimpleNamespace(connection=unit.connection, vault=tools_of(read.running).vault), _JOBS.thing(row))
        content = await files.get(part_name(part))
        if content is None:
            raise NotFound("no-such-part", "There is no such part: not printed yet, or deleted after its time.")
        unit.note("printing.fetch", "job", str(job_id), part=part)
    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="part-{part}.zip"'}
    return Response(content, 200, headers, "application/zip")
