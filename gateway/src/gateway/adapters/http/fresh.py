"""Reading one's own writes: a read may name the events it wants to have seen, and wait for them for a while."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query as QueryParameter
from fastapi import Request, Response
from fastapi import status as http

from gateway.adapters.db.feed import Tail, seen
from shared.http.commands import MOST_PUBLISHED
from shared.http.guards import QueryGuard, authenticate
from shared.http.queries import Query
from shared.http.running import Running, running_of
from shared.kernel.refusals import Forbidden, Malformed

LONGEST_WAIT = 5000
"""Milliseconds that a read waits at most."""

FIELD = "projection"
"""Field of an answer to a read that named events: ``fresh`` when all were seen, ``behind`` when time ran out before."""

HEADERS: dict[str, Any] = {
    "ETag": {"schema": {"type": "string"}, "description": "for If-None-Match"},
    "Projection": {
        "schema": {"type": "string", "enum": ["fresh", "behind"]},
        "description": "given when `after` was: whether what is shown has seen those events",
    },
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"headers": HEADERS},
    304: {"description": "The caller has it already."},
}
"""What the routes document beside the usual refusals."""

After = Annotated[
    str | None,
    QueryParameter(
        max_length=800,
        description="ids of events that must have been seen, separated by commas: what `Published-Events` of an answer says",
    ),
]
Wait = Annotated[
    int,
    QueryParameter(
        description="milliseconds to wait for them, 0 to 5000; other values are coerced. Then the answer comes as it is"
    ),
]


class FreshQuery(Query):
    """A reading request that knows whether the events it named were seen; None when it named none."""

    fresh: bool | None = None

    def told(self, response: Response, content: bytes | None = None) -> Response:
        """The answer with its entity tag and the field ``Projection``; 304 when the caller has it already.

        Args:
            response: the answer.
            content: what the entity tag is made of; the body by default.
        """
        tag = hashlib.sha256(bytes(response.body) if content is None else content).hexdigest()[:32]
        response.headers["etag"] = f'"{tag}"'
        if self.fresh is not None:
            response.headers[FIELD] = "fresh" if self.fresh else "behind"
        if self.if_none_match != response.headers["etag"]:
            return response
        kept = {name: response.headers[name] for name in ("etag", "cache-control", FIELD) if name in response.headers}
        return Response(status_code=http.HTTP_304_NOT_MODIFIED, headers=kept)


class FreshGuard(QueryGuard):
    """Guard of a reading route of the read models. While it waits it holds no connection of the pool."""

    async def __call__(self, request: Request, after: After = None, wait: Wait = 2000) -> AsyncIterator[FreshQuery]:
        """The query, as soon as the named events were seen or the time is up."""
        running = running_of(request)
        actor = authenticate(request, running)
        named = events_of(after)
        fresh = None
        if named and self._admits(running, actor):
            fresh = await _settled(running, named, max(0, min(wait, LONGEST_WAIT)) / 1000)
        async with asynccontextmanager(super().__call__)(request) as query:
            found = FreshQuery(
                query.connection, query.actor, query.scope.relations, running, self.action, query.if_none_match
            )
            found.fresh = fresh
            yield found

    def _admits(self, running: Running[Any], actor: Any) -> bool:
        """Nobody waits who may not read; the refusal itself is made and audited further on."""
        try:
            running.service.policy.admit(self.action, actor)
        except Forbidden:
            return False
        return True


def events_of(after: str | None) -> frozenset[UUID]:
    """The ids in ``after``. Raises ``Malformed`` for what is no id, or for more than an answer ever names."""
    try:
        found = frozenset(UUID(part.strip()) for part in (after or "").split(",") if part.strip())
    except ValueError:
        found = None
    if found is None or len(found) > MOST_PUBLISHED:
        raise Malformed(
            "bad-after",
            f"'after' must be up to {MOST_PUBLISHED} ids of events, as Published-Events says.",
            limit=MOST_PUBLISHED,
        )
    return found


async def _settled(running: Running[Any], events: frozenset[UUID], seconds: float) -> bool:
    """Wait until the read models have seen the events; False when the time is up before."""
    tail: Tail = running.extras["tail"]
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    while True:
        async with running.engine.connect() as connection:
            there, head = await seen(connection, events)
        left = ends - loop.time()
        if there or left <= 0 or running.draining:
            return there
        await tail.beyond(head, left)
