"""Inspections over the real routes: hidden until conducted, about the delivery of training alone (D-03, domain.md 7.4)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from fastapi.routing import APIRoute

from placement.service import SERVICE
from placement.testing.inspections import Inspections
from shared.kernel.actor import Role
from shared.testing.actors import someone


def said(answer: Any) -> tuple[int, str]:
    body = answer.json()
    return answer.status_code, body["code"]


def reading_routes() -> list[str]:
    """Every path of the service that is read."""
    routes = [route for router in SERVICE.routers for route in router.routes if isinstance(route, APIRoute)]
    return sorted({route.path for route in routes if "GET" in (route.methods or ())})


def inspected(road: Any) -> dict[str, Any]:
    """Everybody who must not know, with the token that sees most of that kind."""
    return {
        "host": road.people.host(), "trainee": road.people.trainee(1), "unit": road.people.unit,
        "mentor": road.people.mentor(), "leader": someone(Role.GROUP_LEADER, subject="account-1"),
        "other region": someone(Role.REGIONAL_OFFICER, organisation="cn/65"),
        "service": someone(Role.SERVICE), "agency": someone(Role.AGENCY), "assessor": someone(Role.ASSESSOR),
        "reviewer": someone(Role.LOCAL_REVIEWER, organisation="cn/54"),
        "finance": someone(Role.FINANCE_APPROVER), "issuer": someone(Role.ISSUER),
    }  # fmt: skip


async def traces(road: Any, words: list[str], ids: list[str], within: str = "") -> list[tuple[str, str]]:
    """(who, path) of every answer to any of the inspected in which one of ``words`` stands."""
    found = []
    for who, actor in inspected(road).items():
        for path in (each for each in reading_routes() if within in each):
            for id in ids:
                concrete = re.sub(r"\{(code|host_code)\}", "H001", path)
                concrete = concrete.replace("{programme}", "tibet-special-training").replace("{version}", "batch-4")
                concrete = re.sub(r"\{\w+\}", id, concrete)
                answer = await road.service.get(actor, f"{concrete}?session=2024")
                if any(word in answer.text for word in words):
                    found.append((who, concrete))
                if "{" not in path:
                    break
    return found


async def test_what_is_planned_exists_for_nobody_who_is_inspected(road: Any) -> None:
    """Every role, every reading route, every command, events and statistics: no trace before it was conducted."""
    await road.arrived(1)
    inspections = Inspections(road)
    draw = await road.ok(road.post(road.people.region, "/inspection-draws", inspections.which))
    id = await inspections.planned("2024-09-17")

    seen = await traces(road, [id, "2024-09-17", draw["id"], draw["seed"], "conduct-inspection"], [id, road.pid(1)])

    assert len(reading_routes()) > 30
    assert seen == []
    for actor in (road.people.host(), road.people.trainee(1), road.people.mentor(), road.people.unit):
        assert (await road.get(actor, f"/inspections/{id}")).status_code == 404
        assert (await road.ok(road.get(actor, "/inspections")))["items"] == []
    answer = await inspections.at(id, "answer", inspections.answers("2024-07-02", 1), road.people.host())
    stale = await road.post(
        road.people.host(), f"/inspections/{id}/answer", inspections.answers("2024-07-02", 1), if_match=9
    )
    assert (said(answer), said(stale)) == ((404, "not-found"), (404, "not-found"))
    assert id not in str(await road.service.outbox())
    mine = (await road.ok(road.get(road.people.region, "/obligations?kind=conduct-inspection")))["items"]
    assert [(each["subject"], each["due_on"]) for each in mine] == [(id, "2024-09-17")]


async def test_the_test_of_traces_finds_what_it_looks_for(road: Any) -> None:
    """Once it was conducted, host, trainee, unit and mentor read it: the walk above would have seen it."""
    await road.arrived(1)
    inspections = Inspections(road)
    road.on(date(2024, 9, 17))
    id = await inspections.brought("conducted", "2024-09-17")

    seen = await traces(road, [id], [id], "inspection")

    assert {who for who, path in seen if path == "/v1/placement/inspections"} == {"host", "trainee", "unit", "mentor"}


async def test_findings_are_put_right_by_code_and_day(road: Any) -> None:
    """Closed lists with a day by severity; the host answers all, the region may ask again, then it is closed."""
    await road.arrived(1)
    inspections = Inspections(road)
    road.on(date(2024, 9, 17))
    id = await inspections.planned("2024-09-17")
    early = await inspections.at(id, "conduct", {"conducted_on": "2024-09-18"})
    await road.ok(inspections.at(id, "conduct", {"conducted_on": "2024-09-17"}))
    opinion = await inspections.at(id, "findings", {"items": [{"code": "bad_attitude", "severity": "major"}]})
    found = await road.ok(inspections.at(id, "findings", inspections.found))
    due = (await road.ok(road.get(road.people.host(), "/obligations?kind=answer-findings")))["items"]
    half = await road.ok(inspections.at(id, "answer", inspections.answers("2024-09-17", 1), road.people.host()))
    open_still = await inspections.at(id, "close")
    stranger = await inspections.at(id, "answer", inspections.answers("2024-09-17", 1), road.people.host(2))
    await road.ok(inspections.at(id, "answer", inspections.answers("2024-09-17", 2), road.people.host()))
    again = await road.ok(inspections.at(id, "demand", {"numbers": [1]}))
    await road.ok(inspections.at(id, "answer", inspections.answers("2024-09-17", 1), road.people.host()))
    closed = await road.ok(inspections.at(id, "close"))

    assert (said(early), said(opinion)) == ((422, "date-in-future"), (400, "unknown-finding"))
    assert [each["due_on"] for each in found["findings"]] == ["2024-10-17", "2024-10-01"]
    assert [each["due_on"] for each in due] == ["2024-10-01"]
    assert (half["state"], half["due_on"]) == ("rectifying", "2024-10-01")
    assert (said(open_still), stranger.status_code) == ((422, "findings-open"), 404)
    assert (again["state"], again["findings"][0]["measure"]) == ("findings", None)
    assert (closed["state"], closed["closed_on"], closed["due_on"]) == ("closed", "2024-09-17", None)
    (told,) = await road.heard("inspection.closed")
    assert (told["inspection"], told["findings"], told["severe"]) == (id, ["mentor_absent", "plan_missing"], 1)


async def test_a_draw_proposes_and_a_person_confirms(road: Any) -> None:
    """20 % of six hosts, rounded up: two, on days of their own; nothing is planned before somebody confirms."""
    await road.proposed(6, *([1] * 6))
    for n in range(1, 7):
        held = (await road.placement(n))["host"]
        number = int(held.removeprefix("hosts/H"))
        await road.ok(road.post(road.people.host(number), "/decisions", road.items([n], decision="accept")))
    await road.ok(road.post(road.people.ministry, "/confirmations", road.items(range(1, 7))))
    inspections, region = Inspections(road), road.people.region

    draw = await road.ok(road.post(region, "/inspection-draws", inspections.which))
    nothing = (await road.ok(road.get(region, "/inspections")))["items"]
    open_one = await road.post(region, "/inspection-draws", inspections.which)
    await road.ok(road.post(region, f"/inspection-draws/{draw['id']}/confirm"))
    planned = (await road.ok(road.get(region, "/inspections")))["items"]
    reached = await road.post(region, "/inspection-draws", inspections.which)
    foreign = await road.post(
        someone(Role.REGIONAL_OFFICER, organisation="cn/65"), "/inspection-draws", inspections.which
    )

    assert (len(draw["drawn"]), nothing) == (2, [])
    assert {(each["host"], each["planned_on"]) for each in planned} == {
        (each["host"], each["planned_on"]) for each in draw["drawn"]
    }
    assert [said(each) for each in (open_one, reached, foreign)] == [
        (409, "draw-open"), (422, "nothing-to-inspect"), (422, "nothing-to-inspect"),
    ]  # fmt: skip


def test_no_member_of_an_inspection_speaks_of_a_person() -> None:
    """The published schemas: every text is a code, a hash or a path; nothing names an account, a person or a view."""
    from fastapi import FastAPI

    app = FastAPI(separate_input_output_schemas=False)
    for router in SERVICE.routers:
        app.include_router(router)
    schemas = {name: s for name, s in app.openapi()["components"]["schemas"].items() if name.startswith("Inspection")}
    members = {member for schema in schemas.values() for member in schema.get("properties", {})}
    incoming = {n: s for n, s in schemas.items() if n.endswith("In")}

    assert len(schemas) > 12
    assert not [
        m for m in members if re.search(r"person|account|participation|trainee|view|opinion|note|text|comment", m)
    ]
    for name, schema in incoming.items():
        for member, says in schema["properties"].items():
            options = says.get("anyOf", [says])
            texts = [each for each in options if each.get("type") == "string"]
            assert all({"pattern", "enum", "format"} & set(each) for each in texts), (name, member)
