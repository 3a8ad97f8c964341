"""The purpose log: who read whose data for what, in one list over all services (domain.md 7.3 no. 5)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from pydantic import Field

from gateway.adapters.http.inbox import InboxGuard
from gateway.adapters.purposes.asking import KEEPERS, PurposeLog
from shared.http.cursors import binding
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import PageParameters, page_parameters
from shared.http.resources import Resource
from shared.http.running import Running
from shared.kernel.actor import Actor

router = APIRouter(prefix="/v1/purposes", tags=["purposes"], responses=READ_PROBLEMS)

Keeper = Literal["assessment", "selection"]
Code = Annotated[str | None, QueryParameter(max_length=120, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")]


class PurposeEntry(Resource):
    """One read of one person's data: ids and codes, never the value."""

    id: str
    service: Keeper
    person: str = Field(description="account id of the person concerned")
    participation: UUID | None
    session: str | None
    fields: str = Field(description="class of the fields that were read")
    extent: str = Field(description="`whole`, `tail` or `aggregate`")
    purpose: str | None = Field(description="code of the purpose, see GET /v1/selection/purposes")
    reader: str = Field(description="account id of the reader, or the service that read")
    reader_organisation: str
    reader_roles: list[str]
    read_at: datetime = Field(description="business time of the read")
    recorded_at: datetime = Field(description="when it was written down; the list is in this order")


class PurposePage(Resource):
    """A page of the log, oldest first; ``watermark`` is the ``updated_since`` of the next visit, the same on every page."""

    items: list[PurposeEntry]
    next_cursor: str | None
    watermark: datetime


Caller = Annotated[tuple[Running[Any], Actor], Depends(InboxGuard("purpose.read"))]


@router.get("", response_model=PurposePage)
async def list_purposes(
    caller: Caller,
    page: Annotated[PageParameters, Depends(page_parameters)],
    service: Annotated[Keeper | None, QueryParameter(description="only what was read there")] = None,
    person: Code = None,
    participation: UUID | None = None,
    purpose: Code = None,
    session: Code = None,
) -> Response:
    """Who read whose data for what: auditors and operators see all, a person what was read of the person."""
    running, actor = caller
    filters = {"person": person, "participation": participation, "purpose": purpose, "session": session}
    query = {name: str(value) for name, value in filters.items() if value is not None}
    if page.updated_since is not None:
        query["updated_since"] = page.updated_since.isoformat()
    bound = binding("purposes", query | {"service": service, "sub": actor.subject})
    cursors: dict[str, str] = {} if service is None else {name: "" for name in KEEPERS if name != service}
    watermarks: list[str] = []
    if page.cursor is not None:
        earlier, places = running.cursors.read(bound, page.cursor)
        watermarks, cursors = [earlier], dict(places)
    log: PurposeLog = running.extras["purposes"]
    found = await log.page(actor, query, page.limit, cursors)
    watermark = min(watermarks + found.watermarks, key=datetime.fromisoformat)
    following = running.cursors.make(bound, [watermark, found.cursors]) if found.cursors else None
    names = PurposeEntry.model_fields
    shown = PurposePage(
        items=[PurposeEntry(**{name: entry[name] for name in names}) for entry in found.entries],
        next_cursor=following,
        watermark=datetime.fromisoformat(watermark),
    )
    return Response(shown.model_dump_json(), 200, {"cache-control": "no-store"}, "application/json")
