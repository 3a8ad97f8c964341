"""A command of a request: one unit of work, its answer stored with it and sent after the commit."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError

from shared.http.running import Running
from shared.kernel.actor import Actor
from shared.kernel.refusals import Forbidden
from shared.work.metrics import REPLAYS
from shared.work.record import Claim, StoredResponse
from shared.work.unit import Circumstances, UnitOfWork

W = TypeVar("W", bound=UnitOfWork)
R = TypeVar("R")

_AGAIN = {"40001", "40P01"}
_TRIES = 4

PUBLISHED = "published-events"
"""Field of an answer that names the events which the command published, in order; the last ones when there are many."""
MOST_PUBLISHED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Generic[W]):
    """A changing request whose caller is known and admitted."""

    running: Running[Any]
    actor: Actor
    action: str
    claim: Claim | None
    if_match: int | None
    trace: str | None
    target: str

    async def run(
        self,
        act: Callable[[W], Awaitable[R]],
        *,
        present: Callable[[R, Actor], BaseModel | None],
        status: int = 200,
        location: Callable[[R], str] | None = None,
    ) -> Response:
        """Run the use case in one transaction and answer.

        Args:
            act: the use case; run again from the start after a deadlock or serialization failure.
            present: gives the representation of the result for the actor, or None for an empty answer.
            status: of the answer.
            location: gives the path of a created resource.

        Raises:
            Refusal: what the use case refuses; nothing is written, a denial leaves an audit entry of its own.
        """
        try:
            stored, replayed = await self._again(lambda: self._once(act, present, status, location))
        except Forbidden as refusal:
            await record_denial(self.running, self.actor, self.action, self.target, refusal.code, self.trace)
            raise
        if not replayed:
            self.running.wake()
        headers = dict(stored.headers)
        if replayed:
            REPLAYS.labels(self.running.service.name).inc()
            headers["idempotent-replayed"] = "true"
        return Response(stored.body, stored.status, headers, "application/json" if stored.body else None)

    async def _again(self, once: Callable[[], Awaitable[tuple[StoredResponse, bool]]]) -> tuple[StoredResponse, bool]:
        """Try again from the start after a deadlock or a serialization failure, a few times."""
        attempt = 0
        while True:
            attempt += 1
            try:
                return await once()
            except DBAPIError as error:
                if attempt == _TRIES or getattr(error.orig, "sqlstate", None) not in _AGAIN:
                    raise
                await asyncio.sleep(random.uniform(0.01, 0.05) * attempt)

    async def _once(
        self,
        act: Callable[[W], Awaitable[R]],
        present: Callable[[R, Actor], BaseModel | None],
        status: int,
        location: Callable[[R], str] | None,
    ) -> tuple[StoredResponse, bool]:
        unit: W = self.running.unit(self._circumstances())
        async with unit:
            if (earlier := await unit.replay()) is not None:
                return earlier, True
            result = await act(unit)
            await unit.flush()
            shown = present(result, self.actor)
            headers = {"cache-control": "no-store"}
            if shown is not None and (version := getattr(shown, "version", None)) is not None:
                headers["etag"] = f'"v{version}"'
            if location is not None:
                headers["location"] = location(result)
            if told := unit.told():
                headers[PUBLISHED] = ", ".join(str(event) for event in told[-MOST_PUBLISHED:])
            body = b"" if shown is None else shown.model_dump_json(exclude_none=False).encode()
            answer = StoredResponse(status, headers, body)
            resource = self.action.split(".", 1)[0]
            unit.answer(answer, resource, str(getattr(shown, "id", None) or self.target))
        return answer, False

    def _circumstances(self) -> Circumstances:
        seed = None if self.claim is None else f"{self.claim.principal}\x00{self.claim.route}\x00{self.claim.key}"
        return Circumstances(
            self.actor,
            action=self.action,
            policy=self.running.service.policy,
            seed=seed,
            if_match=self.if_match,
            claim=self.claim,
            trace=self.trace,
        )


async def record_denial(
    running: Running[Any], actor: Actor, action: str, target: str, code: str, trace: str | None
) -> None:
    """Leave the audit entry of a denial, in a transaction of its own because there is no other or it was rolled back."""
    async with running.unit(Circumstances(actor, trace=trace)) as unit:
        unit.deny(action, action.split(".", 1)[0], target, code)
