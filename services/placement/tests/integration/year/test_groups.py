"""Study groups over the real routes: formed, led, reporting, and what their leaders do not get (D-01, D-02)."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from placement.testing.groups import Groups
from placement.usecases.groups.form_groups import let_go
from placement.usecases.groups.report_for_groups import mark_group_reports_overdue
from shared.kernel.actor import Role
from shared.testing.actors import someone


def said(answer: Any) -> tuple[int, str]:
    body = answer.json()
    return answer.status_code, body["code"]


async def background(road: Any, act: Any) -> int:
    async with road.service.running.system_unit(f"test:{act.__name__}:{uuid4()}") as unit:
        done: int = await act(unit)
    return done


async def test_a_proposal_is_confirmed_and_led(road: Any) -> None:
    """Proposed by nearness, formed by the region, led by a member, begun: the group's reports are due by policy."""
    await road.arrived(12)
    groups = Groups(road)

    (proposed,) = (await road.ok(road.get(road.people.region, "/group-proposal?session=2024")))["groups"]
    id = await groups.formed(proposed["participations"])
    early = await road.post(road.people.region, f"/groups/{id}/activate")
    await groups.led(id, 3)
    active = await road.ok(road.post(road.people.region, f"/groups/{id}/activate"))

    assert (proposed["size"], proposed["fits"], proposed["hosts"]) == (12, True, ["hosts/H001"])
    assert said(early) == (409, "wrong-state")
    assert (active["state"], active["leader"], active["size_fits"]) == ("active", road.pid(3), True)
    assert (await road.ok(road.get(road.people.region, "/group-proposal?session=2024")))["groups"] == []
    reports = (await road.ok(road.get(groups.leader(3), f"/group-reports?group={id}")))["items"]
    assert sorted(each["due_on"] for each in reports) == ["2024-10-16", "2025-01-16", "2025-04-16", "2025-07-15"]
    changes = [(e["participation"], e["change"]) for e in await road.heard("group.changed")]
    assert changes.count((road.pid(3), "leader_appointed")) == 1
    assert len(changes) == 13


