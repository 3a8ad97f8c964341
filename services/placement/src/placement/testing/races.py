"""Two at once on one arrow of a lifecycle: one effect, one version, one set of events.

A noun joins with a module in ``placement.testing.arrows`` that registers recipes and one line in its ``__init__``.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from placement.adapters.events.consuming import CONSUMES
from shared.kernel.lifecycle import Lifecycle, Transition
from shared.kernel.refusals import Conflict

Recipe = Callable[[Any, str, str, str], Awaitable[Any]]
"""``(road, source, action, target)``: brings things into the source state and lets two race (``one_effect``)."""

ARROWS: dict[str, tuple[str, Transition[Any]]] = {}
"""``"<lifecycle>: <source> <action>"`` → lifecycle's name and the arrow, of every registered lifecycle."""
RECIPES: dict[tuple[str, str], Recipe] = {}
"""(lifecycle, action) → how it is raced."""
LOST = (404, 409, 412, 422)


def raced(*lifecycles: Lifecycle[Any]) -> None:
    """Let every arrow of these lifecycles be raced; each action needs a ``recipe``."""
    for table in lifecycles:
        ARROWS.update({f"{table.name}: {t.source} {t.action}": (table.name, t) for t in table.transitions})


def recipe(lifecycle: Lifecycle[Any], *actions: str) -> Callable[[Recipe], Recipe]:
    """Register how these actions of a lifecycle are raced."""

    def keep(act: Recipe) -> Recipe:
        RECIPES.update({(lifecycle.name, action): act for action in actions})
        return act

    return keep


async def one_effect(
    road: Any, table: str, id: str, target: str, calls: Sequence[Any], *, again: bool = False, rises: int = 1
) -> None:
    """Race ``calls`` for one row of ``table``.

    Args:
        road: the road of the test.
        table: table of the thing.
        id: its id.
        target: state that it must be in afterwards.
        calls: coroutines giving an answer, or a number (0: nothing done).
        again: True when a repetition is answered well too, without effect.
        rises: by how many versions the one effect raises the thing.
    """
    version = f"SELECT version FROM {table} WHERE id = :id"
    before, told = await road.service.scalar(version, id=UUID(id)), len(await road.service.outbox())
    answers = await asyncio.gather(*calls)

    codes = [each.status_code if isinstance(each, httpx.Response) else 200 if each else 409 for each in answers]
    assert await state(road, table, id) == target, [getattr(each, "text", each) for each in answers]
    won = sum(code < 300 for code in codes)
    assert won == 1 or (again and won == len(codes)), [getattr(each, "text", each) for each in answers]
    assert all(code < 300 or code in LOST for code in codes), codes
    assert await road.service.scalar(version, id=UUID(id)) == before + rises
    events = (await road.service.outbox())[told:]
    subjects = Counter((each["type"], each.get("participation")) for each in events)
    assert not [key for key, count in subjects.items() if count > 1], subjects


async def state(road: Any, table: str, id: str) -> str:
    """The state of a thing."""
    return str(await road.service.scalar(f"SELECT state FROM {table} WHERE id = :id", id=UUID(id)))


async def put_into(road: Any, table: str, id: str, target: str, **columns: Any) -> None:
    """Put a thing into a state by hand, with what belongs to the state, where no short way leads there."""
    given = "".join(f", {name} = :{name}" for name in columns)
    async with road.service.running.engine.begin() as connection:
        statement = text(f"UPDATE {table} SET state = :s{given} WHERE id = :id")
        await connection.execute(statement, {"s": target, "id": UUID(id)} | columns)


async def duty(road: Any, act: Callable[[Any], Awaitable[int]], number: int) -> int:
    """One process's turn at a duty; a deadlock is this process's loss, it comes again."""
    try:
        async with road.service.running.system_unit(f"race:{act.__name__}:{number}") as unit:
            return await act(unit)
    except DBAPIError:
        return 0


async def hear(road: Any, event: Any) -> int:
    """One consumer's turn at an event; a deadlock or a row somebody else wrote first makes it come again."""
    for _ in range(4):
        try:
            await road.service.receive(CONSUMES, event)
        except (DBAPIError, Conflict):
            continue
        return 1
    return 0
