"""Who sees and changes stored things: a walked cohort asked by every role from its own and from other organisations.

What must come is computed from the policy tables and from whose things they are by the cohort as it was drawn, never
from what a service stores for its own scope (decision 0043).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from talent_local.cohort.cohort import SMALL
from talent_local.cohort.effects import effects, more
from talent_local.cohort.road.persons import MINISTRY, REGIONAL, Person
from talent_local.cohort.run import door_of, walked
from talent_local.matrix.asking import Matrix
from talent_local.matrix.callers import callers
from talent_local.matrix.stories import stories
from talent_local.matrix.things import KINDS, Kind, Thing, things

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

EMPTY = frozenset({"selection/appeals"})
"""Kinds of which a walked cohort leaves nothing: the list of everybody is empty."""
FOREIGN = Person("acc-regional-11", "regional_officer", "cn/11")
AGENCY = Person("acc-agency-01", "agency", "cn/54")


@pytest.fixture(scope="module")
async def matrix(carried: Any) -> AsyncIterator[tuple[Matrix, dict[str, list[Thing]]]]:
    """Every question asked once; with webhooks of three organisations, and nothing changed by all the asking."""
    told = stories(carried.home, await walked(carried.home, SMALL))
    focus = next(story for story in told.trained() if story.unit.count("/") == 3)
    other = next(story for story in told.trained() if story.unit != focus.unit and story.host != focus.host)
    async with door_of(carried.home) as door, aiohttp.ClientSession() as session:
        hooks = [
            await door.post(person, "/v1/webhooks", {"url": "https://events.example.org/talent"}, step="matrix")
            for person in (REGIONAL, MINISTRY, FOREIGN, AGENCY)
        ]
        before = await asyncio.to_thread(effects, carried.home)
        found = Matrix(door, session, await door.get(None, "/openapi.json"), callers(focus, other))
        stored = {kind.name: things(carried.home, kind, told) for kind in KINDS}
        for kind in KINDS:
            await found.ask(kind, stored[kind.name], chosen(kind, stored[kind.name], focus.account, focus.host))
        assert more(before, await asyncio.to_thread(effects, carried.home)) == {}, "asking has changed something"
        sys.stdout.write(f"{dict(found.asked)} {dict(found.outcomes)}\n")
        yield found, stored
        for hook in hooks:
            await door.command(REGIONAL_OF[hook["organisation"]], "DELETE", f"/v1/webhooks/{hook['id']}", step="matrix")


REGIONAL_OF = {"cn/54": REGIONAL, "cn": MINISTRY, "cn/11": FOREIGN}


def chosen(kind: Kind, stored: list[Thing], account: str, host: str | None) -> list[Thing]:
    """A thing of the person or host that the callers stand around, and one of somebody else."""
    del kind
    near = [thing for thing in stored if thing.facets.account == account] or [
        thing for thing in stored if host and thing.facets.host == host
    ]
    first = (near or stored)[:1]
    return first + [thing for thing in stored if thing not in first][-1:]


def test_everybody_gets_what_the_policy_table_says(matrix: tuple[Matrix, dict[str, list[Thing]]]) -> None:
    """T12: GET of one, the list, every change; not visible is 404, visible and not allowed is 403, lists are exact."""
    found, _ = matrix

    assert found.wrong == []


def test_the_questions_tell_something(matrix: tuple[Matrix, dict[str, list[Thing]]]) -> None:
    """Every kind is there; some were let through, some refused, and lists were cut."""
    found, stored = matrix

    assert {name for name, held in stored.items() if not held} <= EMPTY | {"corrections"}
    assert min(found.asked[what] for what in ("one", "list", "write")) > 500
    assert {("list", "some"), ("list", "none"), ("list", "all"), ("one", "200"), ("one", "404")} <= set(found.outcomes)
    assert found.outcomes["write", "404"] > 500
