"""Races for the tasks of sector departments and for addresses of calendars."""

from __future__ import annotations

from typing import Any

from placement.domain.calendars import CALENDAR
from placement.domain.hosts import HOST
from placement.domain.sectors import SECTOR_TASK
from placement.testing.races import one_effect, put_into, raced, recipe
from shared.kernel.actor import Role
from shared.testing.actors import someone

raced(SECTOR_TASK, CALENDAR, HOST)
DEPARTMENT = someone(Role.SECTOR_DEPARTMENT, organisation="sectors/health")


@recipe(SECTOR_TASK, "finish", "waive", "lapse")
async def of_tasks(road: Any, _: str, action: str, target: str) -> None:
    await road.placed(1)
    task = (await road.ok(road.get(DEPARTMENT, "/sector-tasks")))["items"][0]["id"]
    actor, path, body = DEPARTMENT, f"/sector-tasks/{task}/{action}", {"done_on": "2024-03-01"}
    if action == "waive":
        body = {"reason": "The host has done it."}
    elif action == "lapse":
        actor, path, body = road.people.region, f"/placements/{road.pid(1)}/cancel", {"reason": "recalled"}
    calls = [road.post(actor, path, body) for _ in (1, 2)]
    await one_effect(road, "sector_task", task, target, calls)


@recipe(CALENDAR, "rotate", "revoke")
async def of_calendars(road: Any, _: str, action: str, target: str) -> None:
    made = await road.ok(road.post(road.people.unit, "/calendars"))
    path = f"/calendars/{made['id']}/{action}"
    calls = [road.post(road.people.unit, path, if_match=made["version"]) for _ in (1, 2)]
    await one_effect(road, "calendar", made["id"], target, calls)


@recipe(HOST, "pause", "resume", "close")
async def of_hosts(road: Any, source: str, action: str, target: str) -> None:
    await road.hosts(1)
    host = await road.service.scalar("SELECT id FROM host")
    await put_into(road, "host", str(host), source)
    calls = [road.post(road.people.ministry, f"/hosts/H001/{action}") for _ in (1, 2)]
    await one_effect(road, "host", str(host), target, calls)
