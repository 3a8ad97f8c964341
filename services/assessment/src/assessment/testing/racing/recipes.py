"""How arrows are raced: a recipe brings a thing into the source state, lets two race and checks for one effect."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy.exc import DBAPIError

from shared.kernel.lifecycle import Lifecycle
from shared.kernel.refusals import Refusal, TooEarly

Recipe = Callable[[Any, str, str, str], Awaitable[None]]
RECIPES: dict[tuple[str, str], Recipe] = {}
"""(lifecycle, action) → called with the road, source, action and target of an arrow."""
A = "/v1/assessment"
LEFT = (404, 409, 412, 422)


def recipe(lifecycle: Lifecycle[Any], *actions: str) -> Callable[[Recipe], Recipe]:
    """Keep a recipe for these actions of a lifecycle."""

    def keep(act: Recipe) -> Recipe:
        RECIPES.update({(lifecycle.name, action): act for action in actions})
        return act

    return keep


async def one_effect(
    road: Any, table: str, id: str, target: str, calls: list[Any], *, again: bool = False, rises: int = 1
) -> None:
    """Race ``calls``: one succeeds (``again``: a repetition may, without effect), nothing is told twice.

    The version rises by ``rises``: by one, or not at all where nothing but the place of a host changes.
    """
    version = f"SELECT version FROM {table} WHERE id = :id"
    before, told = await road.service.scalar(version, id=UUID(id)), len(await road.service.outbox())
    answers = await asyncio.gather(*calls)

    codes = [each.status_code if isinstance(each, httpx.Response) else 200 if each else 409 for each in answers]
    state = await road.service.scalar(f"SELECT state FROM {table} WHERE id = :id", id=UUID(id))
    assert state == target, (state, [getattr(each, "text", each) for each in answers])
    won = sum(code < 300 for code in codes)
    assert won == 1 or (again and won == len(codes)), [getattr(each, "text", each) for each in answers]
    assert all(code < 300 or code in LEFT for code in codes), codes
    assert await road.service.scalar(version, id=UUID(id)) == before + rises
    events = (await road.service.outbox())[told:]
    twice = [key for key, count in Counter((e["type"], e.get("participation")) for e in events).items() if count > 1]
    assert not twice, twice


async def hear(road: Any, event: Any) -> int:
    """One process's turn at an event; a lost race is this process's loss, the event comes again."""
    try:
        await road.receive(event)
    except (DBAPIError, Refusal, TooEarly):
        return 0
    return 1


async def done(call: Any) -> Any:
    """The answer's body; what prepares a race succeeds."""
    answer = await call
    assert answer.status_code < 300, answer.text
    return answer.json()


async def on_assessment(road: Any, number: int, verb: str, body: Any, *actors: Any) -> list[Any]:
    """The same act on one assessment by each of ``actors``, who all saw the same version."""
    seen = await road.assessment(number)
    path = f"{A}/assessments/{seen['id']}/{verb}"
    return [road.service.post(actor, path, body, if_match=seen["version"]) for actor in actors]
