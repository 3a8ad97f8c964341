"""Observations: load an edition of stated numbers, read what was loaded."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from gateway.adapters.db.statistics_tables import observation_set
from gateway.adapters.db.unit_of_work import GatewayWork
from gateway.adapters.http.statistics.shapes import ObservationBody, ObservationEdition, ObservationRow
from gateway.domain.statistics.observing import ObservationSet, Observed
from gateway.usecases.load_observations import LoadObservations, load_observations
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Actor

router = APIRouter(prefix="/v1/observations", tags=["statistics"])

LOADED: dict[int | str, dict[str, Any]] = {
    201: {"description": "The new edition", "headers": {"Location": {"schema": {"type": "string"}}}}
}


@router.post("", status_code=201, response_model=ObservationEdition, responses=PROBLEMS | LOADED)
async def load(
    body: ObservationBody, asked: Annotated[Command[GatewayWork], Depends(command("observation.load"))]
) -> Response:
    """Load the next edition of a dataset; earlier editions stay for values as of an earlier day."""
    rows = tuple(Observed(**row.model_dump()) for row in body.rows)
    wanted = LoadObservations(dataset=body.dataset, programme=body.programme, citation=body.citation, rows=rows)

    async def act(work: GatewayWork) -> ObservationSet:
        return await load_observations(work, wanted)

    return await asked.run(act, present=presented, status=201, location=lambda found: f"/v1/observations/{found.id}")


@router.get("", response_model=PageOf[ObservationEdition], responses=READ_PROBLEMS)
async def list_observations(
    read: Annotated[Query, Depends(query("observation.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
) -> Response:
    """Every edition of every dataset."""
    return await read.page(select(observation_set), observation_set, page, _shown)


@router.get("/{observation}", response_model=ObservationEdition, responses=READ_PROBLEMS)
async def read_observation(observation: UUID, read: Annotated[Query, Depends(query("observation.read"))]) -> Response:
    """One edition with its rows."""
    row = await read.one(select(observation_set).where(observation_set.c.id == observation))
    return read.answer(_shown(row))


def presented(found: ObservationSet, actor: Actor) -> ObservationEdition:
    """The edition that was just loaded."""
    del actor
    return _edition(found, [ObservationRow(**_row(row)) for row in found.rows])


def _shown(row: Any) -> ObservationEdition:
    return _edition(row, [ObservationRow(**one) for one in row.rows])


def _row(row: Observed) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ObservationRow.model_fields}


def _edition(found: Any, rows: list[ObservationRow]) -> ObservationEdition:
    return ObservationEdition(
        id=str(found.id), dataset=found.dataset, edition=found.edition, programme=found.programme,
        citation=found.citation, content_hash=found.content_hash, loaded_at=found.loaded_at, rows=rows,
    )  # fmt: skip
