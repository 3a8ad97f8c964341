"""Observations sent as a sheet (.csv or .xlsx)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Query as QueryParameter

from gateway.adapters.db.unit_of_work import GatewayWork
from gateway.adapters.http.statistics.observations import LOADED, presented
from gateway.adapters.http.statistics.shapes import ObservationEdition
from gateway.domain.statistics.observing import ObservationSet
from gateway.usecases.load_observations import LoadObservations, load_observations
from shared.http.commands import Command
from shared.http.problems import UPLOAD_PROBLEMS
from shared.http.uploads import UploadGuard

router = APIRouter(prefix="/v1/observations", tags=["statistics"])

LARGEST = 1_000_000
"""Bytes that one request takes."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("text/csv", XLSX)},
    }
}
Code = Annotated[str, QueryParameter(max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]


@router.post(
    "/sheet", status_code=201, response_model=ObservationEdition, responses=UPLOAD_PROBLEMS | LOADED, openapi_extra=FILE
)
async def load_sheet(
    request: Request,
    dataset: Code,
    programme: Code,
    citation: Annotated[str, QueryParameter(min_length=1, max_length=1000, description="the source that states them")],
    asked: Annotated[Command[GatewayWork], Depends(UploadGuard("observation.load", LARGEST))],
) -> Response:
    """Load the next edition of a dataset from a sheet of series, period, value, unit, order, precision, dimensions."""
    from gateway.adapters.statistics.sheet import read_observations

    sheet = read_observations(await request.body())
    wanted = LoadObservations(dataset=dataset, programme=programme, citation=citation, rows=tuple(sheet.entries))

    async def act(work: GatewayWork) -> ObservationSet:
        with sheet.located():
            return await load_observations(work, wanted)

    return await asked.run(act, present=presented, status=201, location=lambda found: f"/v1/observations/{found.id}")
