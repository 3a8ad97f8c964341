"""Expert missions over the real routes: the way of one, the golden numbers, whereabouts, bad input."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from placement.testing.mission_road import BEGIN, END, PROGRAMME, MissionRoad
from shared.kernel.actor import Role
from shared.testing.actors import someone


@pytest.fixture
def mission(road: Any) -> MissionRoad:
    """A mission on the road."""
    return MissionRoad(road)


async def test_a_mission_from_the_request_to_the_outcome(mission: MissionRoad, road: Any) -> None:
    """X-01, X-02: experts of selection are placed, arrive and end with the team; the world hears of each."""
    await mission.in_field(chosen=5)
    await mission.ok(mission.expert(1), "/activities", {"items": [mission.activity()]})
    five = ("consulting", "lecture", "training", "technical_guidance")
    items = [mission.activity(kind=kind, beneficiaries=[{"kind": "technicians", "count": 30}]) for kind in five]
    await mission.ok(mission.region, "/activities", {"items": items})
    mission.on(END)
    reported = await mission.ok(mission.expert(1), "/report", mission.report())
    closed = await mission.ok(mission.region, "/close")

    assert (reported["report_due_on"], reported["state"], closed["state"]) == ("2024-07-18", "reported", "closed")
    told = await road.heard("mission.completed")
    assert {each["participation"] for each in told} == {road.pid(n) for n in range(1, 6)}
    assert {(each["days"], each["mission"], each["completed_on"]) for each in told} == {(9, mission.id, str(END))}
    assert {each["host"] for each in await road.heard("placed")} == {"cn/54"}
    assert {(each["kind"], each["days_served"]) for each in await road.heard("placement.ended")} == {("normal", 9)}
    (year,) = (await road.ok(road.get(road.people.auditor, f"/mission-years?programme={PROGRAMME}")))["items"]
    assert (year["planned"], year["closed"], year["experts"], year["technologies"]) == (2, 1, 14, 1)
    assert year["activities"] == dict.fromkeys(("free_clinic", *five), 1)
    assert year["beneficiaries"] == [
        {"kind": "patients", "count": 120, "precision": "about"},
        {"kind": "technicians", "count": 120, "precision": "exact"},
    ]


async def test_fifteen_missions_of_fourteen(mission: MissionRoad, road: Any) -> None:
    """domain.md 1.5: 15 missions, 210 experts; one a year in the third batch, two a year in the fourth (P-06, P-07)."""
    await mission.policies()
    plan = [("batch-3", year) for year in range(2019, 2024)] + [("batch-4", y) for y in range(2024, 2029) for _ in "12"]
    for number, (batch, year) in enumerate(plan):
        mission.on(BEGIN.replace(year=year, month=1))
        days = {"wanted_from": f"{year}-06-01", "wanted_until": f"{year}-06-30"}
        text = mission.text(policy_version=batch, batch=batch, session=str(year), **days)
        mission.id = (await road.ok(road.post(mission.locality, "/missions", text)))["id"]
        stops = [{"day": f"{year}-06-11", "county": "540402"}]
        await mission.ok(
            mission.region, "/plan", {"starts_on": f"{year}-06-10", "ends_on": f"{year}-06-18", "itinerary": stops}
        )
        await mission.ok(mission.region, "/team", mission.team(14, first=1000 + 14 * number))
        await mission.ok(mission.ministry, "/approve")

    years = (await road.ok(road.get(road.people.ministry, "/mission-years")))["items"]

    assert [(y["year"], y["planned"], y["approved"]) for y in years] == [
        *((year, 1, 1) for year in range(2019, 2024)), *((year, 2, 2) for year in range(2024, 2029)),
    ]  # fmt: skip
    assert (sum(y["approved"] for y in years), sum(y["experts"] for y in years)) == (15, 210)


async def test_whereabouts_are_told_to_few(mission: MissionRoad, road: Any) -> None:
    """The team, the region and the locality know where the team is; the ministry does not, others see nothing."""
    await mission.in_field()
    await mission.ok(mission.region, "/activities", {"items": [mission.activity()]})
    seen = {}
    for name, actor in {
        "region": mission.region, "locality": mission.locality, "expert": mission.expert(3),
        "ministry": mission.ministry, "auditor": road.people.auditor,
    }.items():  # fmt: skip
        shown = await road.ok(mission.get(actor))
        done = (await road.ok(mission.get(actor, "/activities")))["items"][0]
        seen[name] = (shown["itinerary"] is not None, done["county"] is not None)
    strangers = [
        someone(Role.LOCAL_REVIEWER, organisation="cn/54/5401"), someone(Role.REGIONAL_OFFICER, organisation="cn/65"),
        someone(Role.APPLICANT, subject="account-99"),
    ]  # fmt: skip

    assert seen == {
        "region": (True, True), "locality": (True, True), "expert": (True, True),
        "ministry": (False, False), "auditor": (False, False),
    }  # fmt: skip
    assert [(await mission.get(each)).status_code for each in strangers] == [404, 404, 404]
    assert [len((await road.ok(road.get(each, "/missions")))["items"]) for each in strangers] == [0, 0, 0]
    foreign = await mission.post(strangers[1], "/close")
    assert foreign.status_code == 404
    for payload in await road.service.outbox():
        assert "540402" not in str(payload)


async def test_all_problems_of_a_mission_at_once(mission: MissionRoad, road: Any) -> None:
    """Request, itinerary, team, activities, report: a pointer for everything, in both languages, nothing written."""
    await mission.requested()
    bad = mission.text(
        locality="cn/65/6501", needs=[{"topic": "magic", "kind": "parade"}], wanted_until="2024-05-01", session="x"
    )
    asked = await road.post(mission.region, "/missions", bad)
    stops = [{"day": "2024-06-30", "county": "540402"}, {"day": "2024-06-30", "county": "540402"}]
    planned = await mission.post(mission.region, "/plan", mission.plan(itinerary=stops))
    early = await mission.post(mission.region, "/team", mission.team())
    await mission.ok(mission.region, "/plan", mission.plan())
    small = await mission.post(mission.region, "/team", mission.team(3))
    twice = mission.team(5)
    twice["items"][1]["account"] = "account-1"
    twice["items"][2]["participation"] = str(UUID(int=5))
    doubled = await mission.post(mission.region, "/team", twice)
    headless = {"items": [item | {"leads": False} for item in mission.team(5)["items"]]}
    leaderless = await road.service.post(
        mission.region, f"/v1/placement/missions/{mission.id}/team", headless, headers={"accept-language": "zh-CN"}
    )

    assert [e["pointer"] for e in asked.json()["errors"]] == [
        "/locality", "/wanted_until", "/needs/0/topic", "/needs/0/kind",
    ]  # fmt: skip
    assert [(e["pointer"], e["code"]) for e in planned.json()["errors"]] == [
        ("/itinerary/0/day", "outside-mission"), ("/itinerary/1/day", "outside-mission"),
        ("/itinerary/1/day", "duplicate-item"),
    ]  # fmt: skip
    assert (early.status_code, early.json()["code"]) == (409, "wrong-state")
    assert (small.status_code, small.json()["code"], small.json()["rule"]) == (422, "team-size", "P-06")
    assert [(e["pointer"], e["code"]) for e in doubled.json()["errors"]] == [
        ("/items/0/account", "duplicate-item"), ("/items/1/account", "duplicate-item"),
        ("/items/2/participation", "not-found"),
    ]  # fmt: skip
    assert leaderless.json()["detail"] == "服务团须有且只有一名团长。"
    assert await road.service.scalar("SELECT count(*) FROM mission_expert") == 0

    await mission.ok(mission.region, "/team", mission.team())
    await mission.ok(mission.region, "/team", mission.team(6))
    await mission.ok(mission.ministry, "/approve")
    late = await mission.post(mission.region, "/depart", {"departed_on": "2025-06-10"})
    idle = await mission.post(mission.region, "/activities", {"items": [mission.activity()]})
    mission.on(BEGIN)
    await mission.ok(mission.region, "/depart", {"departed_on": str(BEGIN)})
    wrong = mission.activity(kind="parade", held_on="2024-06-01", experts=["account-1", "account-77"],
                             beneficiaries=[{"kind": "ghosts", "count": 1}])  # fmt: skip
    done = await mission.post(mission.region, "/activities", {"items": [mission.activity(), wrong]})
    not_leading = await mission.post(mission.expert(2), "/report", mission.report())
    future = await mission.post(mission.expert(1), "/report", mission.report())

    assert [late.json()["code"], idle.json()["code"], not_leading.json()["code"], future.json()["code"]] == [
        "date-in-future", "mission-not-in-field", "not-the-leader", "date-in-future",
    ]  # fmt: skip
    assert [(e["pointer"], e["code"]) for e in done.json()["errors"]] == [
        ("/items/1/kind", "unknown-kind"), ("/items/1/held_on", "outside-mission"),
        ("/items/1/experts/1", "not-in-team"), ("/items/1/beneficiaries/0/kind", "unknown-code"),
    ]  # fmt: skip
    assert await road.service.scalar("SELECT count(*) FROM mission_activity") == 0


async def test_an_expert_who_left_stops_the_approval(mission: MissionRoad, road: Any) -> None:
    """Selection's withdrawal: the team is named anew; nothing was placed."""
    await mission.requested()
    await road.receive(*(mission.selected(n) for n in range(1, 7)))
    await mission.ok(mission.region, "/plan", mission.plan())
    await mission.ok(mission.region, "/team", mission.team(6, chosen=6))
    await road.receive(road.withdrawn(2))

    refused = await mission.post(mission.ministry, "/approve")
    await mission.ok(mission.region, "/team", {"items": [i for i in mission.team(6, chosen=6)["items"]
                                                         if i["account"] != "account-2"]})  # fmt: skip
    await mission.ok(mission.ministry, "/approve")

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, f"/team/{road.pid(2)}")
    assert len(await road.heard("placed")) == 5


