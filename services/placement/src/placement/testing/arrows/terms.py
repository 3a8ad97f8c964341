"""Races for placements and their segments from the arrival to the return."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from placement.domain.placements.segments import SEGMENT
from placement.domain.placements.states import PLACEMENT
from placement.testing.races import one_effect, put_into, raced, recipe

raced(SEGMENT)


async def _at_the_host(road: Any, source: str) -> None:
    await road.arrived(1)
    road.on(date(2024, 12, 1))
    if source == "suspended":
        body = {"effective_on": "2024-11-01", "reason": "health"}
        await road.ok(road.post(road.people.host(), f"/placements/{road.pid(1)}/suspend", body))
    elif source in ("ended", "returned_to_post"):
        body = {"ended_on": "2024-11-01", "reason": "health"}
        await road.ok(road.post(road.people.host(), f"/placements/{road.pid(1)}/end", body))
    elif source != "active":
        await put_into(road, "placement", road.pid(1), source)


async def _ready(road: Any) -> str:
    """Everything but the approval of the plan is there."""
    await road.placed(1)
    await road.agreed([1])
    await road.mentored([1])
    (plan,) = await road.drafted_plans([1])
    said = {"comments": "Good.", "agrees": True}
    await road.ok(road.post(road.people.trainee(1), f"/plans/{plan}/consult", said))
    road.on(date(2024, 7, 2))
    return str(plan)


@recipe(PLACEMENT, "arrive", "begin")
async def beginning(road: Any, _: str, action: str, target: str) -> None:
    plan = await _ready(road)
    path, body = f"/placements/{road.pid(1)}/arrive", {"arrived_on": "2024-07-01"}
    if action == "begin":
        await road.ok(road.post(road.people.host(), path, body))
        path, body = f"/plans/{plan}/approve", {}
    calls = [road.post(road.people.host(), path, body) for _ in (1, 2)]
    await one_effect(road, "placement", road.pid(1), target, calls)


@recipe(PLACEMENT, "suspend", "resume", "end", "return", "extend", "transfer")
async def at_the_host(road: Any, source: str, action: str, target: str) -> None:
    await _at_the_host(road, source)
    actor = {"transfer": road.people.ministry, "extend": road.people.region, "return": road.people.unit}.get(
        action, road.people.host()
    )
    body: dict[str, Any] = {
        "suspend": {"effective_on": "2024-11-01", "reason": "health"}, "resume": {"effective_on": "2024-12-01"},
        "end": {"ended_on": "2024-11-15", "reason": "health"}, "return": {"returned_on": "2024-11-10"},
        "extend": {"planned_end": "2025-08-31", "reason": "training_need"},
    }.get(action, {})  # fmt: skip
    if action == "transfer":
        await road.hosts(2)
        offer = (await road.ok(road.post(road.people.host(2), "/offers", road.offer_text(2, 1))))["id"]
        body = {"effective_on": "2024-11-01", "offer": offer, "reason": "host_unable"}
    calls = [road.post(actor, f"/placements/{road.pid(1)}/{action}", body) for _ in (1, 2)]
    await one_effect(road, "placement", road.pid(1), target, calls)


@recipe(PLACEMENT, "correct")
async def correcting(road: Any, source: str, _: str, target: str) -> None:
    await _at_the_host(road, source)
    if source == "returned_to_post":
        back = f"/placements/{road.pid(1)}/return"
        await road.ok(road.post(road.people.unit, back, {"returned_on": "2024-11-10"}))
    body = {"arrived_on": "2024-07-03", "reason": "clerical_error"}
    calls = [road.post(road.people.region, f"/placements/{road.pid(1)}/correct", body) for _ in (1, 2)]
    await one_effect(road, "placement", road.pid(1), target, calls)


@recipe(SEGMENT, "start", "close", "void")
async def of_segments(road: Any, source: str, action: str, target: str) -> None:
    actor, path, body = road.people.host(), "arrive", {"arrived_on": "2024-07-01"}
    if action == "start":
        await _ready(road)
    elif source == "planned":
        await road.placed(1)
        actor, path, body = road.people.ministry, "cancel", {"reason": "recalled"}
    else:
        await _at_the_host(road, "active")
        path, body = "end", {"ended_on": "2024-11-15", "reason": "health"}
    if (source, action) == ("active", "void"):
        more = {"planned_end": "2025-08-31", "reason": "training_need"}
        await road.ok(road.post(road.people.region, f"/placements/{road.pid(1)}/extend", more))
    found = await road.service.scalar(
        "SELECT id FROM segment WHERE placement = :id ORDER BY starts_on DESC LIMIT 1", id=UUID(road.pid(1))
    )
    calls = [road.post(actor, f"/placements/{road.pid(1)}/{path}", body) for _ in (1, 2)]
    await one_effect(road, "segment", str(found), target, calls)
