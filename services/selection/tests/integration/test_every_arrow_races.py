"""Two at once on every arrow of every lifecycle: one effect, one version, one set of events.

The arrows come from the tables that the code obeys; an arrow without a recipe here fails.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from selection.domain.applying.lifecycle import APPLICATION
from selection.domain.applying.recommendation import RECOMMENDATION
from selection.domain.panel.panel import PANEL
from selection.domain.programmes.call import CALL
from selection.domain.quota.seat import SEAT
from selection.domain.roster.roster import ROSTER
from selection.domain.roster.run import RUN
from selection.domain.roster.vacancy import VACANCY
from selection.usecases.following.release_reserve import release_reserve
from selection.usecases.leaving.keep_vacancies import keep_vacancies
from selection.usecases.seating.reserve_seats import expire_seats
from shared.contracts.assessment import CertificateRevoked, Certified
from shared.contracts.placement import PlacementEnded
from shared.kernel.refusals import Conflict

LIFECYCLES = (APPLICATION, RECOMMENDATION, CALL, PANEL, RUN, ROSTER, SEAT, VACANCY)
ARROWS = {f"{table.name}: {t.source} {t.action}": (table.name, t) for table in LIFECYCLES for t in table.transitions}
RECIPES: dict[tuple[str, str], Callable[[Any, str], Awaitable[Any]]] = {}
"""(lifecycle, action) → brings things into the source state and lets two race; checks with ``one_effect``."""
ASK = {"reserve": {"size": 60, "confirmation": "required", "answer_days": 3}}
LEFT = (404, 409, 412, 422)


def recipe(lifecycle: Any, *actions: str) -> Callable[[Any], Any]:
    def keep(act: Any) -> Any:
        RECIPES.update({(lifecycle.name, action): act for action in actions})
        return act

    return keep


async def state(road: Any, table: str, id: str) -> Any:
    return await road.service.scalar(f"SELECT state FROM {table} WHERE id = :id", id=UUID(id))


async def one_effect(road: Any, table: str, id: str, target: str, calls: list[Any], *, again: bool = False) -> None:
    """Race ``calls``: one succeeds (``again``: a repetition may, without effect), the version rises once, nothing twice."""
    version = f"SELECT version FROM {table} WHERE id = :id"
    before, told = await road.service.scalar(version, id=UUID(id)), len(await road.service.outbox())
    answers = await asyncio.gather(*calls)

    codes = [each.status_code if isinstance(each, httpx.Response) else 200 if each else 409 for each in answers]
    assert await state(road, table, id) == target, codes
    won = sum(code < 300 for code in codes)
    assert won == 1 or (again and won == len(codes)), [getattr(each, "text", each) for each in answers]
    assert all(code < 300 or code in LEFT for code in codes), codes
    after = await road.service.scalar(version, id=UUID(id))
    assert after == before + 1 or (table == "vacancy" and after > before)
    events = (await road.service.outbox())[told:]
    subjects = Counter((each["type"], each.get("participation") or each.get("roster")) for each in events)
    assert not [key for key, count in subjects.items() if count > 1 and key[0] != "roster.fixed"], subjects


async def duty(road: Any, act: Any, number: int) -> int:
    """One process's turn at a duty; a deadlock is this process's loss, it comes again."""
    try:
        async with road.service.running.system_unit(f"race:{act.__name__}:{number}") as unit:
            done: int = await act(unit)
    except DBAPIError:
        return 0
    return done


async def put_into(road: Any, table: str, id: str, target: str) -> None:
    async with road.service.running.engine.begin() as connection:
        await connection.execute(text(f"UPDATE {table} SET state = :s WHERE id = :id"), {"s": target, "id": UUID(id)})


def both(road: Any, path: str, body: Any = None) -> list[Any]:
    return [road.post(each, path, body) for each in (road.people.region, road.people.second)]


async def an_application(road: Any, source: str) -> str:
    await road.opened(2, required_steps=[])
    id = str(await road.drafted(0))
    if source != "draft":
        await road.ok(road.post(road.accounts[id], f"/applications/{id}/submit"))
        await put_into(road, "application", id, source)
    return id


@recipe(APPLICATION, "correct", "submit", "withdraw")
async def by_the_applicant(road: Any, source: str, action: str, target: str) -> None:
    id = await an_application(road, source)
    version = await road.service.scalar("SELECT version FROM application")
    body = {"correct": road.kit.statement(0, years_of_service=20), "withdraw": {"reason": "work"}}.get(action)
    path = f"/applications/{id}/{action}"
    calls = [road.post(road.accounts[id], path, body, if_match=version) for _ in range(2)]
    await one_effect(road, "application", id, target, calls)


@recipe(APPLICATION, "return", "reject", "approve")
async def by_the_reviewer(road: Any, source: str, action: str, target: str) -> None:
    id = await an_application(road, source)
    reason = {} if action == "approve" else {"reason": "documents-incomplete"}
    body = {"items": [{"application": id, "decision": action} | reason]}
    reviewer = road.people.reviewer(road.kit.reviewer_of(road.units[id]))
    await one_effect(road, "application", id, target, [road.post(reviewer, "/reviews", body) for _ in range(2)])


@recipe(APPLICATION, "classify")
async def by_classification(road: Any, source: str, _: str, target: str) -> None:
    id = await an_application(road, source)
    body = {"items": [{"application": id, "study_direction": "clinical-practice"}]}
    calls = both(road, f"/sessions/{road.session}/classifications", body)
    await one_effect(road, "application", id, target, calls, again=True)


@recipe(APPLICATION, "exclude", "reopen")
async def by_two_processes(road: Any, source: str, action: str, target: str) -> None:
    """What follows from attestations and appeals, whose routes have tests of their own: here two units of work race."""
    id = await an_application(road, source)

    async def act(number: int) -> int:
        try:
            async with road.service.running.system_unit(f"race:{action}:{number}") as unit:
                application = await unit.applications.get(UUID(id))
                by = road.people.region
                fact = application.exclude({}, by, unit.now) if action == "exclude" else application.reopen(by)
                unit.announce(fact)
        except Conflict:
            return 0
        return 1

    await one_effect(road, "application", id, target, [act(1), act(2)])


async def a_scored_panel(road: Any, source: str) -> str:
    id = await an_application(road, source)
    await road.a_panel()
    for n in (1, 2, 3):
        body = {"items": [road.sheet(id, 80)]}
        await road.ok(road.post(road.people.expert(n), f"/panels/{road.panel}/score-sheets", body))
    return id


@recipe(APPLICATION, "conclude_panel")
async def by_the_panel(road: Any, source: str, _: str, target: str) -> None:
    id = await a_scored_panel(road, source)
    await one_effect(road, "application", id, target, both(road, f"/panels/{road.panel}/conclude"))


@recipe(PANEL, "conclude")
async def of_the_panel(road: Any, _: str, __: str, target: str) -> None:
    await a_scored_panel(road, "submitted")
    await one_effect(road, "panel", road.panel, target, both(road, f"/panels/{road.panel}/conclude"))


@recipe(APPLICATION, "select", "reserve", "pass_over")
async def by_the_roster(road: Any, source: str, action: str, target: str) -> None:
    road.more = {"reserve": {"size": 1}}
    await road.opened(1, required_steps=[])
    ids = await road.submitted(0, 1, 2)
    for id, score in zip(ids, (90, 80, 70), strict=True):
        await put_into(road, "application", id, source)
        await road.service.scalar("SELECT 1")
        async with road.service.running.engine.begin() as connection:
            await connection.execute(
                text("UPDATE application SET panel_score = :n WHERE id = :id"), {"n": score, "id": UUID(id)}
            )
    roster = await road.proposed()
    id = ids[("select", "reserve", "pass_over").index(action)]
    await one_effect(road, "application", id, target, both(road, f"/rosters/{roster['id']}/fix"))


async def in_force(road: Any, places: int = 1, count: int = 3, **more: Any) -> tuple[list[str], str]:
    road.more = more
    await road.opened(places, required_steps=[])
    ids = await road.submitted(*range(count))
    return ids, str((await road.fixed())["id"])


@recipe(APPLICATION, "promote", "release", "deselect", "complete")
async def by_the_system(road: Any, source: str, action: str, target: str) -> None:
    ids, _ = await in_force(road)
    placed = [entry["application"] for entry in (await road.roster())["entries"]]
    held, waiting = placed[0], placed[1]
    assert set(placed) == set(ids)
    ended = PlacementEnded(
        participation=UUID(held), host=None, started=False, ended_on=date(2024, 8, 1), kind="no_show", reason="away",
        days_served=0,
    )  # fmt: skip
    certified = Certified(
        participation=UUID(held), programme=road.kit.programme, session="2024", certificate=UUID(int=9), number="C-1",
        scheme_version="batch-4", issued_on=date(2025, 9, 20), confirmed_on=date(2025, 9, 20),
    )  # fmt: skip

    async def hear(event: Any) -> int:
        try:
            await road.receive(event)
        except DBAPIError:
            return 0
        return 1

    if action == "promote":
        calls = [road.post(road.accounts[held], f"/applications/{held}/withdraw", {"reason": "work"}) for _ in (1, 2)]
        await one_effect(road, "application", waiting, target, calls)
    elif action == "release":
        road.on(date(2024, 12, 1))
        await one_effect(road, "application", waiting, target, [duty(road, release_reserve, n) for n in (1, 2)])
    elif action == "deselect":
        await one_effect(road, "application", held, target, [hear(ended), hear(ended)], again=True)
    else:
        if source == "completed":
            await road.receive(certified)
        event = certified if source == "selected" else revoked(held)
        await one_effect(road, "application", held, target, [hear(event), hear(event)], again=True)


def revoked(id: str) -> CertificateRevoked:
    members: dict[str, Any] = {
        "participation": UUID(id), "certificate": UUID(int=9), "number": "C-1", "reason": "error",
        "revoked_on": date(2025, 10, 1),
    }  # fmt: skip
    return CertificateRevoked(**{name: members[name] for name in CertificateRevoked.model_fields if name in members})


@recipe(RECOMMENDATION, "give", "refuse", "withdraw")
async def of_recommendations(road: Any, source: str, action: str, target: str) -> None:
    await road.opened(1)
    (application,) = await road.submitted(0)
    unit = road.people.unit(road.units[application])
    given: dict[str, Any] = {"items": [{"application": application, "opinion": "given"}]}
    await road.ok(road.post(unit, "/recommendations", given))
    id = str(await road.service.scalar("SELECT id FROM recommendation"))
    await put_into(road, "recommendation", id, source)
    refused: dict[str, Any] = {"items": [{"application": application, "opinion": "refused", "reason": "needed-here"}]}
    path, body = "/recommendations", {"give": given, "refuse": refused}.get(action)
    if action == "withdraw":
        path = f"/recommendations/{id}/withdraw"
        body = {"reason": "changed"}
    calls = [road.post(unit, path, body) for _ in range(2)]
    await one_effect(road, "recommendation", id, target, calls, again=action != "withdraw")


@recipe(CALL, "close")
async def of_calls(road: Any, _: str, __: str, target: str) -> None:
    await road.opened(1)
    await one_effect(road, "call", road.call, target, both(road, f"/calls/{road.call}/close"))


@recipe(RUN, "confirm", "supersede")
async def of_runs(road: Any, _: str, action: str, target: str) -> None:
    await road.opened(1, required_steps=[])
    await road.submitted(0, 1)
    run = (await road.balanced())["id"]
    path = f"/balancing-runs/{run}/confirm" if action == "confirm" else f"/sessions/{road.session}/balancing-runs"
    await one_effect(road, "balancing_run", run, target, both(road, path), again=action == "supersede")


@recipe(ROSTER, "propose", "discard", "fix", "file", "acknowledge", "return", "amend")
async def of_rosters(road: Any, source: str, action: str, target: str) -> None:
    await road.opened(1, required_steps=[])
    await road.submitted(0, 1, 2)
    run = await road.balanced()
    if action == "propose":
        answers = await road.service.race(both(road, f"/balancing-runs/{run['id']}/confirm"))
        assert sorted(each.status_code for each in answers) == [201, 409]
        assert await road.service.scalar("SELECT string_agg(state, ',') FROM roster") == target
        return
    made = await road.ok(road.post(road.people.region, f"/balancing-runs/{run['id']}/confirm"))
    id, first = made["id"], made["entries"][0]["application"]
    path = f"/rosters/{id}"
    way = {"filed": ["fix", "file"], "acknowledged": ["fix", "file", "acknowledge"], "fixed": ["fix"],
           "filing_returned": ["fix", "file", "return"], "amended": ["fix", "amend"]}.get(source, [])  # fmt: skip
    bodies = {"acknowledge": {"receipt": "R-1"}, "return": {"reason": "Again."}, "discard": {"reason": "Again."}}
    for step in way:
        actor = road.people.ministry if step in ("acknowledge", "return") else road.people.region
        if step == "amend":
            deselection = {"application": first, "reason": "documents-incomplete"}
            await road.ok(road.post(actor, f"{path}/deselect", deselection))
        else:
            await road.ok(road.post(actor, f"{path}/{step}", bodies.get(step)))
    now = next(e["application"] for e in (await road.roster())["entries"] if e["outcome"] in ("selected", "promoted"))
    if action == "amend":
        calls = both(road, f"{path}/deselect", {"application": now, "reason": "documents-incomplete"})
    elif action in ("acknowledge", "return"):
        calls = [road.post(road.people.ministry, f"{path}/{action}", bodies[action]) for _ in range(2)]
    else:
        calls = both(road, f"{path}/{action}", bodies.get(action))
    await one_effect(road, "roster", id, target, calls)


@recipe(SEAT, "use", "release", "expire", "vacate")
async def of_seats(road: Any, _: str, action: str, target: str) -> None:
    await road.opened(1, required_steps=[])
    (application,) = await road.submitted(0)
    body = {"node": "session", "unit": road.units[application], "expires_at": "2024-03-05T00:00:00Z"}
    seat = (await road.ok(road.post(road.people.region, f"/sessions/{road.session}/seats", body)))["id"]
    if action in ("use", "vacate"):
        roster = await road.proposed()
        calls = both(road, f"/rosters/{roster['id']}/fix")
        if action == "vacate":
            await road.ok(calls[0])
            calls[1].close()
            path = f"/applications/{application}/withdraw"
            calls = [road.post(road.accounts[application], path, {"reason": "work"}) for _ in (1, 2)]
    elif action == "release":
        calls = both(road, f"/seats/{seat}/release")
    else:
        road.on(date(2024, 3, 6))
        calls = [duty(road, expire_seats, n) for n in (1, 2)]
    await one_effect(road, "seat", seat, target, calls)


@recipe(VACANCY, "fill", "offer", "exhaust", "lapse", "accept", "decline", "retract", "expire", "reopen")
async def of_vacancies(road: Any, source: str, action: str, target: str) -> None:
    more: dict[str, Any] = {} if action == "fill" else ASK
    if (source, action) == ("open", "lapse"):
        more = {"leaving": [{"stage": "selected", "replacement": False}]}
    count = {"exhaust": 1}.get(action, 2 if source == "vacant" else 3)
    await in_force(road, count=count, **more)
    held = (await road.roster())["entries"][0]["application"]
    leave = f"/applications/{held}/withdraw"
    if source == "open":
        calls = [road.post(road.accounts[held], leave, {"reason": "work"}) for _ in (1, 2)]
        answers = await asyncio.gather(*calls)
        assert sorted(each.status_code for each in answers) == [200, 409]
        assert await road.service.scalar("SELECT string_agg(state, ',') FROM vacancy") == target
        return
    await road.ok(road.post(road.accounts[held], leave, {"reason": "work"}))
    place = (await road.ok(road.get(road.people.region, "/vacancies")))["items"][0]
    asked = road.accounts.get(place["offered_to"])
    path = f"/vacancies/{place['id']}"
    if source == "vacant":
        await road.ok(road.post(asked, f"{path}/decline"))
    if action in ("accept", "decline"):
        calls = [road.post(asked, f"{path}/{action}") for _ in (1, 2)]
    elif action == "retract":
        withdraw = f"/applications/{place['offered_to']}/withdraw"
        calls = [road.post(asked, withdraw, {"reason": "work"}) for _ in (1, 2)]
    elif action == "reopen":
        calls = both(road, f"{path}/reopen")
    else:
        road.on(date(2024, 3, 6) if action == "expire" else date(2024, 12, 1))
        calls = [duty(road, keep_vacancies, n) for n in (1, 2)]
    moved_on = {"decline": "offered", "retract": "offered", "expire": "offered", "reopen": "offered"}
    await one_effect(road, "vacancy", place["id"], moved_on.get(action, target), calls)


def test_every_arrow_has_a_recipe() -> None:
    """A new arrow is raced, or this fails."""
    assert {(name, arrow.action) for name, arrow in ARROWS.values()} == set(RECIPES)


@pytest.mark.parametrize("named", ARROWS)
async def test_two_at_once_have_one_effect(road: Any, named: str) -> None:
    """Exactly one effect, whoever comes first."""
    lifecycle, arrow = ARROWS[named]
    act: Any = RECIPES[lifecycle, arrow.action]

    await act(road, str(arrow.source), arrow.action, str(arrow.target))
