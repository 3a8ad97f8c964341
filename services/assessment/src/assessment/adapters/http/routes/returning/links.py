"""Routes of alumni–host links (C-05)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from assessment.adapters.db.unit_of_work import LINKS, AssessmentWork
from assessment.adapters.http.lists import rows_of, thing_of, updated_at, visible
from assessment.adapters.http.shapes.bodies import Nothing
from assessment.adapters.http.shapes.returning.things import AlumniLinkBody, AlumniLinkOut
from assessment.domain.returning.link import LinkState
from assessment.usecases.returning import links
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/assessment/alumni-links", tags=["alumni links"])
Do = Command[AssessmentWork]


@router.get("", response_model=PageOf[AlumniLinkOut], responses=READ_PROBLEMS)
async def list_links(
    read: Annotated[Query, Depends(query("link.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    state: LinkState | None = None,
    participation: UUID | None = None,
) -> Response:
    """Links of the caller: of the trainee, or of the host; nobody else sees them."""
    filters = {"state": state, "participation": participation}

    def present(row: Any) -> AlumniLinkOut:
        return AlumniLinkOut.of(thing_of(LINKS, row), read.actor, updated_at(LINKS, row))

    found = rows_of(LINKS, visible(read, LINKS.table), filters)
    return await read.page(found, LINKS.table, page, present, filters=filters)


@router.post("", status_code=201, response_model=AlumniLinkOut, responses=PROBLEMS)
async def propose_link(body: AlumniLinkBody, do: Annotated[Do, Depends(command("link.propose"))]) -> Response:
    """Ask the other side to stay in touch."""
    return await do.run(
        lambda work: links.propose(work, body.participation, body.purpose), present=AlumniLinkOut.of, status=201
    )


@router.post("/{link_id}/accept", response_model=AlumniLinkOut, responses=PROBLEMS)
async def accept_link(link_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("link.accept"))]) -> Response:
    """The other side agrees."""
    del body
    return await do.run(lambda work: links.accept(work, link_id), present=AlumniLinkOut.of)


@router.post("/{link_id}/end", response_model=AlumniLinkOut, responses=PROBLEMS)
async def end_link(link_id: UUID, body: Nothing, do: Annotated[Do, Depends(command("link.end"))]) -> Response:
    """End it, without a reason."""
    del body
    return await do.run(lambda work: links.end(work, link_id), present=AlumniLinkOut.of)
