"""Completions of online courses by a large sheet (D-07)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.routes.sheets.uploading import FILE, LIMITS, queue_sheet
from placement.adapters.http.scoping import PREFIX
from placement.usecases.imports.start_import import COMPLETIONS
from shared.http.commands import Command
from shared.http.problems import UPLOAD_PROBLEMS
from shared.http.uploads import UploadGuard
from shared.jobs.shapes import JobOut

router = APIRouter(prefix=f"{PREFIX}/course-completions", tags=["online courses"])


@router.post("/imports", status_code=202, response_model=JobOut, responses=UPLOAD_PROBLEMS, openapi_extra=FILE)
async def post_import(
    request: Request,
    do: Annotated[Command[SqlPlacementWork], Depends(UploadGuard("course-completion.import", LIMITS.bytes))],
) -> Response:
    """Take in a large sheet as a job, as a whole or not at all; the job says which cells are wrong."""
    return await queue_sheet(request, do, COMPLETIONS)
