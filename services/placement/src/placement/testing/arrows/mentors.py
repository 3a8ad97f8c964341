"""Races for mentorships."""

from __future__ import annotations

from typing import Any

from placement.domain.mentorships import MENTORSHIP
from placement.testing.races import one_effect, put_into, raced, recipe

raced(MENTORSHIP)


async def _assigned(road: Any, source: str) -> str:
    await road.placed(1)
    await road.mentors(2)
    items = [{"participation": road.pid(1), "mentor": "mentor-1"}]
    made = await road.ok(road.post(road.people.host(), "/mentorships", {"items": items}))
    id = str(made["items"][0]["id"])
    await put_into(road, "mentorship", id, source)
    return id


@recipe(MENTORSHIP, "record-pre-contact", "activate", "replace")
async def by_the_host(road: Any, source: str, action: str, target: str) -> None:
    id = await _assigned(road, source)
    path, item = {
        "record-pre-contact": ("/mentorships/pre-contacts", {"mentorship": id, "contacted_on": "2024-02-20"}),
        "activate": ("/mentorships/activations", {"mentorship": id}),
        "replace": ("/mentorships", {"participation": road.pid(1), "mentor": "mentor-2"}),
    }[action]
    calls = [road.post(road.people.host(), path, {"items": [item]}) for _ in (1, 2)]
    await one_effect(road, "mentorship", id, target, calls)
    assert await road.service.scalar("SELECT sum(load) FROM mentor") == 1


@recipe(MENTORSHIP, "end")
async def with_the_placement(road: Any, source: str, _: str, target: str) -> None:
    id = await _assigned(road, source)
    path, body = f"/placements/{road.pid(1)}/cancel", {"reason": "recalled"}
    calls = [road.post(road.people.ministry, path, body) for _ in (1, 2)]
    await one_effect(road, "mentorship", id, target, calls)
    assert await road.service.scalar("SELECT sum(load) FROM mentor") == 0
