"""The quota tree under concurrency: the last place goes to one, counters agree with a recount after every change."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from selection.usecases.seating.reserve_seats import expire_seats


def node(code: str, most: int, least: int = 0, parent: str | None = None, **match: list[str]) -> dict[str, Any]:
    row = {"code": code, "min": least, "max": most, "match": match, "name_zh": code, "name_en": code}
    return row if parent is None else row | {"parent": parent}


AREAS = [
    node("north", 2, area=["5404", "5405", "5406"]),
    node("south", 3, area=["5401", "5402", "5403", "5425"]),
    node("capital", 1, parent="south", area=["5401"]),
]


async def quota(road: Any) -> dict[str, Any]:
    read = await road.ok(road.get(road.people.region, f"/sessions/{road.session}/quota"))
    return {row["code"]: row for row in read["nodes"]} | {"": read}


async def drift(road: Any) -> list[Any]:
    path = f"/sessions/{road.session}/quota/reconciliation"
    found: list[Any] = (await road.ok(road.get(road.people.auditor, path)))["drift"]
    return found


async def reserve(road: Any, code: str, **more: Any) -> Any:
    return await road.post(road.people.region, f"/sessions/{road.session}/seats", {"node": code} | more)


async def test_of_a_hundred_who_want_the_last_place_one_gets_it(road: Any) -> None:
    """S-06, W-01: 99 get 409 with the node that is full; nothing of theirs stays."""
    await road.opened(4, AREAS)

    answers = await road.service.race([reserve(road, "capital") for _ in range(100)])

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 99
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {(each["code"], each["node"]) for each in refused} == {("quota-full", "capital")}
    assert refused[0]["nodes"] == [{"code": "capital", "max": 1, "reserved": 1, "used": 0}]
    counted = await quota(road)
    assert [counted[code]["reserved"] for code in ("session", "south", "capital", "north")] == [1, 1, 1, 0]
    assert (counted["capital"]["remaining"], counted["capital"]["bound_by"]) == (0, "capital")
    assert counted["south"]["remaining"] == 2
    assert counted[""]["binding"] == ["capital"]
    assert await road.service.scalar("SELECT count(*) FROM seat") == 1
    assert await drift(road) == []


async def test_paths_that_cross_never_exceed_their_parent(road: Any) -> None:
    """Sixty callers at three nodes of one tree: as many as fit, no deadlock, the session's own maximum holds."""
    await road.opened(4, AREAS)

    answers = await road.service.race([reserve(road, ("north", "south", "capital")[n % 3]) for n in range(60)])

    assert {answer.status_code for answer in answers} == {201, 409}
    assert sum(answer.status_code == 201 for answer in answers) == 4
    assert (await quota(road))["session"]["reserved"] == 4
    assert await drift(road) == []


async def test_the_refusal_is_told_in_chinese(road: Any) -> None:
    """The node stands in the sentence."""
    await road.opened(4, AREAS)
    await reserve(road, "capital")

    answer = await reserve(road, "capital")
    told = await road.post(
        road.people.region, f"/sessions/{road.session}/seats", {"node": "capital"}, headers={"accept-language": "zh-CN"}
    )

    assert answer.json()["rule"] == "S-06"
    assert told.json()["detail"] == "节点“capital”已无名额。"


async def test_a_seat_cannot_be_reserved_wrongly(road: Any) -> None:
    """All problems at once, with pointers; a foreign role may not at all."""
    await road.opened(4, AREAS)

    answer = await reserve(road, "west", unit="cn/54/5401/U9999", expires_at="2024-01-01T00:00:00Z")
    foreign = await road.post(road.people.ministry, f"/sessions/{road.session}/seats", {"node": "north"})
    nowhere = await road.post(
        road.people.region, "/sessions/01900000-0000-7000-8000-000000000000/seats", {"node": "north"}
    )

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/node", "/unit", "/expires_at"]
    assert (foreign.status_code, nowhere.status_code) == (403, 404)
    assert (await quota(road))["session"]["reserved"] == 0


