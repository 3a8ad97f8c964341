"""Board and journey as pages for people, opened with a view link or with a bearer token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Query as QueryParameter

from gateway.adapters.db.tables import SUMS, journey
from gateway.adapters.http.boards import Code, board_of
from gateway.adapters.http.journeys import visible, whole
from gateway.adapters.pages.links import ViewLinks
from gateway.adapters.pages.render import LANGUAGES, page
from gateway.domain.journey import MILESTONES
from shared.http.guards import authenticate, public
from shared.http.problems import Unauthenticated, locale_of
from shared.http.queries import Query
from shared.http.running import Running
from shared.kernel.refusals import Forbidden, NotFound

router = APIRouter(include_in_schema=False)

View = Annotated[str | None, QueryParameter(max_length=2000)]
Language = Annotated[str | None, QueryParameter(max_length=10)]
Door = Annotated[Running[Any], Depends(public("the page itself asks for a view link or a token"))]


@router.get("/board/{programme}/{session}")
async def board_page(
    request: Request, running: Door, programme: Code, session: Code, view: View = None, lang: Language = None
) -> Response:
    """The cohort board; it holds numbers only."""
    locale = language(request, lang)
    try:
        async with _opened(request, running, view, "board.read") as read:
            board = await board_of(read, programme, session)
    except (Unauthenticated, Forbidden, NotFound) as refusal:
        return _denied(refusal, locale)
    return page(
        "board", locale, board=board, milestones=MILESTONES, sums=SUMS, other_language=_other(request, view, locale)
    )


@router.get("/journey/{participation}")
async def journey_page(
    request: Request, running: Door, participation: UUID, view: View = None, lang: Language = None
) -> Response:
    """One person's way; it shows ids, codes and dates, never a name."""
    locale = language(request, lang)
    try:
        async with _opened(request, running, view, "journey.read") as read:
            row = await read.one(visible(read.scope).where(journey.c.id == participation))
            shown = (await whole(read, row)).model_dump(mode="json")
    except (Unauthenticated, Forbidden, NotFound) as refusal:
        return _denied(refusal, locale)
    return page("journey", locale, journey=shown, milestones=MILESTONES, other_language=_other(request, view, locale))


def language(request: Request, wanted: str | None) -> str:
    """The language of a page: the parameter, then ``Accept-Language``, then Chinese."""
    if wanted in LANGUAGES:
        return wanted
    return locale_of(request) if request.headers.get("accept-language") else "zh-CN"


@asynccontextmanager
async def _opened(request: Request, running: Running[Any], view: str | None, action: str) -> AsyncIterator[Query]:
    """A query in the eyes of the link's maker, or of the bearer of a token."""
    links: ViewLinks = running.extras["links"]
    actor = links.read(request.url.path, view) if view else authenticate(request, running)
    if actor is None:
        raise Unauthenticated("unauthenticated", "The view link is not valid.")
    relations = running.service.policy.admit(action, actor)
    async with running.engine.connect() as connection:
        yield Query(connection, actor, relations, running, action, None)


def _denied(refusal: Unauthenticated | Forbidden | NotFound, locale: str) -> Response:
    status = {Unauthenticated: 401, Forbidden: 403, NotFound: 404}[type(refusal)]
    return page("denied", locale, status, headers={"www-authenticate": "Bearer"} if status == 401 else None)


def _other(request: Request, view: str | None, locale: str) -> str:
    other = {"lang": "en" if locale == "zh-CN" else "zh-CN"} | ({"view": view} if view else {})
    return f"{request.url.path}?{urlencode(other)}"
