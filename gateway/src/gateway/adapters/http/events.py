"""Events for outsiders: the feed by cursor, narrowed to what the reader may see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Query as QueryParameter
from pydantic import Field

from gateway.adapters.db.feed import START, Filter, Place, Tail, View, check_place, newest, read_feed
from gateway.adapters.http.presenting import visible_sections
from shared.contracts.envelope import CONTENT_TYPE
from shared.http.cursors import Cursors, binding
from shared.http.exact import Moment
from shared.http.guards import QueryGuard, admit, authenticate
from shared.http.problems import MEDIA_TYPE, READ_PROBLEMS
from shared.http.resources import Resource
from shared.http.running import Running, running_of
from shared.kernel.actor import Actor, Relation
from shared.kernel.refusals import Forbidden

GONE: dict[int | str, dict[str, Any]] = {
    410: {
        "description": "The cursor's position was removed",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
router = APIRouter(prefix="/v1/events", tags=["events"], responses=READ_PROBLEMS)

MOST = 200
PATIENCE = 30.0
"""Seconds that a reader may wait for something new."""


class CloudEvent(Resource):
    """A published event as CloudEvents 1.0 in structured JSON; ``data`` fits the schema that ``type`` names."""

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str = CONTENT_TYPE
    seq: int = Field(description="1, 2, 3 … per source and subject")
    data: dict[str, Any]


class FeedPage(Resource):
    """Events oldest first. ``next_cursor`` is always given: ask again with it, nothing is ever skipped."""

    items: list[CloudEvent]
    next_cursor: str
    has_more: bool = Field(description="True when asking again at once gives more; False at the end as it is now")


@dataclass(frozen=True, slots=True)
class Reader:
    """An admitted reader of the feed, and what of it they may see."""

    running: Running[Any]
    actor: Actor
    view: View

    def cursor(self, wanted: Filter, place: Place) -> str:
        """The cursor of a place, bound to the filter and to what the reader may see."""
        return self.running.cursors.make(self._bound(wanted), [*place])

    def place(self, wanted: Filter, cursor: str) -> Place:
        """The place of a cursor. Raises ``Malformed``: ``bad-cursor``."""
        cursors: Cursors = self.running.cursors
        first, second = cursors.read(self._bound(wanted), cursor)
        return int(first), int(second)

    def _bound(self, wanted: Filter) -> str:
        narrow = {"organisation": self.view.organisation, "money": self.view.money}
        return binding("events", {**wanted.asdict(), **narrow})


class FeedGuard(QueryGuard):
    """Guard of a reading route that stays open for long and must not hold a connection of the pool meanwhile."""

    async def __call__(self, request: Request) -> AsyncIterator[Any]:
        """Authenticate and admit; gives the reader."""
        running = running_of(request)
        actor = authenticate(request, running)
        yield Reader(running, actor, view_of(actor, await admit(request, running, actor, self.action)))


def view_of(actor: Actor, relations: frozenset[Relation]) -> View:
    """What an actor may see of the feed.

    Raises:
        Forbidden: ``no-organisation`` when the role sees what lies below an organisation and the caller has none.
    """
    if Relation.ANY in relations:
        return View(None, money=True)
    if not actor.organisation:
        raise Forbidden("no-organisation", "Your account belongs to no organisation, so there is nothing below it.")
    return View(actor.organisation, money="money" in visible_sections(actor))


async def filters(
    type: Annotated[list[str] | None, QueryParameter(max_length=60, description="full types, repeatable")] = None,
    subject: Annotated[str | None, QueryParameter(max_length=60, description="participation, roster, fund")] = None,
    participation: Annotated[
        str | None, QueryParameter(max_length=60, description="all about one person's way")
    ] = None,
    programme: Annotated[str | None, QueryParameter(max_length=120)] = None,
    session: Annotated[str | None, QueryParameter(max_length=120)] = None,
    since: Annotated[Moment | None, QueryParameter(description="only what happened at or after")] = None,
) -> Filter:
    """The filters of the feed."""
    when: datetime | None = since
    return Filter(tuple(sorted(set(type or ()))), subject, participation, programme, session, when)


@router.get("", response_model=FeedPage, responses=GONE)
async def read_events(
    reader: Annotated[Reader, Depends(FeedGuard("event.read"))],
    wanted: Annotated[Filter, Depends(filters)],
    cursor: Annotated[str | None, QueryParameter(max_length=2000)] = None,
    limit: Annotated[int, QueryParameter(description="events a page, 1 to 200; other values are coerced")] = 100,
    wait: Annotated[
        float,
        QueryParameter(description="seconds to wait for something new at the end, at most 30", allow_inf_nan=False),
    ] = 0.0,
) -> Response:
    """The feed of all published events that the caller may see, oldest first and at-least complete."""
    running = reader.running
    after = reader.place(wanted, cursor) if cursor else START
    rows, reached, more = await _read(running, reader, wanted, after, max(1, min(limit, MOST)), checked=bool(cursor))
    tail: Tail = running.extras["tail"]
    if not rows and wait > 0 and not running.draining and await tail.beyond(reached[0], min(wait, PATIENCE)):
        rows, reached, more = await _read(running, reader, wanted, reached, max(1, min(limit, MOST)), checked=False)
    shown_rows = [shown(row) for row in rows]
    page = FeedPage(items=shown_rows, next_cursor=reader.cursor(wanted, reached), has_more=more)
    return Response(page.model_dump_json(), 200, {"cache-control": "no-store"}, "application/json")


async def _read(
    running: Running[Any], reader: Reader, wanted: Filter, after: Place, limit: int, *, checked: bool
) -> tuple[list[Any], Place, bool]:
    async with running.engine.connect() as connection:
        if checked:
            await check_place(connection, after)
        return await read_feed(connection, wanted, reader.view, after, limit)


async def end_of(running: Running[Any]) -> Place:
    """The place after everything that is in the feed now."""
    async with running.engine.connect() as connection:
        head = await newest(connection)
    return head, head


def shown(row: Any) -> CloudEvent:
    """A feed row as CloudEvent."""
    return CloudEvent(
        id=str(row.event_id),
        source=row.source,
        type=row.type,
        subject=row.subject,
        time=row.at.isoformat().replace("+00:00", "Z"),
        seq=row.sequence,
        data=row.payload,
    )