async def test_a_reservation_is_released_once_and_ends_by_itself(road: Any) -> None:
    """The place is there again, by hand or by the clock; a second release changes nothing."""
    await road.opened(4, AREAS)
    first = (await reserve(road, "capital")).json()

    released = await road.service.race(
        [road.post(road.people.region, f"/seats/{first['id']}/release") for _ in range(2)]
    )
    held = (await reserve(road, "capital", expires_at="2024-03-02T00:00:00Z")).json()
    road.on(date(2024, 3, 2))
    async with road.service.running.system_unit("test:duty") as unit:
        ended = await expire_seats(unit)
    async with road.service.running.system_unit("test:duty-2") as unit:
        again = await expire_seats(unit)

    assert sorted(answer.status_code for answer in released) == [200, 409]
    assert (ended, again) == (1, 0)
    read = await road.ok(road.get(road.people.region, f"/seats/{held['id']}"))
    assert (read["state"], read["allowed_actions"]) == ("expired", [])
    assert (await quota(road))["session"]["reserved"] == 0
    assert await drift(road) == []


async def test_the_database_is_the_last_line(road: Any) -> None:
    """Check constraints and trigger: nobody moves a counter beyond its maximum or above its parent."""
    await road.opened(4, AREAS)
    for statement, name in (
        ("UPDATE quota_node SET used = 3 WHERE code = 'capital'", "ck_quota_node_within_max"),
        ("UPDATE quota_node SET used = 1 WHERE code = 'capital'", "hold more than it does"),
        ("UPDATE quota_node SET reserved = -1 WHERE code = 'session'", "ck_quota_node_counts_whole"),
    ):
        with pytest.raises(Exception, match=name):
            async with road.service.running.engine.begin() as connection:
                await connection.execute(text(statement))


async def test_a_quota_below_what_is_reserved_is_refused_at_every_node(road: Any) -> None:
    """P-02: reservations count; every node that is too small is named; a node that holds a seat cannot vanish."""
    await road.opened(4, AREAS)
    for code in ("capital", "north"):
        await reserve(road, code)
    path = f"/sessions/{road.session}/quota-tree"
    small = [AREAS[0] | {"max": 0}, AREAS[1] | {"max": 0}, AREAS[2] | {"max": 0}]

    below = await road.put(road.people.region, path, {"nodes": small})
    gone = await road.put(road.people.region, path, {"nodes": AREAS[:2]})
    wider = await road.put(road.people.region, path, {"nodes": [AREAS[0] | {"max": 4}, *AREAS[1:]]})

    assert (below.status_code, below.json()["code"]) == (409, "quota-below-used")
    assert [each["code"] for each in below.json()["nodes"]] == ["north", "south", "capital"]
    assert (gone.status_code, gone.json()["nodes"]) == (409, ["capital"])
    assert wider.status_code == 200
    assert (await quota(road))["north"] == {
        "code": "north", "parent": "session", "min": 0, "max": 4, "reserved": 1, "used": 0, "remaining": 2,
        "bound_by": None, "missing": 0,
    }  # fmt: skip
    assert await drift(road) == []


async def test_a_smaller_tree_and_reservations_race(road: Any) -> None:
    """Whichever comes first, no node holds more than its maximum and every counter agrees."""
    await road.opened(4, AREAS)
    smaller = {"nodes": [AREAS[0] | {"max": 0}, *AREAS[1:]]}
    put = road.put(road.people.region, f"/sessions/{road.session}/quota-tree", smaller)

    answers = await road.service.race([reserve(road, "north"), put, reserve(road, "north"), reserve(road, "south")])

    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    counted = await quota(road)
    assert counted["north"]["reserved"] <= counted["north"]["max"]
    assert (answers[1].status_code == 200) == (counted["north"]["max"] == 0)
    assert await drift(road) == []


