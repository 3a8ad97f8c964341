"""The process of a vacated place: every arrow, every timer with the clock moved, two at once (S-07)."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from selection.usecases.following.release_reserve import release_reserve
from selection.usecases.leaving.keep_vacancies import keep_vacancies
from shared.contracts.placement import Placed, PlacementArrived, PlacementEnded

ASK = {"reserve": {"confirmation": "required", "answer_days": 3}}


async def tick(road: Any, duty: Any = keep_vacancies) -> int:
    """Let the due clock do one duty now."""
    async with road.service.running.system_unit(f"test:{road.service.clock.at}:{duty.__name__}") as unit:
        done: int = await duty(unit)
    return done


async def leave(road: Any, id: str, **more: Any) -> Any:
    return await road.post(road.accounts[id], f"/applications/{id}/withdraw", {"reason": "work"}, **more)


async def asked(road: Any, places: int = 1, count: int = 4, **more: Any) -> tuple[list[str], dict[str, Any]]:
    """A roster in force, its first trainee gone, the first of the reserve asked."""
    road.more = ASK | more
    await road.opened(places)
    ids = await road.ready(count)
    await road.fixed()
    await road.ok(leave(road, ids[0]))
    return ids, await vacancy(road)


async def vacancy(road: Any, actor: Any = None) -> dict[str, Any]:
    rows = (await road.ok(road.get(actor or road.people.region, f"/vacancies?session={road.session}")))["items"]
    found: dict[str, Any] = rows[-1]
    return found


async def answer(road: Any, id: str, act: str, place: dict[str, Any]) -> Any:
    return await road.post(road.accounts[id], f"/vacancies/{place['id']}/{act}")


async def counters(road: Any) -> tuple[int, int]:
    root = (await road.ok(road.get(road.people.region, f"/sessions/{road.session}/quota")))["nodes"][0]
    path = f"/sessions/{road.session}/quota/reconciliation"
    assert (await road.ok(road.get(road.people.region, path)))["drift"] == []
    return root["reserved"], root["used"]


async def test_the_first_of_the_reserve_is_asked_and_accepts(road: Any) -> None:
    """offer, accept: the place is held meanwhile; promoted and selected only with the answer."""
    ids, place = await asked(road)
    held = await counters(road)
    before = (await road.application(ids[1]))["state"]

    seen = await vacancy(road, road.accounts[ids[1]])
    accepted = await answer(road, ids[1], "accept", place)

    assert (place["state"], place["offered_to"], place["answer_by"]) == ("offered", ids[1], "2024-03-04T04:00:00Z")
    assert (seen["allowed_actions"], seen["offered_to"], seen["offers"]) == (["accept", "decline"], None, [])
    assert (held, before, await counters(road)) == ((1, 0), "reserve", (0, 1))
    assert (accepted.status_code, accepted.json()["state"]) == (200, "filled")
    assert (await road.application(ids[1]))["state"] == "selected"
    roster = await road.roster()
    assert (roster["roster_version"], roster["selected_count"], roster["reserve_count"]) == (3, 1, 2)
    (offered,) = await road.heard("reserve.offered")
    (answered,) = await road.heard("reserve.answered")
    (promoted,) = await road.heard("reserve.promoted")
    assert {each["participation"] for each in (offered, answered, promoted)} == {ids[1]}
    assert (answered["answer"], promoted["replaces"], promoted["roster_version"]) == ("accepted", ids[0], 3)
    assert [each["participation"] for each in await road.heard("selected")] == [ids[0], ids[1]]
    assert await road.heard("slot.vacant") == []


async def test_who_declines_leaves_the_place_to_the_next_and_stays(road: Any) -> None:
    """decline, offer, …, exhaust: everybody once, then vacant, told once."""
    ids, place = await asked(road)

    for id in ids[1:]:
        assert (await vacancy(road))["offered_to"] == id
        await road.ok(answer(road, id, "decline", place))

    left = await vacancy(road)
    assert (left["state"], left["allowed_actions"]) == ("vacant", ["reopen"])
    assert [(offer["participation"], offer["answer"]) for offer in left["offers"]] == [
        (id, "declined") for id in ids[1:]
    ]
    assert {(await road.application(id))["state"] for id in ids[1:]} == {"reserve"}
    assert len(await road.heard("slot.vacant")) == 1
    assert await counters(road) == (0, 0)


async def test_a_vacant_place_is_tried_again_by_the_authority(road: Any) -> None:
    """reopen: the reserve is asked anew; another place's process is not disturbed."""
    ids, place = await asked(road, count=2)
    await road.ok(answer(road, ids[1], "decline", place))

    reopened = await road.ok(road.post(road.people.region, f"/vacancies/{place['id']}/reopen"))
    again = await road.post(road.people.region, f"/vacancies/{place['id']}/reopen")
    await road.ok(answer(road, ids[1], "accept", place))

    assert (reopened["state"], reopened["offered_to"], again.status_code) == ("offered", ids[1], 409)
    assert (await vacancy(road))["promoted"] == ids[1]


