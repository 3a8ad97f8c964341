"""Races for training plans."""

from __future__ import annotations

from typing import Any

from placement.domain.plans import PLAN
from placement.testing.races import one_effect, put_into, raced, recipe

raced(PLAN)
GOOD = {"comments": "Good.", "agrees": True}


async def _drafted(road: Any, source: str) -> str:
    await road.placed(1)
    (id,) = await road.drafted_plans([1])
    if source != "draft":
        await road.ok(road.post(road.people.trainee(1), f"/plans/{id}/consult", GOOD))
    return str(id)


@recipe(PLAN, "rewrite", "consult", "answer", "approve", "enter-force")
async def into_force(road: Any, source: str, action: str, target: str) -> None:
    id = await _drafted(road, source)
    if action == "consult":
        version = await road.service.scalar("SELECT version FROM plan")
        path, again = f"/plans/{id}/consult", GOOD | {"comments": "Very good."}
        calls = [road.post(road.people.trainee(1), path, again, if_match=version) for _ in (1, 2)]
    elif action == "rewrite":
        version = await road.service.scalar("SELECT version FROM plan")
        body = road.plan_text(post="Another ward")
        calls = [road.post(road.people.host(), f"/plans/{id}/rewrite", body, if_match=version) for _ in (1, 2)]
    elif action == "answer":
        calls = [road.post(road.people.host(), f"/plans/{id}/answer", {"answer": "Yes."}) for _ in (1, 2)]
    else:
        target = "in_force"
        calls = [road.post(road.people.host(), f"/plans/{id}/approve") for _ in (1, 2)]
    await one_effect(road, "plan", id, target, calls)


@recipe(PLAN, "revise")
async def by_the_next_edition(road: Any, _: str, __: str, target: str) -> None:
    (id,) = await road.planned(await road.placed(1))
    body = road.plan_text(reason="More.")
    revision = (await road.ok(road.post(road.people.host(), f"/plans/{id}/revisions", body)))["id"]
    await road.ok(road.post(road.people.trainee(1), f"/plans/{revision}/consult", GOOD))
    calls = [road.post(road.people.host(), f"/plans/{revision}/approve") for _ in (1, 2)]
    await one_effect(road, "plan", id, target, calls)


@recipe(PLAN, "close")
async def with_the_placement(road: Any, source: str, _: str, target: str) -> None:
    id = await _drafted(road, source)
    if source == "in_force":
        await put_into(road, "plan", id, source)
    path, body = f"/placements/{road.pid(1)}/cancel", {"reason": "recalled"}
    calls = [road.post(road.people.ministry, path, body) for _ in (1, 2)]
    await one_effect(road, "plan", id, target, calls)
