"""Races for expert missions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from placement.domain.missions.mission import MISSION
from placement.testing.mission_road import BEGIN, END, MissionRoad
from placement.testing.races import one_effect, put_into, raced, recipe

raced(MISSION)


@recipe(MISSION, "decline", "plan", "form-team", "approve", "depart", "report", "close")
async def of_missions(road: Any, source: str, action: str, target: str) -> None:
    """Two officers (or the region and the leader) do the same at once."""
    mission = MissionRoad(road)
    await mission.requested()
    if action in ("approve", "depart", "report", "close"):
        await mission.ok(mission.region, "/plan", mission.plan())
        await mission.ok(mission.region, "/team", mission.team())
    await put_into(road, "mission", mission.id, source)
    mission.on(BEGIN)
    if action in ("report", "close"):
        async with road.service.running.engine.begin() as connection:
            await connection.execute(text("UPDATE mission SET departed_on = '2024-06-10', returned_on = '2024-06-18'"))
        mission.on(END)
    version = (await road.ok(mission.get(mission.region)))["version"]
    body = {
        "decline": {"reason": "No experts."}, "plan": mission.plan(), "form-team": mission.team(),
        "depart": {"departed_on": str(BEGIN)}, "report": mission.report(),
    }.get(action)  # fmt: skip
    path = "/team" if action == "form-team" else f"/{action}"
    first = mission.ministry if action == "approve" else mission.region
    second = mission.expert(1) if action == "report" else first
    calls = [mission.post(each, path, body, if_match=version) for each in (first, second)]
    await one_effect(road, "mission", mission.id, target, calls)
