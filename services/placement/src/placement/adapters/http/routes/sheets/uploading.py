"""An uploaded sheet as a job: looked at, kept under the job's key, applied by its step as a whole or not at all."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

from fastapi import Request, Response

from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.scoping import PREFIX
from placement.usecases.imports.start_import import start_import
from shared.http.commands import Command
from shared.jobs.files import Files
from shared.jobs.shapes import JobOut
from shared.kernel.job import Job
from shared.sheets.guarding import Limits, check_workbook, kind_of
from shared.sheets.writing import XLSX_TYPE

LIMITS = Limits()
SMALL = 4_000_000
"""Bytes that one request takes; a larger sheet is a job."""
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (XLSX_TYPE, "text/csv")},
    }
}


async def queue_sheet(request: Request, do: Command[SqlPlacementWork], kind: str) -> Response:
    """Keep the body of ``request`` and queue the job that takes it in; 202 with the job."""
    content = await request.body()
    if kind_of(content[:4096]) == "xlsx":
        await asyncio.to_thread(check_workbook, content, LIMITS)
    digest = hashlib.sha256(content).hexdigest()

    async def act(work: SqlPlacementWork) -> Job:
        job = start_import(work, kind, digest)
        await work.flush()
        await Files(work, job).put("upload", content)
        return job

    return await do.run(act, present=JobOut.of, status=202, location=lambda job: f"{PREFIX}/jobs/{job.id}")
