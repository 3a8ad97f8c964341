"""Obligations: feeds, pages, escalation once per step, tasks of departments, calendars under a secret address."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import text

from placement.usecases.escalations.raise_overdue import raise_overdue
from shared.kernel.actor import Role
from shared.testing.actors import someone

Calendar: Any = icalendar.Calendar
HEALTH = someone(Role.SECTOR_DEPARTMENT, organisation="sectors/health")
HEALTH_11 = someone(Role.SECTOR_DEPARTMENT, subject="health-11", organisation="sectors/health/11")
EDUCATION = someone(Role.SECTOR_DEPARTMENT, subject="education", organisation="sectors/education")


async def due(road: Any, actor: Any, query: str = "") -> list[dict[str, Any]]:
    """The items of a feed."""
    items: list[dict[str, Any]] = (await road.ok(road.get(actor, f"/obligations?{query}")))["items"]
    return items


async def clock_strikes(road: Any, number: int = 0) -> int:
    """One turn of the duty that escalates."""
    async with road.service.running.system_unit(f"duty:escalations:{road.service.clock.at}:{number}") as work:
        return await raise_overdue(work)


async def test_a_feed_is_paged_by_day_and_filtered(road: Any) -> None:
    """3.1 no. 14: the earliest first, every page the next, nothing twice; a foreign cursor is refused."""
    await road.arrived(3)
    road.on(date(2024, 10, 20))
    whole = await due(road, road.people.region, "limit=500")
    assert len(whole) == 12
    assert [item["due_on"] for item in whole] == sorted(item["due_on"] for item in whole)

    found, cursor = [], ""
    while True:
        page = await road.ok(road.get(road.people.region, f"/obligations?limit=5{cursor}"))
        found += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert [item["id"] for item in found] == [item["id"] for item in whole]
    assert len(await due(road, road.people.region, "overdue=true")) == 3
    assert len(await due(road, road.people.region, "until=2025-01-31")) == 6
    assert len(await due(road, road.people.region, "session=2024&host=hosts/H001&owed_by=trainee")) == 12
    assert await due(road, road.people.region, "session=2023") == []
    assert await due(road, road.people.region, "kind=make-coffee") == []
    assert {item["urgency"] for item in whole} == {"overdue", "upcoming"}
    assert whole[0]["due_at"] == "2024-10-16T00:00:00+08:00"
    report = await road.ok(road.get(road.people.region, whole[0]["link"].removeprefix("/v1/placement")))
    assert report["id"] == whole[0]["subject"]
    foreign = await road.get(road.people.region, f"/obligations?limit=5&overdue=true{cursor}")
    assert (foreign.status_code, foreign.json()["code"]) == (400, "bad-cursor")
    assert (await road.get(someone(Role.TREASURER), "/obligations")).status_code == 403


async def test_what_is_overdue_is_raised_once_per_step(road: Any) -> None:
    """Unit after 7 days, region after 14, ministry after 30: on that day, once, under repetition, races and restarts."""
    await road.arrived(2)
    tasks = (await road.ok(road.get(HEALTH, "/sector-tasks")))["items"]
    items = [{"task": task["id"], "done_on": "2024-07-01"} for task in tasks]
    await road.ok(road.post(HEALTH, "/sector-tasks/completions", {"items": items}))
    raised: list[tuple[str, str, int]] = []
    for day in (date(2024, 10, 15) + timedelta(days=n) for n in (0, 6, 7, 8, 13, 14, 15, 29, 30, 31)):
        road.on(day)
        counts = await asyncio.gather(*(clock_strikes(road, n) for n in (1, 2)), return_exceptions=True)
        await clock_strikes(road, 3)
        assert sum(count for count in counts if isinstance(count, int)) in (0, 2)
    async with road.service.running.engine.connect() as connection:
        rows = await connection.execute(text("SELECT office, raised_on, step FROM escalation ORDER BY raised_on, id"))
        raised = [(row.office, str(row.raised_on), row.step) for row in rows]

    assert raised == [
        *[("sending_unit", "2024-10-22", 1)] * 2, *[("region", "2024-10-29", 2)] * 2, *[("ministry", "2024-11-14", 3)] * 2,
    ]  # fmt: skip
    assert {tuple(i["escalated_to"]) for i in await due(road, road.people.ministry, "mine=true")} == {
        ("sending_unit", "region", "ministry")
    }
    assert len(await due(road, road.people.unit, "mine=true")) == 2
    first = (await road.reports(road.people.trainee(1), period="1"))[0]["id"]
    await road.ok(road.post(road.people.trainee(1), f"/reports/{first}/submit", {"text": "Late work."}))
    assert [i["kind"] for i in await due(road, road.people.ministry, "mine=true")] == ["submit-report"]
    assert await road.service.scalar("SELECT count(*) FROM audit WHERE action = 'obligation.escalated'") == 6


async def test_policies_without_steps_escalate_nothing(road: Any) -> None:
    """An older policy has no such member and still reads."""
    for version in ("batch-3", "batch-4"):
        old = {k: v for k, v in road.content(version).items() if k not in {"escalation", "sector_tasks", "deadlines"}}
        await road.ok(road.put(road.people.operator, f"/policies/tibet-special-training/{version}", old))
    await road.hosts(1)
    await road.ok(road.post(road.people.host(), "/offers", road.offer_text(1, 1)))
    await road.receive(road.selected(1))
    run = await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": "2024"}))
    await road.ok(road.post(road.people.ministry, f"/matching-runs/{run['id']}/confirm"))
    road.on(date(2025, 3, 1))

    assert [i["due_on"] for i in await due(road, road.people.ministry)] == ["2024-03-15"]
    assert await clock_strikes(road) == 0
    assert await due(road, HEALTH) == []


@pytest.mark.parametrize(
    ("member", "value", "pointer"),
    [
        ("escalation", [{"after_days": 0, "to": "region"}], "/escalation/0/after_days"),
        ("escalation", [{"after_days": 3, "to": "host"}], "/escalation/0/to"),
        ("sector_tasks", [{"code": "reception", "from": "birth", "days": 1}], "/sector_tasks/0/from"),
        ("deadlines", {"decide-proposal": -1}, "/deadlines/decide-proposal"),
    ],
)
async def test_policies_are_checked(road: Any, member: str, value: Any, pointer: str) -> None:
    """Every problem has a pointer."""
    content = road.content("batch-3") | {member: value}

    answer = await road.put(road.people.operator, "/policies/tibet-special-training/batch-3", content)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


async def test_departments_of_the_hosts_sector_have_tasks(road: Any) -> None:
    """M-02: their own and those below them, in their feed; done, not needed with a reason, lapsed with the placement."""
    await road.placed(2)
    feed = await due(road, HEALTH, "mine=true")
    assert [i["due_on"] for i in feed] == [d for d in ("2024-06-17", "2024-07-01", "2024-07-31") for _ in (1, 2)]
    assert len(await due(road, HEALTH_11)) == 6
    assert await due(road, EDUCATION) == []
    assert [i["kind"] for i in await due(road, road.people.region) if "sector" in i["kind"]] == []
    tasks = (await road.ok(road.get(HEALTH, f"/sector-tasks?participation={road.pid(1)}")))["items"]
    assert {task["department"] for task in tasks} == {"sectors/health/11"}
    task = tasks[0]["id"]

    assert (await road.get(EDUCATION, f"/sector-tasks/{task}")).status_code == 404
    foreign = await road.post(EDUCATION, f"/sector-tasks/{task}/finish", {"done_on": "2024-03-01"})
    future = await road.post(HEALTH, f"/sector-tasks/{task}/finish", {"done_on": "2024-03-02"})
    host = await road.post(road.people.host(), f"/sector-tasks/{task}/finish", {"done_on": "2024-03-01"})
    items = [{"task": each["id"], "done_on": "2024-03-02"} for each in tasks]
    many = await road.post(HEALTH, "/sector-tasks/completions", {"items": items}, headers={"accept-language": "zh-CN"})
    assert (foreign.status_code, host.status_code) == (404, 403)
    assert (future.status_code, future.json()["code"]) == (422, "date-in-future")
    assert [e["pointer"] for e in many.json()["errors"]] == ["/items/0", "/items/1", "/items/2"]
    assert many.json()["errors"][0]["detail"] == "实际日期不得晚于今天。"

    done = await road.ok(road.post(HEALTH, f"/sector-tasks/{task}/finish", {"done_on": "2024-03-01"}))
    waived = await road.ok(
        road.post(road.people.ministry, f"/sector-tasks/{tasks[1]['id']}/waive", {"reason": "Not for this host."})
    )
    await road.ok(road.post(road.people.region, f"/placements/{road.pid(1)}/cancel", {"reason": "recalled"}))
    assert (done["state"], done["allowed_actions"], waived["state"]) == ("done", [], "not_needed")
    states = [
        t["state"] for t in (await road.ok(road.get(HEALTH, f"/sector-tasks?participation={road.pid(1)}")))["items"]
    ]
    assert sorted(states) == ["done", "lapsed", "not_needed"]


async def test_a_transfer_gives_the_tasks_to_the_new_hosts_department(road: Any) -> None:
    """M-02: what was open lapses; the department of the new host has the list anew, due from the transfer on."""
    await road.arrived(1)
    line = road.host_line(2, sector="education", province="31")
    await road.ok(road.put(road.people.operator, "/hosts", {"items": [line]}))
    offer = (await road.ok(road.post(road.people.host(2), "/offers", road.offer_text(2, 1))))["id"]
    road.on(date(2024, 8, 10))
    body = {"effective_on": "2024-08-01", "offer": offer, "reason": "host_unable"}
    await road.ok(road.post(road.people.ministry, f"/placements/{road.pid(1)}/transfer", body))

    assert await due(road, HEALTH) == []
    assert [i["due_on"] for i in await due(road, EDUCATION)] == ["2024-08-01"] * 3


async def test_a_calendar_is_stable_and_says_nothing_of_persons(road: Any) -> None:
    """RFC 5545: the same UID while it is owed, a higher SEQUENCE when it changes, an ETag; codes and ids only."""
    await road.arrived(1)
    trainee = road.people.trainee(1)
    path = "/v1/placement/obligations/calendar.ics"
    first = await road.service.get(trainee, path, headers={"accept-language": "zh-CN"})
    same = await road.service.get(
        trainee, path, headers={"accept-language": "zh-CN", "if-none-match": first.headers["etag"]}
    )
    assert (first.status_code, first.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert (same.status_code, same.content) == (304, b"")
    todos = {str(t["uid"]): t for t in Calendar.from_ical(first.content).walk("VTODO")}
    assert len(todos) == 4
    assert {str(t["summary"]) for t in todos.values()} == {"提交学习报告"}
    assert min(str(t["due"].dt) for t in todos.values()) == "2024-10-15"
    assert b"account" not in first.content
    assert b"U0001" not in first.content

    report = (await road.reports(trainee, period="1"))[0]["id"]
    await road.ok(road.post(trainee, f"/reports/{report}/submit", {"text": "Work."}))
    await road.ok(road.post(road.people.unit, f"/reports/{report}/return", {"reason": "More."}))
    after = await road.service.get(trainee, f"{path}?as=event", headers={"if-none-match": first.headers["etag"]})
    events = {str(e["uid"]): e for e in Calendar.from_ical(after.content).walk("VEVENT")}
    assert events.keys() == todos.keys()
    risen = [uid for uid in events if events[uid]["sequence"] > todos[uid]["sequence"]]
    assert len(risen) == 1
    assert str(events[risen[0]]["summary"]) == "Hand in a study report"
    assert (await road.get(someone(Role.TREASURER), "/obligations/calendar.ics")).status_code == 403


async def test_a_secret_address_shows_the_owners_calendar_until_it_is_changed(road: Any) -> None:
    """Unguessable, kept as a hash, rotated, revoked, too old after 400 days; the secret is shown once."""
    await road.arrived(1)
    trainee = road.people.trainee(1)
    made = await road.post(trainee, "/calendars", key="my-key")
    again = await road.post(trainee, "/calendars", key="my-key")
    path = made.json()["path"]
    assert made.status_code == 201
    assert (again.json()["id"], again.json()["path"]) == (made.json()["id"], None)
    assert (await road.post(trainee, "/calendars")).json()["code"] == "calendar-exists"
    feed = await road.service.get(None, path)
    assert len(Calendar.from_ical(feed.content).walk("VEVENT")) == 4
    assert (await road.service.get(None, path, headers={"if-none-match": feed.headers["etag"]})).status_code == 304
    token = path.rpartition("/")[2].removesuffix(".ics")
    everything = await road.service.scalar(
        "SELECT coalesce((SELECT string_agg(c::text, '') FROM calendar c), '') "
        "|| coalesce((SELECT string_agg(convert_from(response, 'UTF8'), '') FROM idempotency), '') "
        "|| coalesce((SELECT string_agg(a::text, '') FROM audit a), '')"
    )
    assert token not in everything
    assert len(token) == 43

    id = made.json()["id"]
    assert (await road.post(road.people.trainee(2), f"/calendars/{id}/rotate")).status_code == 404
    rotated = await road.ok(road.post(trainee, f"/calendars/{id}/rotate"))
    assert (await road.service.get(None, path)).status_code == 404
    assert (await road.service.get(None, rotated["path"])).status_code == 200
    assert (await road.service.get(None, f"/v1/placement/calendars/feed/{'A' * 43}.ics")).status_code == 404
    assert (await road.service.get(None, "/v1/placement/calendars/feed/short.ics")).status_code == 400
    assert [c["path"] for c in (await road.ok(road.get(trainee, "/calendars")))["items"]] == [None]
    road.on(date(2025, 8, 7))
    assert (await road.service.get(None, rotated["path"])).status_code == 404
    road.on(date(2024, 8, 1))
    await road.ok(road.post(trainee, f"/calendars/{id}/revoke"))
    assert (await road.service.get(None, rotated["path"])).status_code == 404
    assert (await road.ok(road.post(trainee, "/calendars")))["id"] != id
