"""Reading the feed, and waiting for it to grow."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gateway.adapters.db.tables import feed, feed_head


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the feed is wanted: one type, one subject, or everything."""

    type: str | None = None
    subject: str | None = None

    def asdict(self) -> dict[str, str | None]:
        """For binding cursors."""
        return {"type": self.type, "subject": self.subject}


async def newest(connection: AsyncConnection) -> int:
    """The last position that committed; every position below it has committed too."""
    return int((await connection.execute(select(feed_head.c.position))).scalar_one())


async def read_feed(connection: AsyncConnection, wanted: Filter, after: int, limit: int) -> tuple[list[Any], int, bool]:
    """The next events after a position.

    Returns:
        The rows in order, the position up to which the feed is now known to the reader, and whether more is there.
    """
    head = await newest(connection)
    statement = select(feed).where(feed.c.position > after, feed.c.position <= head)
    if wanted.type is not None:
        statement = statement.where(feed.c.type == wanted.type)
    if wanted.subject is not None:
        statement = statement.where(feed.c.subject == wanted.subject)
    rows = list((await connection.execute(statement.order_by(feed.c.position).limit(limit + 1))).all())
    if len(rows) > limit:
        return rows[:limit], rows[limit - 1].position, True
    return rows, max(after, head), False


async def seen(connection: AsyncConnection, events: frozenset[UUID]) -> tuple[bool, int]:
    """Whether all of these events are in the feed, and so in every read model; and the newest position."""
    head = await newest(connection)
    found = select(func.count()).select_from(feed).where(feed.c.event_id.in_(events))
    return int((await connection.execute(found)).scalar_one()) >= len(events), head


class Tail:
    """Watches the head of the feed for all open streams with one question at a time, and only while somebody waits.

    Args:
        engine: the gateway's engine.
        pause: seconds between two looks.
    """

    def __init__(self, engine: AsyncEngine, pause: float = 0.25) -> None:
        self._engine = engine
        self._pause = pause
        self._head = 0
        self._waiting = 0
        self._moved = asyncio.Event()
        self._stopped = False
        self._task: asyncio.Task[None] | None = None

    async def beyond(self, position: int, seconds: float) -> bool:
        """Wait until the feed is longer than ``position``; False when ``seconds`` went by without, or at the end."""
        self._waiting += 1
        try:
            if self._task is None or self._task.done():
                self._head = position  # what was seen before the last pause may be out of date
                self._task = asyncio.create_task(self._watch())
            async with asyncio.timeout(seconds):
                while self._head <= position and not self._stopped:
                    await self._moved.wait()
        except TimeoutError:
            return False
        else:
            return not self._stopped
        finally:
            self._waiting -= 1

    def stop(self) -> None:
        """Wake every stream for the last time."""
        self._stopped = True
        self._moved.set()

    async def close(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self) -> None:
        while self._waiting:
            with suppress(SQLAlchemyError, OSError):
                async with self._engine.connect() as connection:
                    head = await newest(connection)
                if head != self._head:
                    self._head = head
                    moved, self._moved = self._moved, asyncio.Event()
                    moved.set()
            await asyncio.sleep(self._pause)
