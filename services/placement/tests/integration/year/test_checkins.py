"""Welfare check-ins over the real routes: the person's own, and an input to nothing (D-04, domain.md 7.4)."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute

import placement
from placement.service import SERVICE
from placement.testing.checkins import Checkins
from placement.usecases.checkins.keep_checkins import forget
from shared.kernel.actor import Relation, Role
from shared.testing.actors import someone

SOURCE = Path(placement.__file__).parent
OWN = re.compile(r"^(domain|usecases)/checkins/|^adapters/db/checkins\.py$|/checkins\.py$|^testing/")
COMPOSING = {
    "adapters/http/routes/year/__init__.py", "adapters/http/policy/__init__.py", "adapters/http/messages/__init__.py",
    "adapters/db/year.py", "adapters/db/tables/__init__.py",
}  # fmt: skip
"""What puts the service together: it names the rooms and looks into none."""


def said(answer: Any) -> tuple[int, str]:
    body = answer.json()
    return answer.status_code, body["code"]


def contact(number: int = 1) -> Any:
    return someone(Role.MENTOR, subject=f"contact-{number}", organisation="hosts/H001")


async def everything_but_checkins(road: Any, actor: Any) -> str:
    """All that a caller reads of person 1 in any route besides those of check-ins, as one text."""
    routes = [route for router in SERVICE.routers for route in router.routes if isinstance(route, APIRoute)]
    paths = sorted(
        {r.path for r in routes if "GET" in (r.methods or ()) and not r.path.startswith("/v1/placement/checkins")}
    )
    told = []
    for path in paths:
        concrete = re.sub(r"\{\w+\}", road.pid(1), path)
        answer = await road.service.get(actor, concrete)
        if answer.status_code == 200 and not path.endswith(".xlsx"):  # a sheet says when it was written
            told.append(f"{path}: {answer.text}")
    return re.sub(r'"(watermark|next_cursor|as_of|at)":"[^"]*"', "", "\n".join(told))


async def test_a_need_is_seen_by_mentor_and_contact_and_by_nobody_else(road: Any) -> None:
    """Codes, started by the person, declinable later; 403 for every other role, 404 for another mentor."""
    await road.arrived(2)
    checkins = Checkins(road)
    await road.ok(road.post(road.people.host(), "/welfare-contacts", {"account": "contact-1"}))

    id = await checkins.asked("workload", "housing")

    for actor in (road.people.trainee(1), road.people.mentor(), contact()):
        seen = await road.ok(road.get(actor, f"/checkins/{id}"))
        assert (seen["needs"], seen["state"], seen["invited"]) == (["housing", "workload"], "asked", False)
    for actor in (
        road.people.trainee(2),
        someone(Role.MENTOR, subject="mentor-2", organisation="hosts/H001"),
        contact(2),
    ):
        assert (await road.get(actor, f"/checkins/{id}")).status_code == 404
        assert (await road.ok(road.get(actor, "/checkins")))["items"] == []
    others = set(Role) - {Role.APPLICANT, Role.MENTOR, Role.SYSTEM}
    for role in sorted(others):
        answer = await road.get(someone(role, subject="account-1", organisation="cn"), "/checkins")
        assert answer.status_code == (401 if role is Role.SERVICE else 403), role
    assert said(await road.post(road.people.trainee(2), f"/checkins/{id}/respond", {"answer": "withdraw"}))[0] == 404
    await road.ok(checkins.at(id, "take-up", None, contact()))
    await road.ok(road.post(road.people.host(), "/welfare-contacts", {"account": "contact-2"}))
    assert (await road.get(contact(), f"/checkins/{id}")).status_code == 404
    withdrawn = await road.ok(checkins.respond(id, "withdraw"))
    assert (withdrawn["state"], withdrawn["needs"]) == ("withdrawn", [])
    assert (await road.ok(road.get(road.people.mentor(), "/checkins")))["items"] == []


async def test_a_refusal_is_reported_nowhere(road: Any) -> None:
    """Declined, "all is well" and never answered look the same to everybody but the person: reads, events, audit."""
    await road.arrived(3)
    checkins = Checkins(road)
    road.on(date(2024, 10, 1))
    assert await checkins.clock() == 3
    await road.ok(road.get(road.people.ministry, f"/placements/{road.pid(1)}"))
    watchers = [
        road.people.mentor(), contact(), road.people.host(), road.people.unit, road.people.region, road.people.ministry,
        road.people.auditor, someone(Role.GROUP_LEADER, subject="account-1"), someone(Role.SERVICE),
    ]  # fmt: skip
    events = len(await road.service.outbox())
    before = [await everything_but_checkins(road, actor) for actor in watchers]
    audited = "SELECT count(*) FROM audit"
    entries = await road.service.scalar(audited)

    (one,), (two,) = await checkins.mine(1), await checkins.mine(2)
    await road.ok(checkins.respond(one["id"], "decline"))
    await road.ok(road.post(road.people.trainee(2), f"/checkins/{two['id']}/respond", {"answer": "well"}))

    assert [await everything_but_checkins(road, actor) for actor in watchers] == before
    assert len(await road.service.outbox()) == events
    for helper in (road.people.mentor(), contact()):
        assert (await road.ok(road.get(helper, "/checkins")))["items"] == []
        for id in (one["id"], two["id"]):
            assert (await road.get(helper, f"/checkins/{id}")).status_code == 404
            stale = await road.post(helper, f"/checkins/{id}/take-up", {}, if_match=77)
            assert said(stale) == (404, "not-found")
    new = await road.service.scalar(audited) - entries
    kinds = await road.service.scalar(
        "SELECT count(DISTINCT (action, outcome, details::text)) FROM audit WHERE action LIKE 'checkin%' "
        "AND object_id IN (:a, :b)", a=one["id"], b=two["id"],
    )  # fmt: skip
    assert (new >= 2, kinds) == (True, 1)


async def test_invitations_come_by_policy_and_end_with_the_term(road: Any) -> None:
    """Every three months from the arrival; none after the end; nobody owes anything; forgotten after twelve months."""
    await road.arrived(1)
    checkins = Checkins(road)
    days = [date(2024, 9, 30), date(2024, 10, 1), date(2024, 12, 31), date(2025, 1, 1), date(2025, 4, 1)]
    counts = []
    for day in days:
        road.on(day)
        counts.append(await checkins.clock())
    due = await road.ok(road.get(road.people.trainee(1), "/obligations"))
    road.on(date(2025, 6, 30))
    await road.ok(road.post(road.people.host(), "/endings", road.items([1], ended_on="2025-06-30")))
    lapsed = await checkins.clock()
    states = {each["state"] for each in await checkins.mine()}
    road.on(date(2026, 6, 30))
    kept = await checkins.clock(forget)
    road.on(date(2026, 7, 1))
    gone = await checkins.clock(forget)

    assert counts == [0, 1, 0, 1, 1]
    assert not [each for each in due["items"] if "check" in each["kind"]]
    assert (lapsed, states, kept, gone) == (3, {"lapsed"}, 0, 3)
    assert await checkins.mine() == []


async def test_needs_are_codes_of_a_closed_list(road: Any) -> None:
    """No other code, no text, no need without its answer; all problems, in both languages; not after the end."""
    await road.arrived(1)
    checkins = Checkins(road)
    person = road.people.trainee(1)
    body = {"participation": road.pid(1), "needs": ["housing"]}

    wrong = [
        await road.post(person, "/checkins", body | {"needs": ["opinion"]}),
        await road.post(person, "/checkins", body | {"needs": []}),
        await road.post(person, "/checkins", body | {"text": "I think"}),
        await road.post(person, "/checkins", body | {"needs": ["mood"]}, headers={"accept-language": "zh-CN"}),
    ]
    id = await checkins.asked("housing")
    twice = await road.post(person, "/checkins", body)
    mixed = await checkins.respond(id, "decline", "housing")
    late = await checkins.respond(id, "decline")

    assert {each.status_code for each in wrong} == {400}
    assert [said(each) for each in (twice, late)] == [(409, "asked-already"), (409, "wrong-state")]
    assert mixed.status_code == 400
    foreign = await road.post(road.people.trainee(2), "/checkins", body)
    assert foreign.status_code == 404


def test_nothing_outside_imports_checkins() -> None:
    """No use case of matching, term, report, group or inspection, no other route, source or query can reach them."""
    reached = set()
    looked = 0
    for path in SOURCE.rglob("*.py"):
        name = str(path.relative_to(SOURCE))
        if OWN.search(name) or name in COMPOSING or name.startswith("migrations/"):
            continue
        looked += 1
        tree = ast.parse(path.read_text(encoding="utf-8"))
        words = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        words |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                words |= {node.module or "", *(alias.name for alias in node.names)}
        if any(
            re.search(r"checkin(?!g|_rules|rules)|welfare_?contact", word, re.IGNORECASE)
            for word in words - {"CheckinRules", "checkins"}
        ):
            reached.add(name)
        if any(word.endswith(".checkins") for word in words):
            reached.add(name)

    assert looked > 150
    assert reached == set()


def test_the_policy_table_lets_nobody_else_near() -> None:
    """The person, by relation to oneself; the helpers, by being assigned; nothing else exists."""
    rules = {
        (role, rule.relation)
        for rule in SERVICE.policy.rules
        if rule.action.startswith("checkin.")
        for role in rule.roles
    }

    assert rules == {(Role.APPLICANT, Relation.SELF), (Role.MENTOR, Relation.ASSIGNED)}
