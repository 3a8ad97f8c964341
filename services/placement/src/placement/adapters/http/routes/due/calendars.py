"""Obligations as a calendar: with a token like every route, and under a secret address for calendar programmes."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Response
from fastapi import Query as QueryParameter
from sqlalchemy import select

from placement.adapters.calendar.ical import Component, calendar_of
from placement.adapters.db import tables
from placement.adapters.db.obligations.query import Wanted, heard_by, page_of
from placement.adapters.db.obligations.sources import SOURCES
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.duties import owed_under, visible_to
from placement.adapters.http.schemas.calendars import CalendarOut
from placement.adapters.http.schemas.common import NOTHING, NoMembers
from placement.adapters.http.scoping import PREFIX
from placement.domain.calendars import CalendarState
from placement.usecases.calendars.keep_calendars import open_calendar, revoke_calendar, rotate_calendar
from shared.http.commands import Command
from shared.http.guards import command, public, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf
from shared.http.running import Running
from shared.kernel.actor import Actor, Relation, Role
from shared.kernel.refusals import NotFound
from shared.work.unit import PLACE

router = APIRouter(prefix=PREFIX, tags=["calendars"])
MOST = 1000
AHEAD = timedelta(days=400)
_ICS: dict[int | str, dict[str, Any]] = {200: {"content": {"text/calendar": {}}, "description": "RFC 5545"}}
_As = Annotated[Component, QueryParameter(alias="as", description="tasks, or whole-day events")]


@router.get("/obligations/calendar.ics", response_class=Response, responses={**READ_PROBLEMS, **_ICS})
async def read_calendar(
    query: Annotated[Query, Depends(query("obligation.read"))], component: _As = "todo"
) -> Response:
    """What the caller owes, as a calendar: the thousand things due first, for the next 400 days."""
    today = query.running.clock.now().astimezone(PLACE).date()
    return await _feed(query.connection, query.scope, today, component, query.actor.locale, query.if_none_match)


@router.get("/calendars/feed/{token}.ics", response_class=Response, responses={**READ_PROBLEMS, **_ICS})
async def read_feed(
    token: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{43}$")],
    running: Annotated[Running[Any], Depends(public("the secret in the address is the proof; see POST /calendars"))],
    component: _As = "event",
    locale: Annotated[str, QueryParameter(pattern=r"^(zh-CN|en)$")] = "zh-CN",
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The calendar of whoever opened this address; a wrong, revoked or expired one is not found."""
    today = running.clock.now().astimezone(PLACE).date()
    table = tables.calendar
    async with running.engine.connect() as connection:
        found = (
            await connection.execute(
                select(table).where(
                    table.c.token_sha256 == _hash(token),
                    table.c.state == CalendarState.ACTIVE,
                    table.c.expires_on >= today,
                )
            )
        ).one_or_none()
        if found is None:
            raise NotFound("not-found", "There is no such thing, or you may not see it.")
        actor = Actor(found.account, found.organisation, frozenset(Role(each) for each in found.roles), None, locale)
        scope = Scope(actor, running.service.policy.relations("obligation.read", actor))
        return await _feed(connection, scope, today, component, locale, if_none_match)


@router.post("/calendars", status_code=201, response_model=CalendarOut, responses=PROBLEMS)
async def post_calendar(
    command: Annotated[Command[SqlPlacementWork], Depends(command("calendar.open"))], _: NoMembers = NOTHING
) -> Response:
    """Open a secret address for the caller's own calendar; the answer shows it once."""
    token = secrets.token_urlsafe(32)
    answer = await command.run(
        lambda work: open_calendar(work, _hash(token)), present=CalendarOut.of, status=201,
        location=lambda calendar: f"{PREFIX}/calendars/{calendar.id}",
    )  # fmt: skip
    return _with(answer, token)


@router.post("/calendars/{calendar_id}/rotate", response_model=CalendarOut, responses=PROBLEMS)
async def post_rotate(
    calendar_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("calendar.rotate"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Another secret; the old address shows nothing from now on."""
    token = secrets.token_urlsafe(32)
    answer = await command.run(lambda work: rotate_calendar(work, calendar_id, _hash(token)), present=CalendarOut.of)
    return _with(answer, token)


@router.post("/calendars/{calendar_id}/revoke", response_model=CalendarOut, responses=PROBLEMS)
async def post_revoke(
    calendar_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("calendar.revoke"))],
    _: NoMembers = NOTHING,
) -> Response:
    """The address shows nothing any more."""
    return await command.run(lambda work: revoke_calendar(work, calendar_id), present=CalendarOut.of)


@router.get("/calendars", response_model=PageOf[CalendarOut], responses=READ_PROBLEMS)
async def list_calendars(
    query: Annotated[Query, Depends(query("calendar.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
) -> Response:
    """The caller's own addresses, without their secrets."""
    table = tables.calendar
    statement = select(table).where(query.scope.where({Relation.SELF: table.c.account}))
    return await query.page(statement, table, page, lambda row: CalendarOut.row(row, query.actor))


@router.get("/calendars/{calendar_id}", response_model=CalendarOut, responses=READ_PROBLEMS)
async def read_one(calendar_id: UUID, query: Annotated[Query, Depends(query("calendar.read"))]) -> Response:
    """One address of the caller, without its secret."""
    table = tables.calendar
    statement = select(table).where(query.scope.where({Relation.SELF: table.c.account}), table.c.id == calendar_id)
    return query.answer(CalendarOut.row(await query.one(statement), query.actor))


async def _feed(
    connection: Any, scope: Scope, today: date, component: Component, locale: str, if_none_match: str | None
) -> Response:
    wanted = Wanted(today=today, until=today + AHEAD, mine=owed_under(scope.actor))
    sources = heard_by(scope.actor, SOURCES, None)
    rows = []
    if sources and wanted.mine:
        statement = page_of(sources, wanted, visible_to(scope), after=None, limit=MOST)
        rows = (await connection.execute(statement)).all()
    content = calendar_of(rows, component=component, locale=locale)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "private, no-cache", "referrer-policy": "no-referrer"}
    if if_none_match is not None and etag in [each.strip().removeprefix("W/") for each in if_none_match.split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(content, 200, headers, "text/calendar; charset=utf-8")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _with(answer: Response, token: str) -> Response:
    """Put the secret into an answer that is new; what is kept for a repetition of the request has none."""
    if answer.status_code >= 300 or "idempotent-replayed" in answer.headers:
        return answer
    shown = json.loads(bytes(answer.body)) | {"path": f"{PREFIX}/calendars/feed/{token}.ics"}
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return Response(json.dumps(shown), answer.status_code, headers, "application/json")