async def test_fixing_uses_places_and_leaving_frees_them(road: Any) -> None:
    """Selected, promoted and left move the counters with the roster; a unit's reservation is used by its own people."""
    await road.opened(3, [node("all", 3, area=["5401", "5402", "5403", "5404"])])
    ids = await road.ready(5)
    await reserve(road, "all", unit=road.kit.unit_of(0))
    roster = await road.proposed()
    held = await reserve(road, "session")

    blocked = await road.post(road.people.region, f"/rosters/{roster['id']}/fix")
    await road.ok(road.post(road.people.region, f"/seats/{held.json()['id']}/release"))
    await road.ok(road.post(road.people.region, f"/rosters/{roster['id']}/fix"))
    fixed = await quota(road)
    await road.ok(road.post(road.accounts[ids[0]], f"/applications/{ids[0]}/withdraw", {"reason": "work"}))

    assert (blocked.status_code, blocked.json()["code"], blocked.json()["node"]) == (409, "quota-full", "session")
    assert (fixed["session"]["used"], fixed["session"]["reserved"]) == (3, 0)
    assert (await quota(road))["session"]["used"] == 3
    states = await road.ok(road.get(road.people.region, f"/sessions/{road.session}/seats"))
    assert sorted(seat["state"] for seat in states["items"]) == ["released", "used", "used", "used", "vacated"]
    assert await drift(road) == []


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_happens_the_counters_agree_with_a_recount(road: Any, seed: int) -> None:
    """A random walk of reserving, releasing, expiring, re-cutting, leaving: no drift after any step."""
    chance = random.Random(seed)
    await road.opened(4, AREAS)
    ids = await road.ready(6)
    await road.fixed()
    seats: list[str] = []
    for step in range(14):
        match chance.choice(("reserve", "reserve", "release", "expire", "recut", "leave")):
            case "reserve":
                until = chance.choice((None, f"2024-03-{step + 2:02d}T00:00:00Z"))
                answer = await reserve(road, chance.choice(("north", "south", "capital", "session")), expires_at=until)
                seats += [answer.json()["id"]] if answer.status_code == 201 else []
            case "release" if seats:
                await road.post(road.people.region, f"/seats/{seats.pop()}/release")
            case "expire":
                road.on(date(2024, 3, step + 2))
                async with road.service.running.system_unit(f"test:{seed}:{step}") as unit:
                    await expire_seats(unit)
            case "recut":
                nodes = [AREAS[0] | {"max": chance.randint(0, 4)}, AREAS[1] | {"max": chance.randint(0, 4)}, AREAS[2]]
                await road.put(road.people.region, f"/sessions/{road.session}/quota-tree", {"nodes": nodes})
            case "leave" if ids:
                id = ids.pop(0)
                await road.post(road.accounts[id], f"/applications/{id}/withdraw", {"reason": "work"})
        assert await drift(road) == [], step


async def test_where_a_registration_takes_a_seat_the_last_goes_to_one(road: Any) -> None:
    """Short classes: submission takes the seat at once; the others are told it is full and stay drafts."""
    road.more = {"seats": {"taken": "on_submission", "hold_days": 30}}
    await road.opened(1)
    drafts = [await road.drafted(number) for number in range(4)]

    answers = await road.service.race([road.post(road.accounts[id], f"/applications/{id}/submit") for id in drafts])

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"quota-full"}
    assert sorted((await road.states()).values()) == ["draft", "draft", "draft", "submitted"]
    (submitted,) = await road.heard("application.submitted")
    seats = (await road.ok(road.get(road.people.region, f"/sessions/{road.session}/seats")))["items"]
    assert [seat["application"] for seat in seats] == [submitted["participation"]]
    assert seats[0]["expires_at"].startswith("2024-03-31")
    assert await drift(road) == []


async def test_a_seat_of_a_submission_goes_with_the_person(road: Any) -> None:
    """Withdrawn, rejected, selected, passed over: released or used, never kept."""
    road.more = {"seats": {"taken": "on_submission"}}
    await road.opened(3)
    first, second = await road.submitted(0, 1)
    await road.ok(road.post(road.accounts[first], f"/applications/{first}/withdraw", {"reason": "work"}))
    items = [{"application": second, "decision": "reject", "reason": "documents-incomplete"}]
    await road.ok(road.post(road.people.reviewer("cn/54/5402"), "/reviews", {"items": items}))
    released = (await quota(road))["session"]["reserved"]

    ids = await road.submitted(2, 3, 4)
    await road.recommended(ids)
    await road.approved(ids)
    await road.scored(dict(zip(ids, (90, 80, 70), strict=True)))
    await road.classified(ids)
    held = (await quota(road))["session"]["reserved"]
    await road.fixed()

    counted = (await quota(road))["session"]
    assert (released, held, counted["reserved"], counted["used"]) == (0, 3, 0, 3)
    assert await drift(road) == []


async def test_seats_held_without_submission_make_no_sense(road: Any) -> None:
    """A contradiction in the policy, with its pointer."""
    content = road.kit.content("batch-3") | {"seats": {"taken": "on_fixing", "hold_days": 3}}

    answer = await road.put(road.people.operator, f"/policies/{road.kit.programme}/batch-3", content)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/seats/hold_days"]
