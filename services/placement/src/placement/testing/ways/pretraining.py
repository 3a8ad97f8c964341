"""The way of pre-training: planned, invited to, attended, called off."""

from __future__ import annotations

from datetime import date
from typing import Any

EVENT: dict[str, Any] = {
    "programme": "tibet-special-training", "policy_version": "batch-4", "session": "2024", "areas": ["5401"],
    "place": "5401", "starts_on": "2024-06-10", "ends_on": "2024-06-12",
}  # fmt: skip


async def planned(road: Any, **more: Any) -> str:
    """The id of a planned event."""
    return str((await road.ok(road.post(road.people.region, "/pre-trainings", EVENT | more)))["id"])


async def invited(road: Any) -> str:
    """The id of an event to which everybody concerned is invited."""
    id = await planned(road)
    await road.ok(road.post(road.people.region, f"/pre-trainings/{id}/invitations", {}))
    return id


async def pre_training(road: Any) -> None:
    """One event is held, another called off."""
    region = road.people.region
    await road.placed(2)
    id = await invited(road)
    days = {"place": "5402", "starts_on": "2024-06-11", "ends_on": "2024-06-13"}
    await road.ok(road.post(region, f"/pre-trainings/{id}/change", days))
    road.on(date(2024, 6, 14))
    attended = {"items": [{"participation": road.pid(1), "attended": True}]}
    await road.ok(road.post(region, f"/pre-trainings/{id}/attendance", attended))
    other = await planned(road)
    await road.ok(road.post(region, f"/pre-trainings/{other}/cancel", {"reason": "Snow."}))
