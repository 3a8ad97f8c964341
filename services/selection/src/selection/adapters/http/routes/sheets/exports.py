"""The route that starts an export; its file is fetched as the result of the job."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from selection.adapters.db.unit_of_work import SelectionUnit
from selection.adapters.sheets.exporting import may_export
from selection.usecases.importing.starting import start_export
from shared.http.commands import Command
from shared.http.guards import command
from shared.http.problems import PROBLEMS
from shared.http.resources import Body
from shared.jobs.shapes import JobOut
from shared.kernel.job import Job
from shared.kernel.refusals import Forbidden

router = APIRouter(prefix="/v1/selection", tags=["exports"])
Do = Command[SelectionUnit]


class SelectionExportBody(Body):
    """What to export, for what; ``statistics`` holds neither names nor ids."""

    session: UUID
    what: Literal["applications", "roster", "scores"]
    format: Literal["xlsx", "csv"] = "xlsx"
    purpose: Literal["case-handling", "statistics"]
    language: Literal["zh", "en"] = "zh"


@router.post("/exports", response_model=JobOut, status_code=202, responses=PROBLEMS)
async def post_export(body: SelectionExportBody, do: Annotated[Do, Depends(command("export.start"))]) -> Response:
    """Write what the caller may read of a session into a file, as a job; every export is in the audit trail."""
    if not may_export(body.what, do.actor):
        raise Forbidden("wrong-role", "Your role may not do this.", action=f"export.{body.what}")

    async def act(work: SelectionUnit) -> Job:
        return await start_export(work, body.session, body.what, body.format, body.purpose, body.language)

    return await do.run(act, present=JobOut.of, status=202, location=lambda job: f"/v1/selection/jobs/{job.id}")