async def test_silence_goes_to_the_next_when_the_time_has_passed(road: Any) -> None:
    """expire: not a moment earlier, once, and the late answer is refused."""
    ids, place = await asked(road)
    early = await tick(road)
    road.on(date(2024, 3, 5))

    late = await answer(road, ids[1], "accept", place)
    first, second = await tick(road), await tick(road)
    after = await answer(road, ids[1], "accept", place)

    assert (early, first, second) == (0, 1, 0)
    assert (late.status_code, late.json()["code"]) == (409, "offer-overdue")
    assert after.status_code == 404
    now = await vacancy(road)
    assert (now["state"], now["offered_to"], now["offers"][0]["answer"]) == ("offered", ids[2], "expired")
    assert await counters(road) == (1, 0)


async def test_two_processes_and_an_answer_at_one_moment(road: Any) -> None:
    """The clock in two processes and the person: one outcome, one seat, one story."""
    ids, place = await asked(road)

    answers = await asyncio.gather(
        answer(road, ids[1], "accept", place), answer(road, ids[1], "decline", place), tick(road), tick(road)
    )

    assert min(each.status_code for each in answers[:2]) == 200
    assert len([each for each in answers[:2] if each.status_code == 200]) == 1
    assert len(await road.heard("reserve.answered")) == 1
    assert sum(await counters(road)) == 1
    road.on(date(2024, 3, 20))
    ticks = await asyncio.gather(*(tick(road) for _ in range(3)), return_exceptions=True)
    assert sum(each for each in ticks if isinstance(each, int)) <= 1
    assert sum(await counters(road)) == 1


async def test_who_is_asked_and_withdraws_is_passed_over(road: Any) -> None:
    """retract: the next is asked in the same transaction."""
    ids, _ = await asked(road)

    await road.ok(leave(road, ids[1]))

    now = await vacancy(road)
    assert (now["offered_to"], [offer["answer"] for offer in now["offers"]]) == (ids[2], ["retracted", None])
    assert await counters(road) == (1, 0)


async def test_the_last_day_ends_every_process(road: Any) -> None:
    """Lapse from offered and from vacant; an offer never outlives the last day; the reserve is released."""
    ids, _ = await asked(road, places=2, count=3)
    road.on(date(2024, 9, 14))
    await tick(road)
    await road.ok(leave(road, ids[1]))
    late = await road.ok(road.get(road.people.region, f"/vacancies?session={road.session}"))
    until = {each["application"]: each["answer_by"] for each in late["items"]}
    road.on(date(2024, 9, 16))

    moved = await tick(road)
    released = await tick(road, release_reserve)

    assert until[ids[1]] == "2024-09-15T16:00:00Z"
    ended = (await road.ok(road.get(road.people.region, f"/vacancies?session={road.session}")))["items"]
    assert {each["state"] for each in ended} == {"lapsed"}
    assert (moved, released) == (2, 1)
    assert await counters(road) == (0, 0)


async def test_two_places_are_offered_to_two_people(road: Any) -> None:
    """Nobody is asked for two places at once."""
    ids, _ = await asked(road, places=2, count=5)

    await road.ok(leave(road, ids[1]))

    rows = (await road.ok(road.get(road.people.region, f"/vacancies?session={road.session}&state=offered")))["items"]
    assert sorted(each["offered_to"] for each in rows) == sorted(ids[2:4])


async def test_a_foreign_answer_is_none(road: Any) -> None:
    """Another person's offer is not there; officers do not answer for people."""
    ids, place = await asked(road)

    other = await answer(road, ids[2], "accept", place)
    officer = await road.post(road.people.region, f"/vacancies/{place['id']}/accept")
    unseen = await road.get(road.accounts[ids[2]], f"/vacancies/{place['id']}")
    stale = await road.post(road.accounts[ids[1]], f"/vacancies/{place['id']}/accept", if_match=99)
    nowhere = await answer(road, ids[1], "accept", {"id": "01900000-0000-7000-8000-000000000000"})

    assert [each.status_code for each in (other, officer, unseen, stale, nowhere)] == [404, 403, 404, 412, 404]


