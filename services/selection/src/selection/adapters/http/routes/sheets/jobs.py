"""Routes of jobs: progress, report, files, what a person decides about them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as Parameter
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from selection.adapters.db import tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.reading import columns_of, thing_of
from selection.adapters.http.routes.sheets.imports import Language, attachment
from selection.adapters.http.shapes.applying import Empty
from selection.adapters.http.shapes.importing import CellProblemOut, ImportReportOut
from selection.adapters.sheets.reporting import CODE_COLUMNS, REPORT_COLUMNS, all_problems, problems_after, registered
from selection.usecases.importing.starting import cancel_job, confirm_job, restart_job
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS, STATE_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.jobs.files import Files
from shared.jobs.shapes import ConfirmJobBody, JobOut
from shared.kernel.actor import Relation
from shared.kernel.job import Job
from shared.kernel.refusals import Conflict
from shared.sheets.annotating import annotated
from shared.sheets.columns import Sheet
from shared.sheets.writing import CSV_TYPE, XLSX_TYPE, csv_chunks, write_xlsx
from shared.work.unit import Circumstances

router = APIRouter(prefix="/v1/selection/jobs", tags=["jobs"])
Do = Command[SelectionUnit]
_MOST_COLOURED = 5000


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the files of a job need of a reading request."""

    connection: AsyncConnection
    vault: Any


@router.get("", response_model=PageOf[JobOut], responses=READ_PROBLEMS)
async def list_jobs(
    read: Annotated[Query, Depends(query("job.read"))], page: Annotated[PageParameters, Depends(page_parameters)]
) -> Response:
    """Jobs of the caller's organisation."""
    statement = columns_of(Job, tables.job).where(_visible(read))
    return await read.page(
        statement, tables.job, page, lambda row: JobOut.of(thing_of(Job, tables.job, row), read.actor)
    )


@router.get("/{job_id}", response_model=JobOut, responses=READ_PROBLEMS)
async def read_job(job_id: UUID, read: Annotated[Query, Depends(query("job.read"))]) -> Response:
    """State and progress."""
    return read.answer(JobOut.of(await _job(read, job_id), read.actor))


@router.post("/{job_id}/confirm", response_model=JobOut, responses=PROBLEMS)
async def post_confirm(
    job_id: UUID, body: ConfirmJobBody, do: Annotated[Do, Depends(command("job.confirm"))]
) -> Response:
    """Apply what was checked; once for all, a second time changes nothing."""
    return await do.run(lambda work: confirm_job(work, job_id, leave_out_wrong=body.leave_out_wrong), present=JobOut.of)


@router.post("/{job_id}/cancel", response_model=JobOut, responses=PROBLEMS)
async def post_cancel(job_id: UUID, body: Empty, do: Annotated[Do, Depends(command("job.cancel"))]) -> Response:
    """Stop a job; what it already applied stays."""
    del body
    return await do.run(lambda work: cancel_job(work, job_id), present=JobOut.of)


@router.post("/{job_id}/restart", response_model=JobOut, responses=PROBLEMS)
async def post_restart(job_id: UUID, body: Empty, do: Annotated[Do, Depends(command("job.restart"))]) -> Response:
    """Begin a failed or cancelled job again."""
    del body
    return await do.run(lambda work: restart_job(work, job_id), present=JobOut.of)


@router.get("/{job_id}/report", response_model=ImportReportOut, responses=READ_PROBLEMS)
async def read_report(
    job_id: UUID,
    read: Annotated[Query, Depends(query("job.read"))],
    after: Annotated[int, Parameter(ge=0, description="row number to go on after")] = 0,
    limit: Annotated[int, Parameter(ge=1, le=1000, description="rows with problems a page")] = 200,
) -> Response:
    """What is wrong, cell by cell, in the caller's language."""
    job = await _job(read, job_id)
    language: Language = "zh" if read.actor.locale.startswith("zh") else "en"
    problems, following = await problems_after(read.connection, job, after, limit)
    items = [CellProblemOut(**problem.shown(language)) for problem in problems]
    shown = JobOut.of(job, read.actor)
    return read.answer(ImportReportOut(items=items, next_after=following, counts=job.counts, problem=shown.problem))


