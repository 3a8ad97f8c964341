"""Routes by which people arrive by spreadsheet: the template of a call, the upload, taking an application over."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select

from selection.adapters.db import tables
from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.http.shapes.applications import ApplicationOut
from selection.adapters.http.shapes.importing import TakeOverBody
from selection.adapters.sheets.columns import application_columns, policy_content, template_of
from selection.usecases.importing.claiming import claim_application
from selection.usecases.importing.starting import start_import
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS, UPLOAD_PROBLEMS
from shared.http.queries import Query
from shared.http.uploads import UploadGuard
from shared.jobs.files import Files
from shared.jobs.shapes import JobOut
from shared.kernel.job import Job
from shared.sheets.columns import Sheet
from shared.sheets.guarding import Limits, check_workbook, kind_of
from shared.sheets.writing import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx

router = APIRouter(prefix="/v1/selection", tags=["people by spreadsheet"])
Do = Command[SelectionUnit]
Language = Literal["zh", "en"]
LIMITS = Limits()
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in (XLSX_TYPE, "text/csv")
        },
    }
}  # fmt: skip


@router.get("/calls/{call_id}/template.xlsx", response_class=Response, responses=READ_PROBLEMS)
async def read_template(
    call_id: UUID, read: Annotated[Query, Depends(query("import.template"))], language: Language = "zh"
) -> Response:
    """The workbook to fill in for a call: locked header, drop-downs, ids as text."""
    content, version = await _content(read, call_id)
    name = "申报表" if language == "zh" else "applications"
    sheet = Sheet(name=name, columns=application_columns(content), blank_rows=20_000)
    book = await asyncio.to_thread(write_xlsx, [sheet], language, template_of(call_id, version))
    return attachment(book, f"applications-{call_id}.xlsx", XLSX_TYPE)


@router.get("/calls/{call_id}/template.csv", response_class=Response, responses=READ_PROBLEMS)
async def read_csv_template(
    call_id: UUID, read: Annotated[Query, Depends(query("import.template"))], language: Language = "zh"
) -> Response:
    """The header of the same sheet as CSV."""
    content, _ = await _content(read, call_id)
    return attachment(write_csv(application_columns(content), [], language), f"applications-{call_id}.csv", CSV_TYPE)


@router.post(
    "/calls/{call_id}/imports", response_model=JobOut, status_code=202, responses=UPLOAD_PROBLEMS, openapi_extra=_FILE
)
async def post_import(
    call_id: UUID,
    request: Request,
    do: Annotated[Do, Depends(UploadGuard("import.start", LIMITS.bytes))],
    language: Language = "zh",
) -> Response:
    """Upload a filled-in sheet (the body is the file); it is checked as a job, nothing is applied before it is confirmed."""
    content = await request.body()
    kind = kind_of(content[:4096])
    if kind == "xlsx":
        await asyncio.to_thread(check_workbook, content, LIMITS)
    digest = hashlib.sha256(content).hexdigest()

    async def act(work: SelectionUnit) -> Job:
        job = await start_import(work, call_id, language, kind, digest)
        await work.flush()
        await Files(work, job).put("upload", content)
        return job

    return await do.run(act, present=JobOut.of, status=202, location=lambda job: f"/v1/selection/jobs/{job.id}")


@router.post("/claims", response_model=ApplicationOut, responses=PROBLEMS)
async def post_claim(body: TakeOverBody, do: Annotated[Do, Depends(command("application.claim"))]) -> Response:
    """Take over the application that one's unit registered, with its code and one's identity number."""
    return await do.run(
        lambda work: claim_application(work, body.code, body.identity_number), present=ApplicationOut.of
    )


def attachment(content: bytes, name: str, kind: str) -> Response:
    """A file to keep; its name holds codes and ids only."""
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, 200, headers, kind)


async def _content(read: Query, call_id: UUID) -> tuple[dict[str, Any], str]:
    table = tables.call
    row = await read.one(select(table.c.programme, table.c.policy_version).where(table.c.id == call_id))
    return await policy_content(read.connection, row.programme, row.policy_version), row.policy_version
