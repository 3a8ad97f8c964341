"""Races for study groups, their reports and meetings."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.domain.groups.group import GROUP
from placement.domain.groups.meetings import MEETING
from placement.domain.groups.reports import GROUP_REPORT
from placement.testing.groups import Groups
from placement.testing.races import duty, one_effect, put_into, raced, recipe
from placement.usecases.groups.form_groups import let_go
from placement.usecases.groups.report_for_groups import mark_group_reports_overdue

raced(GROUP, GROUP_REPORT, MEETING)


async def _group(road: Any, source: str, people: int = 3, members: int = 2) -> tuple[Groups, str]:
    await road.arrived(people)
    groups = Groups(road)
    id = await groups.formed([road.pid(n) for n in range(1, members + 1)], reason="a small province")
    if source != "formed":
        await groups.led(id, 1)
    if source == "active":
        await road.ok(road.post(road.people.region, f"/groups/{id}/activate"))
    return groups, id


@recipe(GROUP, "appoint-leader", "activate", "change-members", "dissolve")
async def by_the_region(road: Any, source: str, action: str, target: str) -> None:
    groups, id = await _group(road, source)
    path = {"change-members": "members"}.get(action, action)
    bodies: dict[str, Any] = {
        "appoint-leader": {"participation": road.pid(2), "reason": "unit_need"},
        "change-members": groups.member(3),
        "dissolve": {"reason": "unit_need"},
    }
    calls = [road.post(road.people.region, f"/groups/{id}/{path}", bodies.get(action)) for _ in (1, 2)]
    await one_effect(road, "study_group", id, target, calls)


@recipe(GROUP, "lose-leader")
async def with_the_leader(road: Any, source: str, _: str, target: str) -> None:
    _groups, id = await _group(road, source)
    road.on(date(2024, 9, 1))
    ended = road.items([1], ended_on="2024-09-01", reason="health")
    await road.ok(road.post(road.people.host(), "/endings", ended))
    await one_effect(road, "study_group", id, target, [duty(road, let_go, number) for number in (1, 2)])


async def _report(road: Any, source: str) -> tuple[Groups, str, str]:
    groups, id = await _group(road, "active")
    report = await groups.report(id, groups.leader(1))
    if source == "submitted":
        await road.ok(road.post(groups.leader(1), f"/group-reports/{report}/submit", {"text": "Work."}))
    else:
        await put_into(road, "group_report", report, source)
    return groups, id, report


@recipe(GROUP_REPORT, "submit", "acknowledge", "complete", "return")
async def of_reports(road: Any, source: str, action: str, target: str) -> None:
    groups, _, id = await _report(road, source)
    actor = groups.leader(1) if action == "submit" else road.people.unit
    if action == "complete":
        await road.ok(road.post(road.people.region, f"/group-reports/{id}/acknowledge"))
    verb = "acknowledge" if action == "complete" else action
    body = {"submit": {"text": "Work."}, "return": {"reason": "Too short."}}.get(action)
    calls = [road.post(actor, f"/group-reports/{id}/{verb}", body) for _ in (1, 2)]
    await one_effect(road, "group_report", id, target, calls)


@recipe(GROUP_REPORT, "mark-overdue")
async def of_late_reports(road: Any, source: str, _: str, target: str) -> None:
    _groups, _id, report = await _report(road, source)
    road.on(date(2024, 10, 20))
    calls = [duty(road, mark_group_reports_overdue, number) for number in (1, 2)]
    await one_effect(road, "group_report", report, target, calls)


@recipe(GROUP_REPORT, "lapse")
async def of_lapsing_reports(road: Any, source: str, _: str, target: str) -> None:
    _groups, id, report = await _report(road, source)
    path, body = f"/groups/{id}/dissolve", {"reason": "unit_need"}
    calls = [road.post(road.people.region, path, body) for _ in (1, 2)]
    await one_effect(road, "group_report", report, target, calls)


@recipe(MEETING, "call-off")
async def of_meetings(road: Any, _: str, __: str, target: str) -> None:
    groups, id = await _group(road, "active")
    body = {"starts_at": "2024-08-01T09:00:00+08:00", "place": "Room 3"}
    meeting = (await road.ok(road.post(groups.leader(1), f"/groups/{id}/meetings", body)))["id"]
    calls = [road.post(groups.leader(1), f"/group-meetings/{meeting}/call-off") for _ in (1, 2)]
    await one_effect(road, "group_meeting", meeting, target, calls)
