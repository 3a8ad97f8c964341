"""What bad input gets, at every route: 400, 403, 404, 409, 412, 422, and nothing half-written."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.routing import APIRoute

from placement.adapters.http.policy import POLICY
from placement.service import SERVICE
from placement.testing.ways import WAYS
from shared.http.guards import CommandGuard
from shared.http.uploads import UploadGuard
from shared.kernel.actor import Role
from shared.testing.actors import someone
from shared.testing.service import empty_tables

REPEATABLE = ("/consult", "/rewrite", "/matching-runs", "/change", "/course-completions")
"""Commands that may be given again while nothing else has happened."""


OWN_TESTS = tuple(f"/v1/placement/{noun}" for noun in ("jobs", "classes", "missions", "calendars", "hosts"))
"""Nouns whose commands are given in tests of their own; jobs are shared by every service, and the
first answer of a calendar has a secret that its repetition must not have."""


def commands(*, uploads: bool = True) -> list[tuple[str, str, str]]:
    """(method, path, action) of every changing route, with those that take a file or without."""
    found = []
    for router in SERVICE.routers:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            guards = [dependency.call for dependency in route.dependant.dependencies]
            found += [
                (next(iter(route.methods or ())), route.path, g.action)
                for g in guards
                if isinstance(g, CommandGuard) and (uploads or not isinstance(g, UploadGuard))
            ]
    return found


def concrete(path: str) -> str:
    """A path with every parameter filled in."""
    codes = path.replace("{code}", "H001").replace("{programme}", "p").replace("{version}", "v")
    return re.sub(r"\{\w+\}", str(UUID(int=1)), codes)


@pytest.mark.parametrize(("method", "path", "action"), commands())
async def test_a_role_without_a_rule_is_refused(service: Any, method: str, path: str, action: str) -> None:
    """Default deny: a role that no row names gets 403 at every command, nobody gets 401."""
    stranger = someone(Role.TREASURER, organisation="cn-treasury")

    refused = await service.call(stranger, method, concrete(path), {})
    unknown = await service.call(None, method, concrete(path), {})

    assert (refused.status_code, refused.json()["code"]) == (403, "wrong-role"), action
    assert unknown.status_code == 401


@pytest.mark.parametrize(("method", "path", "action"), commands(uploads=False))
async def test_unknown_members_are_refused(service: Any, method: str, path: str, action: str) -> None:
    """A member that no schema names gets 400 with a pointer to it."""
    roles = next(rule.roles for rule in POLICY.rules if rule.action == action)
    actor = someone(next(iter(roles)), organisation="cn/54")

    answer = await service.call(actor, method, concrete(path), {"surprise": 1})

    assert answer.status_code == 400, answer.text
    if action != "policy.apply":
        assert "/surprise" in [error.get("pointer") for error in answer.json()["errors"]]
    else:
        assert answer.json()["code"] == "policy-invalid"


DEPARTMENT = someone(Role.SECTOR_DEPARTMENT, organisation="sectors/health")


class StrictRoad:
    """Gives every command also stale, twice under one key, with another body under that key, and once more."""

    def __init__(self, road: Any) -> None:
        self.road, self.checked, self.calls = road, set[str](), road.post
        road.post = self.post

    async def post(self, actor: Any, path: str, body: Any = None, **more: Any) -> Any:
        """One command, with everything that may go wrong around it."""
        body = {} if body is None else body
        name = re.sub(r"[0-9a-f-]{36}", "{id}", path)
        if "{id}" in name:
            stale = await self.calls(actor, path, body, if_match=999)
            assert (stale.status_code, stale.json()["code"]) == (412, "stale-version"), (name, stale.text)
        key = str(uuid4())
        answer = await self.calls(actor, path, body, key=key, **more)
        if answer.status_code < 300:
            again = await self.calls(actor, path, body, key=key, **more)
            assert (again.status_code, again.content) == (answer.status_code, answer.content), name
            assert again.headers["idempotent-replayed"] == "true"
            other = await self.calls(actor, path, other_body(body), key=key)
            assert other.status_code in {400, 422}, (name, other.text)
            if other.status_code == 422:
                assert other.json()["code"] == "key-reused", name
            if not name.endswith(REPEATABLE):
                twice = await self.calls(actor, path, body)
                gone = {404} if name.endswith("/decline") else set()
                assert twice.status_code in {409, 422} | gone, (name, twice.text)
            self.checked.add(name)
        return answer


def other_body(body: dict[str, Any]) -> dict[str, Any]:
    """A valid body that differs, or one that does not fit when there is nothing to vary."""
    if body.get("items"):
        return {"items": [*body["items"], body["items"][0]]}
    return body | {"reason": "something else"} if "reason" in body else body | {"surprise": 1}


async def _the_common_way(road: Any) -> None:
    """From the offer to the return home, with a suspension and an extension."""
    numbers = await road.arrived(2)
    road.on(date(2024, 10, 1))
    for number in numbers:
        mine = await road.reports(road.people.trainee(number), period="1")
        await road.ok(road.post(road.people.trainee(number), f"/reports/{mine[0]['id']}/submit", {"text": "Work."}))
    ids = [r["id"] for r in await road.reports(road.people.unit, state="submitted")]
    await road.ok(road.post(road.people.unit, f"/reports/{ids[0]}/acknowledge"))
    await road.ok(road.post(road.people.region, "/acknowledgements", {"items": [{"report": ids[0]}]}))
    await road.ok(road.post(road.people.unit, f"/reports/{ids[1]}/return", {"reason": "Say more."}))
    first, reason = f"/placements/{road.pid(1)}", {"reason": "health"}
    await road.ok(road.post(road.people.host(), f"{first}/suspend", {"effective_on": "2024-08-01"} | reason))
    await road.ok(road.post(road.people.host(), f"{first}/resume", {"effective_on": "2024-08-11"}))
    await road.ok(road.post(road.people.region, f"{first}/extend", {"planned_end": "2025-09-30"} | reason))
    await road.ok(road.post(road.people.host(), f"{first}/end", {"ended_on": "2024-09-30"} | reason))
    await road.ok(road.post(road.people.unit, f"{first}/return", {"returned_on": "2024-10-01"}))
    await road.ok(road.post(road.people.region, "/endings", road.items([2], ended_on="2024-09-30", reason="family")))
    await road.ok(road.post(road.people.region, "/returns", road.items([2], returned_on="2024-10-01")))
    assert (await road.placement(1))["days_served"] == 31 + 51
    await road.ok(road.post(road.people.region, f"{first}/correct", {"arrived_on": "2024-07-02", "reason": "other"}))


async def _the_departments_way(road: Any) -> None:
    """One task done, two at once, one not needed (M-02)."""
    tasks = (await road.ok(road.get(DEPARTMENT, "/sector-tasks")))["items"]
    one, two, three, *_ = (task["id"] for task in tasks)
    await road.ok(road.post(DEPARTMENT, f"/sector-tasks/{one}/finish", {"done_on": "2024-03-01"}))
    items = {"items": [{"task": two, "done_on": "2024-03-01"}]}
    await road.ok(road.post(DEPARTMENT, "/sector-tasks/completions", items))
    await road.ok(road.post(DEPARTMENT, f"/sector-tasks/{three}/waive", {"reason": "The host did it."}))


async def _the_rare_ways(road: Any) -> None:
    """By hand, declined, discarded, refused, amended, revised, cancelled, not come, transferred."""
    people = road.people
    offers = await road.offers(4, 1)
    await road.receive(*(road.selected(n) for n in (1, 2, 3, 4)))
    run = await road.ok(road.post(people.ministry, "/matching-runs", {"session": "2024"}))
    await road.ok(road.post(people.ministry, f"/matching-runs/{run['id']}/discard"))
    for number in (1, 2, 3, 4):
        path = f"/placements/{road.pid(number)}"
        await road.ok(road.post(people.ministry, f"{path}/propose", {"host": "hosts/H001"}))
        if number == 4:
            await road.ok(road.post(people.host(), f"{path}/decline", {"reason": "other"}))
            continue
        await road.ok(road.post(people.host(), f"{path}/accept"))
        await road.ok(road.post(people.ministry, f"{path}/confirm"))
    await road.ok(road.post(people.host(), f"/offers/{offers[0]}/change", {"capacity": 5}))
    await road.ok(road.post(people.host(), f"/offers/{offers[0]}/close"))
    await _the_departments_way(road)
    refused = (await road.offered_agreements([1]))[0]
    await road.ok(road.post(people.trainee(1), f"/agreements/{refused}/refuse", {"reason": "Too long."}))
    agreed = (await road.agreed([1]))[0]
    await road.ok(road.post(people.region, "/agreements/filings", {"items": [{"agreement": agreed, "number": "T-1"}]}))
    terms = {"terms": road.TERMS, "reason": "Longer."}
    await road.ok(road.post(people.unit, f"/agreements/{agreed}/amendments", terms))
    plan = (await road.drafted_plans([1]))[0]
    await road.ok(road.post(people.trainee(1), f"/plans/{plan}/consult", {"comments": "Good.", "agrees": True}))
    await road.ok(road.post(people.host(), f"/plans/{plan}/approve"))
    await road.ok(road.post(people.host(), f"/plans/{plan}/revisions", road.plan_text(reason="More.")))
    await road.ok(road.post(people.region, f"/placements/{road.pid(2)}/cancel", {"reason": "recalled"}))
    road.on(date(2024, 8, 1))
    await road.ok(road.post(people.host(), f"/placements/{road.pid(1)}/arrive", {"arrived_on": "2024-07-01"}))
    no_show = {"noted_on": "2024-07-31", "reason": "other"}
    await road.ok(road.post(people.host(), f"/placements/{road.pid(3)}/no-show", no_show))
    transfer = {"effective_on": "2024-07-20", "offer": offers[1], "reason": "other"}
    await road.ok(road.post(people.ministry, f"/placements/{road.pid(1)}/transfer", transfer))


async def test_every_command_can_be_done_once(road: Any) -> None:
    """Stale version 412; same key same answer; same key other body 422; the same command again 409; for every POST."""
    strict = StrictRoad(road)

    await _the_common_way(road)
    await empty_tables(road.service)
    road.on(date(2024, 3, 1))
    await _the_rare_ways(road)
    for way in WAYS:
        await empty_tables(road.service)
        road.on(date(2024, 3, 1))
        await way(road)

    every = {
        re.sub(r"\{\w+\}", "{id}", path.removeprefix("/v1/placement"))
        for method, path, _ in commands(uploads=False)
        if method == "POST" and not path.startswith(OWN_TESTS)
    }
    assert strict.checked == every


CASES: list[tuple[str, str, str, dict[str, Any], int, str, str | None]] = [
    ("host", "post", "/offers", {"capacity": 0}, 400, "bad-request", None),
    ("host", "post", "/offers", {"specialty_group": "astrology"}, 400, "unknown-code", None),
    ("host", "post", "/offers", {"specialties": ["alchemy"]}, 400, "unknown-code", None),
    ("host", "post", "/offers", {"specialty_group": "culture"}, 422, "specialty-not-taught", "M-03"),
    ("host", "post", "/offers", {"policy_version": "batch-9"}, 404, "policy-missing", None),
    ("host", "post", "/offers", {}, 409, "offer-exists", None),
    ("host", "post", "/offers", {"host": "hosts/H002"}, 404, "not-found", None),
    ("ministry", "post", "/offers", {"host": "hosts/H099"}, 400, "unknown-host", None),
    ("host", "post", "/offers", {"host": "H001"}, 400, "bad-request", None),
]


@pytest.mark.parametrize(("who", "method", "path", "change", "status", "code", "rule"), CASES)
async def test_offers_that_cannot_be(
    road: Any, who: str, method: str, path: str, change: dict[str, Any], status: int, code: str, rule: str | None
) -> None:
    """Unknown codes, a host without the specialty, another's host, a second open offer."""
    await road.offers(3)
    actor = road.people.host() if who == "host" else road.people.ministry

    answer = await getattr(road, method)(actor, path, road.offer_text(1, 2) | change)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json().get("rule") == rule


