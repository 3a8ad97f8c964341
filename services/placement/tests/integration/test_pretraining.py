"""Training before the departure: planned by the region, attended, excused, counted, perhaps required (M-11)."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.testing.ways.pretraining import EVENT, invited, planned
from shared.kernel.actor import Role
from shared.testing.actors import someone


def said(answer: Any) -> tuple[int, str, str | None]:
    body = answer.json()
    return answer.status_code, body["code"], body.get("rule")


async def test_invited_attended_excused_absent_and_counted(road: Any) -> None:
    """A list is recorded as a whole; who was absent may be excused later; statistics by area."""
    await road.placed(4)
    region = road.people.region
    id = await invited(road)
    path = f"/pre-trainings/{id}/attendance"

    def line(number: int, attended: bool, **more: str) -> dict[str, Any]:
        return {"participation": road.pid(number), "attended": attended} | more

    early = await road.post(region, path, {"items": [line(1, True)]})
    assert said(early) == (422, "not-held-yet", "M-11")
    road.on(date(2024, 6, 13))
    wrong = {"items": [line(1, True, excuse="health"), line(2, False, excuse="lazy"), line(9, True), line(3, False)]}
    refused = await road.post(region, path, wrong, headers={"accept-language": "zh-CN"})
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/items/0", "excuse-without-absence"), ("/items/1", "unknown-reason"), ("/items/2", "not-invited"),
    ]  # fmt: skip
    assert all(e["detail"].endswith("。") for e in refused.json()["errors"])
    right = {"items": [line(1, True), line(2, False, excuse="health"), line(3, False)]}
    await road.ok(road.post(region, path, right))
    await road.ok(road.post(region, path, {"items": [line(3, False, excuse="travel")]}))

    shown = await road.ok(road.get(region, f"/pre-trainings/{id}/statistics"))
    assert shown["areas"] == [{"area": "5401", "invited": 4, "attended": 1, "excused": 2, "absent": 0, "open": 1}]
    mine = (await road.ok(road.get(road.people.trainee(1), "/pre-training-invitations")))["items"]
    assert [(each["state"], each["recorded_on"]) for each in mine] == [("attended", "2024-06-13")]
    assert (await road.get(road.people.host(), "/pre-training-invitations")).status_code == 403


async def test_before_the_departure_and_only_those_concerned(road: Any) -> None:
    """M-11: not over when somebody leaves, another area, twice, another region: each refused."""
    await road.placed(2)
    region = road.people.region
    late = await planned(road, starts_on="2024-06-30", ends_on="2024-07-01")
    assert said(await road.post(region, f"/pre-trainings/{late}/invitations", {})) == (422, "after-departure", "M-11")
    assert said(await road.post(region, "/pre-trainings", EVENT | {"ends_on": "2024-06-01"}))[1] == "ends-before-start"
    other = await planned(road, areas=["5402"])
    named = {"participations": [road.pid(1)]}
    assert said(await road.post(region, f"/pre-trainings/{other}/invitations", named))[:2] == (400, "not-of-this-event")
    twice = await road.post(region, "/pre-trainings", EVENT | {"areas": ["5402"]})
    assert said(twice)[:2] == (409, "pre-training-exists")
    id = other
    foreign = someone(Role.REGIONAL_OFFICER, organisation="cn/51")
    assert (await road.get(foreign, f"/pre-trainings/{id}")).status_code == 404
    assert (await road.post(foreign, f"/pre-trainings/{id}/cancel", {"reason": "?"})).status_code == 404
    early = await planned(road, place="5403")
    await road.ok(road.post(region, f"/pre-trainings/{early}/invitations", {}))
    assert said(await road.post(region, f"/pre-trainings/{early}/invitations", named))[:2] == (409, "invited-already")
    moved = {"place": "5403", "starts_on": "2024-06-29", "ends_on": "2024-07-02"}
    assert said(await road.post(region, f"/pre-trainings/{early}/change", moved)) == (422, "after-departure", "M-11")


async def test_a_policy_may_demand_it_before_the_arrival(road: Any) -> None:
    """``arrival.requires`` names ``pre_training``: without it no arrival; attended or accepted as excused, it is there."""
    original = road.content

    def content(version: str) -> dict[str, Any]:
        read: dict[str, Any] = original(version)
        return read | ({"arrival": read["arrival"] | {"requires": ["pre_training"]}} if version == "batch-3" else {})

    road.content = content
    await road.placed(3)
    id = await invited(road)
    due = (await road.ok(road.get(road.people.trainee(1), "/obligations?kind=attend-pre-training")))["items"]
    assert [each["due_on"] for each in due] == ["2024-06-10"]
    road.on(date(2024, 7, 1))
    lines = [
        {"participation": road.pid(1), "attended": True},
        {"participation": road.pid(2), "attended": False, "excuse": "health"},
        {"participation": road.pid(3), "attended": False},
    ]
    await road.ok(road.post(road.people.region, f"/pre-trainings/{id}/attendance", {"items": lines}))

    async def arrive(number: int) -> Any:
        path = f"/placements/{road.pid(number)}/arrive"
        return await road.post(road.people.host(), path, {"arrived_on": "2024-07-01"})

    assert (await arrive(1)).status_code == 200
    assert (await arrive(2)).status_code == 200
    missing = await arrive(3)
    assert said(missing)[1] == "not-ready"
    assert missing.json()["missing"] == ["pre_training"]


async def test_what_does_not_take_place_releases_the_invited(road: Any) -> None:
    """Called off, or the person leaves the programme: the invitation is released, another event may invite."""
    await road.placed(2)
    region = road.people.region
    id = await invited(road)
    await road.receive(road.withdrawn(2))
    await road.ok(road.post(region, f"/pre-trainings/{id}/cancel", {"reason": "Snow."}))
    listed = (await road.ok(road.get(region, f"/pre-training-invitations?pre_training={id}")))["items"]
    assert {each["state"] for each in listed} == {"released"}
    road.on(date(2024, 6, 13))
    items = {"items": [{"participation": road.pid(1), "attended": True}]}
    assert said(await road.post(region, f"/pre-trainings/{id}/attendance", items))[1] == "pre-training-cancelled"
    other = await planned(road)
    made = await road.ok(road.post(region, f"/pre-trainings/{other}/invitations", {}))
    assert made["count"] == 1