async def test_the_authority_deselects_by_amendment(road: Any) -> None:
    """A coded reason, only a person with a place that has not begun, only a roster in force."""
    await road.opened(1)
    ids = await road.ready(3)
    roster = await road.proposed()
    path = f"/rosters/{roster['id']}/deselect"
    body = {"application": ids[0], "reason": "documents-incomplete"}

    early = await road.post(road.people.region, path, body)
    await road.ok(road.post(road.people.region, f"/rosters/{roster['id']}/fix"))
    unknown = await road.post(road.people.region, path, body | {"reason": "because"})
    foreign = await road.post(road.people.ministry, path, body)
    answers = await road.service.race(
        [road.post(each, path, body) for each in (road.people.region, road.people.second)]
    )
    waiting = await road.post(road.people.region, path, body | {"application": ids[2]})
    await road.receive(
        PlacementArrived(
            participation=UUID(ids[1]), host="hosts/H001", arrived_on=date(2024, 9, 1), punctuality="on_time"
        )
    )
    begun = await road.post(road.people.region, path, body | {"application": ids[1]})

    assert [each.status_code for each in (early, unknown, foreign, waiting, begun)] == [409, 400, 403, 409, 409]
    assert sorted(each.status_code for each in answers) == [200, 409]
    assert (await road.application(ids[0]))["state"] == "deselected"
    (deselected,) = await road.heard("deselected")
    assert (deselected["participation"], deselected["reason"]) == (ids[0], "documents-incomplete")
    assert (await road.application(ids[1]))["state"] == "selected"
    assert await counters(road) == (0, 1)


LEAVING = {
    "leaving": [
        {"stage": "draft", "by": ["applicant", "unit_officer"]},
        {"stage": "in_review", "by": ["regional_officer"]},
        {"stage": "selected", "until_days": -30},
        {"stage": "placed", "by": ["applicant", "regional_officer"], "replacement": False},
    ]
}


async def test_who_may_leave_when_is_the_policys(road: Any) -> None:
    """Role and last day per stage; the refusal names the stage."""
    road.more = LEAVING
    await road.opened(1)
    draft = await road.drafted(8)
    ids = await road.ready(3)
    submitted = (await road.submitted(5))[0]
    officer = road.people.unit(road.units[draft])
    body = {"reason": "work"}

    by_unit = await road.post(officer, f"/applications/{draft}/withdraw", body)
    self_made = await leave(road, submitted)
    by_region = await road.post(road.people.region, f"/applications/{submitted}/withdraw", body)
    await road.fixed()
    road.on(date(2024, 8, 3))
    late = await leave(road, ids[0], headers={"accept-language": "zh-CN"})
    road.on(date(2024, 8, 2))
    in_time = await leave(road, ids[0])

    assert (by_unit.status_code, by_unit.json()["state"]) == (200, "withdrawn")
    assert (self_made.status_code, self_made.json()["code"]) == (403, "leaving-not-yours")
    assert by_region.status_code == 200
    assert (late.status_code, late.json()["code"], late.json()["stage"]) == (409, "leaving-closed", "selected")
    assert late.json()["detail"] == "此阶段退出的截止日期已过。"
    assert in_time.status_code == 200


async def test_a_stage_without_replacement_leaves_the_place(road: Any) -> None:
    """Placed, by policy: the place is given up, the reserve stays; the roster is amended all the same."""
    road.more = LEAVING
    await road.opened(1)
    ids = await road.ready(2)
    await road.fixed()
    placed = Placed(
        participation=UUID(ids[0]), programme=road.kit.programme, batch="batch-4", session="2024", host="hosts/H001",
        host_province="32", specialty="agronomy", planned_start=date(2024, 9, 1), planned_end=date(2025, 8, 31),
    )  # fmt: skip
    await road.receive(placed)

    await road.ok(road.post(road.people.region, f"/applications/{ids[0]}/withdraw", {"reason": "work"}))

    place = await vacancy(road)
    assert (place["state"], place["stage"], place["promoted"]) == ("lapsed", "placed", None)
    assert (await road.application(ids[1]))["state"] == "reserve"
    assert (await road.roster())["roster_version"] == 2
    assert await counters(road) == (0, 0)


@pytest.mark.parametrize("kind", ["before_start", "no_show"])
async def test_an_end_before_the_start_asks_the_reserve_too(road: Any, kind: Any) -> None:
    """Placement's report begins the same process; the same report again changes nothing."""
    road.more = ASK
    await road.opened(1)
    ids = await road.ready(2)
    await road.fixed()
    event = PlacementEnded(
        participation=UUID(ids[0]), host=None, started=False, ended_on=date(2024, 8, 1), kind=kind, reason="host-closed",
        days_served=0,
    )  # fmt: skip

    await road.receive(event, event)

    place = await vacancy(road)
    assert (place["state"], place["offered_to"], place["cause"]) == ("offered", ids[1], kind.replace("_", "-"))
    assert len(await road.heard("reserve.offered")) == 1


async def test_after_the_start_leaving_vacates_nothing(road: Any) -> None:
    """Started: the story closes with placement's report; the place stays used."""
    road.more = ASK
    await road.opened(1)
    ids = await road.ready(2)
    await road.fixed()
    await road.receive(
        PlacementArrived(
            participation=UUID(ids[0]), host="hosts/H001", arrived_on=date(2024, 9, 1), punctuality="on_time"
        )
    )

    await road.ok(leave(road, ids[0]))

    assert await road.service.scalar("SELECT count(*) FROM vacancy") == 0
    assert await counters(road) == (0, 1)
