"""Events for outsiders: the feed by cursor, and the same feed as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi import Query as QueryParameter
from fastapi.responses import StreamingResponse
from pydantic import Field

from gateway.adapters.db.feed import Filter, Tail, newest, read_feed
from shared.contracts.envelope import CONTENT_TYPE
from shared.http.cursors import Cursors, binding
from shared.http.guards import QueryGuard, authenticate, query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.http.resources import Resource
from shared.http.running import Running, running_of

router = APIRouter(prefix="/v1/events", tags=["events"], responses=READ_PROBLEMS)

MOST = 200


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
    has_more: bool = Field(description="True when asking again at once gives more")


class StreamGuard(QueryGuard):
    """Guard of a reading route that stays open for long and must not hold a connection of the pool meanwhile."""

    async def __call__(self, request: Request) -> AsyncIterator[Any]:
        """Authenticate and admit; gives the running service."""
        running = running_of(request)
        running.service.policy.admit(self.action, authenticate(request, running))
        yield running


async def filters(
    type: Annotated[str | None, QueryParameter(max_length=120, description="full type of event")] = None,
    subject: Annotated[str | None, QueryParameter(max_length=60, description="participation, roster, fund")] = None,
) -> Filter:
    """The filters of the feed."""
    return Filter(type, subject)


@router.get("", response_model=FeedPage)
async def read_events(
    read: Annotated[Query, Depends(query("event.read"))],
    wanted: Annotated[Filter, Depends(filters)],
    cursor: Annotated[str | None, QueryParameter(max_length=2000)] = None,
    limit: Annotated[int, QueryParameter(description="events a page, 1 to 200; other values are coerced")] = 100,
) -> Response:
    """The feed of all published events, oldest first and at-least complete."""
    cursors = read.running.cursors
    after = _position(cursors, wanted, cursor) if cursor else 0
    rows, reached, more = await read_feed(read.connection, wanted, after, max(1, min(limit, MOST)))
    page = FeedPage(items=[shown(row) for row in rows], next_cursor=_cursor(cursors, wanted, reached), has_more=more)
    return Response(page.model_dump_json(), 200, {"cache-control": "no-store"}, "application/json")


@router.get(
    "/stream",
    response_class=StreamingResponse,
    responses={
        200: {"description": "Server-sent events", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
    },
)
async def stream_events(
    running: Annotated[Running[Any], Depends(StreamGuard("event.read"))],
    wanted: Annotated[Filter, Depends(filters)],
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", max_length=2000, description="id of the last event that was seen")
    ] = None,
    cursor: Annotated[str | None, QueryParameter(max_length=2000, description="from here; Last-Event-ID wins")] = None,
) -> Response:
    """The feed as it grows; ids are cursors of the feed. Without a cursor it begins with what comes next."""
    begin = last_event_id or cursor
    after = _position(running.cursors, wanted, begin) if begin else None
    tail: Tail = running.extras["tail"]
    heartbeat: float = running.extras["heartbeat"]
    return StreamingResponse(
        _stream(running, wanted, after, tail, heartbeat),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _stream(
    running: Running[Any], wanted: Filter, after: int | None, tail: Tail, heartbeat: float
) -> AsyncIterator[bytes]:
    if after is None:
        async with running.engine.connect() as connection:
            after = await newest(connection)
    yield b"retry: 2000\n: connected\n\n"
    while not running.draining:
        async with running.engine.connect() as connection:
            rows, reached, more = await read_feed(connection, wanted, after, MOST)
        for row in rows:
            yield _frame(shown(row), _cursor(running.cursors, wanted, row.position))
        after = reached
        if not more and not await tail.beyond(after, heartbeat):
            yield b": heartbeat\n\n"


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


def _frame(event: CloudEvent, cursor: str) -> bytes:
    body = orjson.dumps(event.model_dump())
    return b"id: " + cursor.encode() + b"\nevent: " + event.type.encode() + b"\ndata: " + body + b"\n\n"


def _cursor(cursors: Cursors, wanted: Filter, position: int) -> str:
    return cursors.make(binding("events", wanted.asdict()), [position])


def _position(cursors: Cursors, wanted: Filter, cursor: str) -> int:
    return int(cursors.read(binding("events", wanted.asdict()), cursor)[0])
