"""Races for study reports."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.domain.reports import REPORT
from placement.testing.races import duty, one_effect, put_into, raced, recipe
from placement.usecases.reports.handle_reports import mark_overdue

raced(REPORT)


async def _report(road: Any, source: str) -> str:
    await road.arrived(1)
    id = str((await road.reports(road.people.trainee(1), period="1"))[0]["id"])
    if source == "submitted":
        await road.ok(road.post(road.people.trainee(1), f"/reports/{id}/submit", {"text": "Work."}))
    else:
        await put_into(road, "report", id, source)
    return id


@recipe(REPORT, "submit", "acknowledge", "complete", "return")
async def by_people(road: Any, source: str, action: str, target: str) -> None:
    id = await _report(road, source)
    actor = road.people.trainee(1) if action == "submit" else road.people.unit
    if action == "complete":
        await road.ok(road.post(road.people.region, f"/reports/{id}/acknowledge"))
    verb = "acknowledge" if action == "complete" else action
    body = {"submit": {"text": "Work."}, "return": {"reason": "Too short."}}.get(action)
    await one_effect(road, "report", id, target, [road.post(actor, f"/reports/{id}/{verb}", body) for _ in (1, 2)])


@recipe(REPORT, "mark-overdue")
async def by_the_clock(road: Any, source: str, _: str, target: str) -> None:
    id = await _report(road, source)
    road.on(date(2024, 10, 16))
    await one_effect(road, "report", id, target, [duty(road, mark_overdue, number) for number in (1, 2)])


@recipe(REPORT, "lapse")
async def with_the_placement(road: Any, source: str, _: str, target: str) -> None:
    id = await _report(road, source)
    road.on(date(2024, 9, 1))
    path, body = f"/placements/{road.pid(1)}/end", {"ended_on": "2024-09-01", "reason": "health"}
    await one_effect(road, "report", id, target, [road.post(road.people.host(), path, body) for _ in (1, 2)])