async def test_every_command_of_a_mission_can_be_done_once(mission: MissionRoad, road: Any) -> None:
    """Stale 412, the same key the same answer, unknown mission 404, wrong role 403."""
    done: set[str] = set()
    plain = road.post
    nobody = someone(Role.TREASURER)

    async def strict(actor: Any, path: str, body: Any = None, **more: Any) -> Any:
        name = re.sub(r"[0-9a-f-]{36}", "{id}", path)
        if "{id}" not in name:
            return await plain(actor, path, body, **more)
        unknown = await plain(actor, path.replace(mission.id, str(UUID(int=9))), body)
        stale, denied = await plain(actor, path, body, if_match=999), await plain(nobody, path, body)
        key = str(uuid4())
        first, second = await plain(actor, path, body, key=key), await plain(actor, path, body, key=key)
        assert (unknown.status_code, stale.status_code, denied.status_code) == (404, 412, 403), name
        assert (first.status_code < 300, second.content) == (True, first.content), first.text
        done.add(name.rpartition("/")[2])
        return first

    road.post = strict
    await mission.in_field()
    await mission.ok(mission.region, "/activities", {"items": [mission.activity()]})
    mission.on(END)
    await mission.ok(mission.expert(1), "/report", mission.report())
    await mission.ok(mission.region, "/close")
    await mission.requested()
    await mission.ok(mission.region, "/decline", {"reason": "No experts this year."})
    road.post = plain

    assert done == {"plan", "team", "approve", "depart", "activities", "report", "close", "decline"}


async def test_what_a_mission_makes_due(mission: MissionRoad, road: Any) -> None:
    """The request, the approval and the report each stand in the list of who owes them, and of nobody else."""

    async def owed(actor: Any) -> set[tuple[str, str]]:
        due = (await road.ok(road.get(actor, "/obligations?mine=true")))["items"]
        return {(each["kind"], each["due_on"]) for each in due}

    await mission.requested()
    asked = await owed(mission.region)
    await mission.ok(mission.region, "/plan", mission.plan())
    await mission.ok(mission.region, "/team", mission.team())
    to_approve = await owed(mission.ministry)
    await mission.ok(mission.ministry, "/approve")
    mission.on(BEGIN)
    await mission.ok(mission.region, "/depart", {"departed_on": str(BEGIN)})

    assert asked == {("answer-mission-request", "2024-06-01")}
    assert to_approve == {("approve-mission", "2024-06-10")}
    assert await owed(mission.expert(1)) == {("file-mission-report", "2024-07-18")}
    assert await owed(mission.expert(2)) == set()
