"""Journeys: a person's whole way in one call, and lists of them, scoped by role and organisation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from pydantic import Field
from sqlalchemy import Select, select

from gateway.adapters.db.tables import journey, roster
from gateway.adapters.http.fresh import RESPONSES, FreshGuard, FreshQuery
from gateway.adapters.http.presenting import present_sections, present_timeline, visible_sections
from gateway.domain.fingerprint import restore
from gateway.domain.journey import MILESTONES
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf, Resource
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/journeys", tags=["journeys"], responses=READ_PROBLEMS | RESPONSES)

COLUMNS = {
    Relation.SELF: journey.c.account,
    Relation.OWN_UNIT: journey.c.unit,
    Relation.HOST: journey.c.host,
    Relation.DESCENDANT: journey.c.unit,
}


class JourneySummary(Resource):
    """A journey in a list."""

    participation: UUID
    programme: str | None
    batch: str | None
    session: str | None
    unit: str | None
    prefecture: str | None
    host: str | None
    host_province: str | None
    stage: str = Field(description="where the person stands; see the list of stages in the API guide")
    outcome: str | None = Field(description="how the story ended, null while it is open")
    milestones: dict[str, date]
    content_hash: str
    updated_at: datetime


class JourneyOut(JourneySummary):
    """A person's whole way. Every section says as of when it is known; amounts are decimal strings."""

    sections: dict[str, dict[str, Any]]
    timeline: list[dict[str, Any]]


def visible(scope: Scope) -> Select[Any]:
    """The journeys that a scope lets through."""
    return select(journey).where(scope.where(COLUMNS))


@router.get("", response_model=PageOf[JourneySummary])
async def list_journeys(
    read: Annotated[FreshQuery, Depends(FreshGuard("journey.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    programme: Annotated[str | None, QueryParameter(max_length=120)] = None,
    session: Annotated[str | None, QueryParameter(max_length=120)] = None,
    state: Annotated[str | None, QueryParameter(max_length=40, description="a stage")] = None,
    host: Annotated[str | None, QueryParameter(max_length=120)] = None,
    unit: Annotated[str | None, QueryParameter(max_length=120)] = None,
) -> Response:
    """The journeys that the caller may see."""
    named = {"programme": programme, "session": session, "stage": state, "host": host, "unit": unit}
    statement = visible(read.scope)
    for name, value in named.items():
        if value is not None:
            statement = statement.where(journey.c[name] == value)
    shown = await read.page(statement, journey, page, lambda row: JourneySummary(**summary(row)), filters=named)
    return read.told(shown, bytes(shown.body).rpartition(b',"watermark":')[0])


@router.get("/{participation}", response_model=JourneyOut)
async def read_journey(
    participation: UUID, read: Annotated[FreshQuery, Depends(FreshGuard("journey.read"))]
) -> Response:
    """One journey; what the caller may not see is 404."""
    row = await read.one(visible(read.scope).where(journey.c.id == participation))
    shown = await whole(read, row)
    return read.told(Response(shown.model_dump_json(), 200, {"cache-control": "no-store"}, "application/json"))


async def whole(read: Query, row: Any) -> JourneyOut:
    """The representation of a journey for the caller of a query."""
    known = restore(row.document)
    filing = None
    if "roster" in known.sections.get("roster", {}):
        found = select(roster).where(roster.c.id == UUID(known.sections["roster"]["roster"]))
        filing = (await read.connection.execute(found)).first()
    seen = visible_sections(read.actor)
    return JourneyOut(
        **summary(row),
        sections=present_sections(known, seen, filing),
        timeline=present_timeline(known, seen),
    )


def summary(row: Any) -> dict[str, Any]:
    """The members of a summary."""
    return {
        "participation": row.id,
        "milestones": {name: day for name in MILESTONES if (day := getattr(row, f"{name}_on")) is not None},
        **{
            name: getattr(row, name)
            for name in (
                "programme", "batch", "session", "unit", "prefecture", "host", "host_province", "stage", "outcome",
                "content_hash", "updated_at",
            )
        },
    }  # fmt: skip
