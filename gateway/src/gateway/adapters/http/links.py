"""View links: so that a person can open a board or a journey in a browser (docs/decisions/0010-view-links.md)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from gateway.adapters.db.tables import journey
from gateway.adapters.http.journeys import visible
from gateway.adapters.pages.links import ViewLinks
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query, Scope
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor
from shared.kernel.refusals import Malformed
from shared.work.policy import PolicyTable

router = APIRouter(prefix="/v1/view-links", tags=["view-links"], responses=READ_PROBLEMS)

BOARD = re.compile(r"/board/[A-Za-z0-9][A-Za-z0-9._:-]{0,119}/[A-Za-z0-9][A-Za-z0-9._:-]{0,119}")
JOURNEY = re.compile(r"/journey/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


class ViewLinkBody(Body):
    """Which page the link is to open."""

    path: str = Field(max_length=300, examples=["/board/tibet-special-training/2024"])


class ViewLink(Resource):
    """A link that opens one page for whoever holds it, until it ends."""

    url: str
    expires_at: datetime


@router.post("", response_model=ViewLink, status_code=201)
async def make_view_link(body: ViewLinkBody, read: Annotated[Query, Depends(query("view-link.create"))]) -> Response:
    """A link to a page that the caller may see; it shows what the caller sees, for eight hours."""
    policy: PolicyTable = read.running.service.policy
    if match := JOURNEY.fullmatch(body.path):
        scope = Scope(read.actor, policy.admit("journey.read", read.actor))
        await read.one(visible(scope).where(journey.c.id == UUID(match[1])))
    elif BOARD.fullmatch(body.path):
        policy.admit("board.read", read.actor)
    else:
        raise Malformed("bad-page", "Name a board (/board/programme/session) or a journey (/journey/participation).")
    links: ViewLinks = read.running.extras["links"]
    token, ends = links.make(body.path, read.actor)
    link = ViewLink(url=f"{read.running.extras['public_url']}{body.path}?view={quote(token)}", expires_at=ends)
    return Response(link.model_dump_json(), 201, {"cache-control": "no-store"}, "application/json")


def seen_by(query: Query, actor: Actor, action: str) -> Query:
    """The same query in the eyes of the maker of a view link."""
    relations = query.running.service.policy.admit(action, actor)
    return Query(query.connection, actor, relations, query.running, action, query.if_none_match)