async def test_registers_report_every_problem_at_once(road: Any) -> None:
    """All errors with pointers, in the caller's language, and nothing is kept."""
    lines = [road.host_line(1, province="99"), road.host_line(2, path="hosts/H009"), road.host_line(3)]

    answer = await road.put(
        road.people.operator, "/hosts", {"items": [*lines, road.host_line(3)]}, headers={"accept-language": "zh-CN"}
    )

    assert answer.status_code == 400
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/items/0/province", "unknown-province"),
        ("/items/1/path", "path-mismatch"),
        ("/items/3/code", "duplicate-item"),
    ]
    assert answer.json()["errors"][2]["detail"] == "清单中该项重复。"
    assert await road.service.scalar("SELECT count(*) FROM host") == 0


async def test_policies_are_checked_and_frozen_by_use(road: Any) -> None:
    """P-08: schema problems with pointers, the parent first, same content again unchanged, used ones immutable."""
    whole, part = road.content("batch-3"), road.content("batch-4")
    base = f"/policies/{whole['programme']}"
    operator = road.people.operator

    orphan = await road.put(operator, f"{base}/batch-4", part)
    broken = await road.put(operator, f"{base}/batch-3", whole | {"reports": {"every_months": 0}})
    elsewhere = await road.put(operator, f"{base}/batch-5", whole)
    await road.policies()
    same = await road.put(operator, f"{base}/batch-4", part)
    await road.hosts(1)
    await road.ok(road.post(road.people.host(), "/offers", road.offer_text(1, 1)))
    changed = await road.put(operator, f"{base}/batch-4", part | {"arrival": {"grace_days": 9}})

    assert (orphan.status_code, orphan.json()["code"]) == (422, "parent-missing")
    assert broken.status_code == 400
    assert {e["pointer"] for e in broken.json()["errors"]} == {"/reports", "/reports/every_months"}
    assert elsewhere.json()["code"] == "path-mismatch"
    assert same.status_code == 200
    assert same.json()["effective"]["arrival"] == {"requires": ["agreement"], "earliest_days": 14, "grace_days": 7}
    assert (changed.status_code, changed.json()["code"]) == (409, "policy-used")


async def test_lists_are_all_or_nothing(road: Any) -> None:
    """A list with a foreign, an unknown and a doubled person changes nobody, and says what is wrong with each."""
    await road.proposed(3, 2, 2)
    mine = [n for n in (1, 2, 3) if (await road.placement(n))["host"] == "hosts/H001"]
    foreign = next(n for n in (1, 2, 3) if n not in mine)

    answer = await road.post(road.people.host(), "/decisions", road.items([mine[0], foreign], decision="accept"))
    unknown = await road.post(
        road.people.host(), "/decisions", road.items([mine[0], 77, 77, mine[0]], decision="accept")
    )

    assert (answer.status_code, [e["pointer"] for e in answer.json()["errors"]]) == (404, ["/items/1/participation"])
    assert [(e["pointer"], e["code"]) for e in unknown.json()["errors"]] == [
        ("/items/0/participation", "duplicate-item"),
        ("/items/1/participation", "not-found"),
        ("/items/2/participation", "not-found"),
        ("/items/3/participation", "duplicate-item"),
    ]
    assert (await road.placement(mine[0]))["state"] == "proposed"
    assert await road.service.scalar("SELECT sum(accepted) FROM offer") == 0
