"""Mentors: inside employment and term, one at a time, replaced by the day they leave (M-05)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

HALF = {"employed_from": "2020-01-01", "employed_until": "2024-12-31"}


def said(answer: Any) -> tuple[int, str, str | None]:
    body = answer.json()
    return answer.status_code, body["code"], body.get("rule")


async def register(road: Any, *mentors: dict[str, Any]) -> Any:
    items = [
        {"account": f"mentor-{n}", "title_level": "senior", "load_limit": 5} | each for n, each in enumerate(mentors, 1)
    ]
    return await road.put(road.people.host(), "/hosts/H001/mentors", {"items": items})


async def mentored(road: Any, number: int, contacted_on: str = "2024-02-20") -> str:
    items = [{"participation": road.pid(1), "mentor": f"mentor-{number}"}]
    made = await road.ok(road.post(road.people.host(), "/mentorships", {"items": items}))
    id = str(made["items"][0]["id"])
    contact = {"items": [{"mentorship": id, "contacted_on": contacted_on}]}
    await road.ok(road.post(road.people.host(), "/mentorships/pre-contacts", contact))
    return id


async def active(road: Any, number: int, contacted_on: str = "2024-02-20") -> str:
    id = await mentored(road, number, contacted_on)
    await road.ok(road.post(road.people.host(), "/mentorships/activations", {"items": [{"mentorship": id}]}))
    return id


async def test_a_mentor_who_is_not_there_is_refused(road: Any) -> None:
    """Gone before the term, not there on the first day, days the wrong way round: each with its rule."""
    await road.placed(1)
    wrong = await register(road, {"employed_from": "2024-02-01", "employed_until": "2024-01-01"})
    assert said(wrong) == (400, "ends-before-start", "M-05")
    await road.ok(register(road, {"employed_until": "2024-06-30"}, {"employed_from": "2024-09-01"}))

    gone = {"items": [{"participation": road.pid(1), "mentor": "mentor-1"}]}
    assert said(await road.post(road.people.host(), "/mentorships", gone)) == (422, "outside-employment", "M-05")
    id = await mentored(road, 2)
    early = await road.post(road.people.host(), "/mentorships/activations", {"items": [{"mentorship": id}]})
    assert said(early) == (422, "outside-employment", "M-05")
    road.on(date(2024, 9, 2))
    await road.ok(road.post(road.people.host(), "/mentorships/activations", {"items": [{"mentorship": id}]}))
    assert (await road.ok(road.get(road.people.host(), f"/mentorships/{id}")))["starts_on"] == "2024-09-02"


async def test_who_leaves_is_to_be_replaced_and_no_day_has_two(road: Any) -> None:
    """The host owes a replacement by the last day; the old mentor ends the day before the new one begins."""
    await road.placed(1)
    await road.ok(register(road, HALF, {}))
    first = await active(road, 1)
    due = (await road.ok(road.get(road.people.host(), "/obligations?kind=replace-mentor")))["items"]
    assert [(each["subject"], each["due_on"], each["owed_by"]) for each in due] == [(first, "2024-12-31", "host")]
    road.on(date(2024, 12, 20))
    second = await active(road, 2, "2024-12-19")

    shown = [await road.ok(road.get(road.people.host(), f"/mentorships/{id}")) for id in (first, second)]
    assert [(each["state"], each["starts_on"], each["ends_on"]) for each in shown] == [
        ("replaced", "2024-07-01", "2024-12-19"), ("active", "2024-12-20", None),
    ]  # fmt: skip
    assert (await road.ok(road.get(road.people.host(), "/obligations?kind=replace-mentor")))["items"] == []
    for change in ("starts_on = '2024-12-01'", "state = 'proposed', starts_on = NULL"):
        target = second if "2024" in change else first
        with pytest.raises(IntegrityError):
            async with road.service.running.engine.begin() as connection:
                await connection.execute(text(f"UPDATE mentorship SET {change} WHERE id = :id"), {"id": target})


async def test_a_replacement_before_the_start_leaves_no_day(road: Any) -> None:
    """Who was active on paper only has served no day."""
    await road.placed(1)
    await road.mentors(2)
    first = await active(road, 1)
    await mentored(road, 2)

    shown = await road.ok(road.get(road.people.host(), f"/mentorships/{first}"))
    assert (shown["state"], shown["starts_on"], shown["ends_on"], shown["ended_on"]) == (
        "replaced", None, None, "2024-02-29",
    )  # fmt: skip
