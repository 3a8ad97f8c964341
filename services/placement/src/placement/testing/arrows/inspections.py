"""Races for inspections and their draws."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.domain.inspections.drawing import DRAW
from placement.domain.inspections.inspection import INSPECTION
from placement.testing.inspections import Inspections
from placement.testing.races import one_effect, raced, recipe

raced(INSPECTION, DRAW)


@recipe(INSPECTION, "reschedule", "cancel", "conduct", "find", "answer", "demand", "close")
async def of_inspections(road: Any, source: str, action: str, target: str) -> None:
    await road.arrived(1)
    road.on(date(2024, 9, 17))
    inspections = Inspections(road)
    id = await inspections.brought(source, "2024-09-17")
    bodies: dict[str, Any] = {
        "reschedule": {"planned_on": "2024-10-01"},
        "conduct": {"conducted_on": "2024-09-17"},
        "find": inspections.found,
        "answer": inspections.answers("2024-09-16", 1),
        "demand": {"numbers": [1]},
    }
    verb = "findings" if action == "find" else action
    actor = road.people.host() if action == "answer" else road.people.region
    version = await road.service.scalar("SELECT version FROM inspection")
    path = f"/inspections/{id}/{verb}"
    calls = [road.post(actor, path, bodies.get(action), if_match=version) for _ in (1, 2)]
    await one_effect(road, "inspection", id, target, calls)


@recipe(DRAW, "confirm", "discard")
async def of_draws(road: Any, _: str, action: str, target: str) -> None:
    await road.arrived(1)
    inspections = Inspections(road)
    draw = await road.ok(road.post(road.people.region, "/inspection-draws", inspections.which))
    calls = [road.post(road.people.region, f"/inspection-draws/{draw['id']}/{action}") for _ in (1, 2)]
    await one_effect(road, "inspection_draw", draw["id"], target, calls)
