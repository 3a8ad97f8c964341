"""Reading the feed by filter and by what the reader may see, and waiting for it to grow."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gateway.adapters.db.tables import feed, feed_head
from gateway.adapters.refusals import Gone

Place = tuple[int, int]
"""How far a reader has come: (reach, position), or twice the position for who reads by position."""

START: Place = (0, 0)


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the feed is wanted; members that are None or empty want everything."""

    types: tuple[str, ...] = ()
    subject: str | None = None
    participation: str | None = None
    programme: str | None = None
    session: str | None = None
    since: datetime | None = None

    def asdict(self) -> Mapping[str, Any]:
        """For binding cursors."""
        return {name: value or None for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class View:
    """What a reader may see.

    Attributes:
        organisation: only what lies at or below it; None for everything.
        money: False hides what funding says, as the journeys do.
    """

    organisation: str | None
    money: bool


def reading(wanted: Filter, view: View) -> tuple[Select[Any], list[ColumnElement[Any]]]:
    """The statement for a filter and a view, and the two columns that order it.

    Topics arrive in any order, so an event may come before the one that tells the person's unit and cohort. Who reads
    by organisation or cohort therefore reads in the order in which events *became visible* (``reach``), so that a
    cursor steps over nothing; who reads everything reads in the order of arrival.
    """
    by_reach = view.organisation is not None or wanted.programme is not None or wanted.session is not None
    statement = select(feed)
    if by_reach:
        statement = statement.where(feed.c.reach.is_not(None))
    if view.organisation is not None:
        below = feed.c.unit.startswith(view.organisation + "/", autoescape=True)
        statement = statement.where(or_(feed.c.unit == view.organisation, below))
    if not view.money:
        statement = statement.where(feed.c.source != "/funding")
    if wanted.types:
        statement = statement.where(feed.c.type.in_(wanted.types))
    if wanted.since is not None:
        statement = statement.where(feed.c.at >= wanted.since)
    for name in ("subject", "participation", "programme", "session"):
        if (value := getattr(wanted, name)) is not None:
            statement = statement.where(feed.c[name] == value)
    return statement, [feed.c.reach if by_reach else feed.c.position, feed.c.position]


async def newest(connection: AsyncConnection) -> int:
    """The last position that committed; every position below it has committed too."""
    return int((await connection.execute(select(feed_head.c.position))).scalar_one())


async def check_place(connection: AsyncConnection, after: Place) -> None:
    """Raises ``Gone``: ``position-gone`` when events after this place were removed from the history."""
    pruned = int((await connection.execute(select(feed_head.c.pruned))).scalar_one())
    if after[0] < pruned:
        raise Gone(
            "position-gone",
            "Events after this position were removed. Read again without a cursor (``since`` narrows by time) and "
            "compare with what you hold.",
        )


async def read_feed(
    connection: AsyncConnection, wanted: Filter, view: View, after: Place, limit: int
) -> tuple[list[Any], Place, bool]:
    """The next events after a place.

    Returns:
        The rows in order with ``_key``, the place up to which the feed is now known to the reader, and whether more is
        there.
    """
    head = await newest(connection)
    statement, keys = reading(wanted, view)
    statement = statement.add_columns(keys[0].label("_key"))
    statement = statement.where(tuple_(*keys) > tuple_(*after), keys[0] <= head)
    rows = list((await connection.execute(statement.order_by(*keys).limit(limit + 1))).all())
    if len(rows) > limit:
        return rows[:limit], (rows[limit - 1]._key, rows[limit - 1].position), True
    return rows, max(after, (head, head)), False


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
