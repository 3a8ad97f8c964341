"""The feed as it grows, as server-sent events: resumable, bounded per client, ended when the door drains."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header, Response
from fastapi import Query as QueryParameter
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Message, Send

from gateway.adapters.db.feed import Filter, Place, Tail, check_place, read_feed
from gateway.adapters.http.events import GONE, CloudEvent, FeedGuard, Reader, end_of, filters, shown
from gateway.adapters.refusals import TooMany
from shared.http.problems import READ_PROBLEMS
from shared.logs import logger

_log = logger("streams")

router = APIRouter(prefix="/v1/events", tags=["events"], responses=READ_PROBLEMS)

STREAMS = 8
"""Streams that one account may hold open at one process."""
PAGE = 100
SLOWEST = 30.0
"""Seconds in which a client must take what was written; then the stream is closed and the client resumes."""
LONGEST = 900.0
"""Seconds after which a stream ends by itself, so that the right to read is asked again."""
HELD: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: `id` is a cursor of the feed, `event` the type, `data` the CloudEvent. "
        "Comments keep an idle stream open.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
}


class BoundedStream(StreamingResponse):
    """A stream whose client must keep up: at most one page waits in memory, and not for long."""

    async def stream_response(self, send: Send) -> None:
        """Send, each piece within ``SLOWEST`` seconds."""

        async def timely(message: Message) -> None:
            async with asyncio.timeout(SLOWEST):
                await send(message)

        with suppress(TimeoutError):
            await super().stream_response(timely)


@router.get("/stream", response_class=StreamingResponse, responses=GONE | HELD)
async def stream_events(
    reader: Annotated[Reader, Depends(FeedGuard("event.read"))],
    wanted: Annotated[Filter, Depends(filters)],
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", max_length=2000, description="id of the last event that was seen")
    ] = None,
    cursor: Annotated[str | None, QueryParameter(max_length=2000, description="from here; Last-Event-ID wins")] = None,
) -> Response:
    """The feed as it grows; ids are cursors of the feed. Without a cursor it begins with what comes next."""
    running = reader.running
    begin = last_event_id or cursor
    after = reader.place(wanted, begin) if begin else await end_of(running)
    async with running.engine.connect() as connection:
        if begin:
            await check_place(connection, after)
        first = await read_feed(connection, wanted, reader.view, after, PAGE)  # what it cannot answer is refused here
    open_streams: Counter[str] = running.extras["streams"]
    if open_streams[reader.actor.subject] >= STREAMS:
        raise TooMany("too-many-streams", "Too many streams of this account are open.", limit=STREAMS, retry_after=30)
    return BoundedStream(
        _stream(reader, wanted, first, open_streams),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _stream(
    reader: Reader, wanted: Filter, first: tuple[list[Any], Place, bool], open_streams: Counter[str]
) -> AsyncIterator[bytes]:
    """The feed from its first page on; it ends early when it cannot be read, and the client resumes."""
    running, name = reader.running, reader.actor.subject
    tail: Tail = running.extras["tail"]
    heartbeat: float = running.extras["heartbeat"]
    clock = asyncio.get_running_loop().time
    ends, spoke = clock() + LONGEST, clock()
    open_streams[name] += 1
    try:
        yield b"retry: 2000\n: connected\n\n"
        rows, after, more = first
        while True:
            for row in rows:
                yield _frame(shown(row), reader.cursor(wanted, (row._key, row.position)))
            spoke = clock() if rows else spoke
            if not more and (not await tail.beyond(after[0], heartbeat) or clock() - spoke >= heartbeat):
                spoke = clock()
                yield b": heartbeat\n\n"
            if running.draining or clock() >= ends:
                return
            async with running.engine.connect() as connection:
                rows, after, more = await read_feed(connection, wanted, reader.view, after, PAGE)
    except (SQLAlchemyError, OSError) as error:
        _log.warning("a stream ended early", error_type=type(error).__name__)
    finally:
        open_streams[name] -= 1
        if not open_streams[name]:
            del open_streams[name]


def _frame(event: CloudEvent, cursor: str) -> bytes:
    body = orjson.dumps(event.model_dump())
    return b"id: " + cursor.encode() + b"\nevent: " + event.type.encode() + b"\ndata: " + body + b"\n\n"