async def test_leaders_are_members_and_changes_are_logged(road: Any) -> None:
    """D-01: not an outsider, not for any reason; every change has a dated line that nobody changes."""
    await road.arrived(11)
    groups = Groups(road)
    id = await groups.formed([road.pid(n) for n in range(1, 11)])

    outsider = await groups.appoint(id, 11)
    unknown = await groups.appoint(id, 1, reason="mood")
    await groups.led(id, 1)
    again = await groups.appoint(id, 1)
    await road.ok(groups.appoint(id, 2, reason="health"))
    await road.ok(road.post(road.people.region, f"/groups/{id}/members", groups.member(11)))
    twice = await road.post(road.people.region, f"/groups/{id}/members", groups.member(11))
    gone = await road.ok(
        road.post(road.people.region, f"/groups/{id}/members/{road.pid(2)}/remove", {"reason": "health"})
    )

    assert [said(each) for each in (outsider, unknown, again, twice)] == [
        (422, "leader-not-a-member"), (400, "unknown-reason"), (409, "leads-already"), (409, "in-a-group"),
    ]  # fmt: skip
    assert (gone["state"], gone["leader"], gone["size"]) == ("formed", None, 10)
    log = (await road.ok(road.get(road.people.region, f"/groups/{id}/log")))["items"]
    assert [(line["change"], line["reason"]) for line in log[10:]] == [
        ("leader_appointed", "unit_need"), ("leader_replaced", "health"), ("leader_appointed", "health"),
        ("joined", "unit_need"), ("left", "health"),
    ]  # fmt: skip
    for statement in ("UPDATE group_log SET reason = 'x'", "DELETE FROM group_log"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with road.service.running.engine.begin() as connection:
                await connection.execute(text(statement))


async def test_all_that_is_wrong_with_a_formation_is_told_at_once(road: Any) -> None:
    """Nobody twice, nobody unplaced or of another region, a size with a reason; nothing half-done; in both languages."""
    await road.arrived(12)
    groups = Groups(road)
    pids = [road.pid(n) for n in range(1, 13)]
    body = {"items": [
        {"name": "1", "participations": pids[:5]},
        {"name": "2", "participations": [pids[5], pids[5], road.pid(77)]},
    ]}  # fmt: skip

    refused = await road.post(road.people.region, "/groups", body)
    chinese = await road.post(road.people.region, "/groups", body, headers={"accept-language": "zh-CN"})
    other = await road.post(someone(Role.REGIONAL_OFFICER, organisation="cn/65"), "/groups", groups.body(pids))
    unit = await road.post(road.people.unit, "/groups", groups.body(pids))

    assert [(e["code"], e["pointer"]) for e in refused.json()["errors"]] == [
        ("group-size", "/items/0"), ("duplicate-item", "/items/1/participations/1"),
        ("unknown-participation", "/items/1/participations/2"),
    ]  # fmt: skip
    assert chinese.status_code == refused.status_code
    assert (other.status_code, unit.status_code) == (404, 403)
    assert await road.service.scalar("SELECT count(*) FROM study_group") == 0
    assert (await groups.form(pids[:5], reason="五人同在一省")).status_code == 201


async def test_one_active_group_for_one_placement_whoever_comes_first(road: Any) -> None:
    """Two formations racing for the same people: one group."""
    await road.arrived(10)
    pids = [road.pid(n) for n in range(1, 11)]
    groups = Groups(road)

    answers = await asyncio.gather(groups.form(pids, name="a"), groups.form(pids, name="b"))

    assert sorted(each.status_code for each in answers) == [201, 409]
    assert await road.service.scalar("SELECT count(*) FROM group_membership WHERE left_on IS NULL") == 10


async def test_members_leave_with_their_placement(road: Any) -> None:
    """D-01: the end of the term is the end of the membership; the last one ends the group, its reports lapse."""
    await road.arrived(2)
    groups = Groups(road)
    id = await groups.active([1, 2], leader=1)
    road.on(date(2024, 9, 1))
    body = road.items([1], ended_on="2024-09-01", reason="health")
    await road.ok(road.post(road.people.host(), "/endings", body))

    left = await background(road, let_go)
    led = await road.ok(road.get(road.people.region, f"/groups/{id}"))
    await road.ok(road.post(road.people.host(), "/endings", road.items([2], ended_on="2024-09-01", reason="health")))
    await background(road, let_go)

    assert (left, led["state"], led["leader"], led["size"], led["size_fits"]) == (1, "formed", None, 1, False)
    assert (await road.ok(road.get(road.people.region, f"/groups/{id}")))["state"] == "dissolved"
    states = {each["state"] for each in (await road.ok(road.get(road.people.region, "/group-reports")))["items"]}
    assert states == {"lapsed"}


async def test_a_group_stays_until_its_last_report_is_in(road: Any) -> None:
    """D-02: the report on the last period is due after the term; whoever served the term stays for it."""
    await road.arrived(2)
    groups = Groups(road)
    id = await groups.active([1, 2], leader=1)
    road.on(date(2025, 7, 1))
    await road.ok(road.post(road.people.host(), "/endings", road.items([1, 2], ended_on="2025-06-30")))

    stayed = await background(road, let_go)
    for report in (await road.ok(road.get(road.people.region, f"/group-reports?group={id}")))["items"]:
        await road.ok(road.post(road.people.trainee(1), f"/group-reports/{report['id']}/submit", {"text": "Work."}))
    left = await background(road, let_go)

    assert (stayed, left) == (0, 2)
    assert (await road.ok(road.get(road.people.region, f"/groups/{id}")))["state"] == "dissolved"


async def test_group_reports_go_to_the_region_and_the_units(road: Any) -> None:
    """D-02: by the leader alone, whom the appointment entitles without a role in the token; overdue by the clock; each office for itself; returned ones are read anew."""
    await road.arrived(2)
    groups = Groups(road)
    id = await groups.active([1, 2], leader=1)
    leader = groups.leader(1)
    report = await groups.report(id, leader)
    path = f"/group-reports/{report}"
    written = {"text": "All is well on the wards.", "reference": "doc-7", "attachment_sha256": "ab" * 32}

    other = await road.post(groups.leader(2), f"{path}/submit", written)
    assert said(other)[0] == 404
    road.on(date(2024, 11, 1))
    assert await background(road, mark_group_reports_overdue) == 1
    due = (await road.ok(road.get(leader, "/obligations?mine=true")))["items"]
    assert {each["kind"] for each in due} == {"submit-group-report"}
    assert due[0]["urgency"] == "overdue"
    assert (await road.post(road.people.trainee(2), f"{path}/submit", written)).status_code == 404
    handed = await road.ok(road.post(road.people.trainee(1), f"{path}/submit", written))
    assert handed["recipients"] == ["cn/54", "cn/54/5401/U0001"]
    waiting = await road.ok(road.get(road.people.unit, "/obligations?kind=acknowledge-group-report"))
    assert len(waiting["items"]) == 1
    await road.ok(road.post(road.people.unit, f"{path}/acknowledge"))
    assert said(await road.post(road.people.unit, f"{path}/acknowledge")) == (409, "acknowledged-already")
    assert said(await road.post(road.people.other_unit, f"{path}/acknowledge"))[0] == 404
    await road.ok(road.post(road.people.region, f"{path}/return", {"reason": "Which wards?"}))
    await road.ok(road.post(leader, f"{path}/submit", written))
    await road.ok(road.post(road.people.unit, f"{path}/acknowledge"))
    done = await road.ok(road.post(road.people.region, f"{path}/acknowledge"))
    assert (done["state"], done["attachment_sha256"]) == ("acknowledged", "ab" * 32)
    for outsider in (road.people.host(), road.people.mentor(), road.people.ministry):
        assert (await road.get(outsider, path)).status_code == 403
    bad = await road.post(
        leader, f"{path}/submit", written | {"attachment_sha256": "no"}, headers={"accept-language": "zh-CN"}
    )
    assert bad.status_code == 400


async def test_leaders_schedule_and_collect_and_no_more(road: Any) -> None:
    """domain.md 7.4: meetings, and which reports are missing: never a text, never another's report."""
    await road.arrived(2)
    groups = Groups(road)
    id = await groups.active([1, 2], leader=1)
    leader = groups.leader(1)

    body = {"starts_at": "2024-07-10T09:00:00+08:00", "place": "Room 3"}
    meeting = await road.ok(road.post(leader, f"/groups/{id}/meetings", body))
    past = await road.post(leader, f"/groups/{id}/meetings", body | {"starts_at": "2024-07-01T09:00:00+08:00"})
    lines = (await road.ok(road.get(leader, f"/groups/{id}/collection")))["items"]

    assert said(past) == (422, "meeting-in-past")
    assert {tuple(line) for line in lines} == {("participation", "period", "due_on", "state")}
    assert {line["participation"] for line in lines} == {road.pid(1), road.pid(2)}
    seen = (await road.ok(road.get(road.people.trainee(2), "/group-meetings")))["items"]
    assert [each["id"] for each in seen] == [meeting["id"]]
    await road.ok(road.post(leader, f"/group-meetings/{meeting['id']}/call-off"))
    assert (await road.get(leader, "/reports")).status_code == 403
    assert (await road.get(groups.leader(2), f"/groups/{id}/collection")).status_code == 404
    assert (await road.get(someone(Role.APPLICANT, subject="account-9"), f"/groups/{id}")).status_code == 404