@router.get("/{job_id}/report.csv", response_class=Response, responses=READ_PROBLEMS)
async def read_report_csv(
    job_id: UUID, read: Annotated[Query, Depends(query("job.read"))], language: Language = "zh"
) -> Response:
    """The whole report as CSV."""
    job = await _job(read, job_id)
    rows = [problem.shown(language) async for problem in all_problems(read.connection, job)]
    return _streamed(csv_chunks(REPORT_COLUMNS, rows, language), f"report-{job.id}.csv", CSV_TYPE)


@router.get("/{job_id}/annotated", response_class=Response, responses=STATE_PROBLEMS)
async def read_annotated(
    job_id: UUID, read: Annotated[Query, Depends(query("job.download"))], language: Language = "zh"
) -> Response:
    """The caller's own file with the wrong cells coloured and commented; kept until the import is done or expires."""
    job = await _job(read, job_id)
    content = await Files(_Opened(read.connection, read.running.extras["vault"]), job).get("upload")
    if content is None or "sheet" not in job.params:
        raise Conflict("not-ready", "There is no such file (any more, or yet).")
    problems = []
    async for problem in all_problems(read.connection, job):
        problems.append(problem)
        if len(problems) == _MOST_COLOURED:
            break
    await _note(read, job, "annotated")
    book, extension = await asyncio.to_thread(annotated, content, problems, language, most=_MOST_COLOURED)
    return attachment(book, f"annotated-{job.id}.{extension}", XLSX_TYPE)


@router.get("/{job_id}/claim-codes", response_class=Response, responses=READ_PROBLEMS)
async def read_claim_codes(
    job_id: UUID, read: Annotated[Query, Depends(query("job.download"))], language: Language = "zh"
) -> Response:
    """Who was registered, with the code to hand to each person."""
    job = await _job(read, job_id)
    rows = await registered(read.connection, read.running.extras["vault"], job)
    await _note(read, job, "claim-codes")
    sheet = Sheet(name="codes", columns=CODE_COLUMNS, rows=rows)
    return attachment(await asyncio.to_thread(write_xlsx, [sheet], language), f"claim-codes-{job.id}.xlsx", XLSX_TYPE)


@router.get("/{job_id}/result", response_class=Response, responses=STATE_PROBLEMS)
async def read_result(job_id: UUID, read: Annotated[Query, Depends(query("job.download"))]) -> Response:
    """The file that an export made."""
    job = await _job(read, job_id)
    content = await Files(_Opened(read.connection, read.running.extras["vault"]), job).get("result")
    if content is None:
        raise Conflict("not-ready", "There is no such file (any more, or yet).")
    await _note(read, job, "result")
    form: Literal["csv", "xlsx"] = "csv" if job.params.get("format") == "csv" else "xlsx"
    return attachment(content, f"{job.kind}-{job.id}.{form}", CSV_TYPE if form == "csv" else XLSX_TYPE)


def _visible(read: Query) -> Any:
    return read.scope.where({Relation.SELF: tables.job.c.owner, Relation.OWN_UNIT: tables.job.c.organisation})


async def _job(read: Query, job_id: UUID) -> Job:
    row = await read.one(columns_of(Job, tables.job).where(tables.job.c.id == job_id, _visible(read)))
    return thing_of(Job, tables.job, row)


async def _note(read: Query, job: Job, part: str) -> None:
    """Files hold names: every download is in the audit trail."""
    async with read.running.unit(Circumstances(read.actor)) as unit:
        unit.note("job.download", "job", str(job.id), part=part, kind=job.kind)


def _streamed(pieces: Any, name: str, kind: str) -> Response:
    async def give() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return StreamingResponse(give(), 200, headers, kind)
