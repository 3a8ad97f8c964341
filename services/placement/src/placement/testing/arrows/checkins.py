"""Races for check-ins."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.domain.checkins.checkin import CHECKIN
from placement.testing.checkins import Checkins
from placement.testing.races import duty, one_effect, raced, recipe
from placement.usecases.checkins.keep_checkins import invite

raced(CHECKIN)


async def _checkin(road: Any, source: str) -> tuple[Checkins, str]:
    await road.arrived(1)
    checkins = Checkins(road)
    id = await checkins.invited()
    if source != "invited":
        await road.ok(checkins.respond(id, "needs", "housing"))
    if source == "taken_up":
        await road.ok(checkins.at(id, "take-up", None, road.people.mentor()))
    return checkins, id


@recipe(CHECKIN, "ask", "say-well", "decline", "withdraw")
async def by_the_person(road: Any, source: str, action: str, target: str) -> None:
    checkins, id = await _checkin(road, source)
    answer = {"ask": "needs", "say-well": "well"}.get(action, action)
    needs = ["housing"] if action == "ask" else []
    await one_effect(road, "checkin", id, target, [checkins.respond(id, answer, *needs) for _ in (1, 2)])


@recipe(CHECKIN, "take-up", "settle")
async def by_the_mentor(road: Any, source: str, action: str, target: str) -> None:
    checkins, id = await _checkin(road, source)
    calls = [checkins.at(id, action, None, road.people.mentor()) for _ in (1, 2)]
    await one_effect(road, "checkin", id, target, calls)


@recipe(CHECKIN, "lapse")
async def with_the_term(road: Any, source: str, _: str, target: str) -> None:
    _checkins, id = await _checkin(road, source)
    road.on(date(2024, 10, 2))
    ended = road.items([1], ended_on="2024-10-02", reason="health")
    await road.ok(road.post(road.people.host(), "/endings", ended))
    await one_effect(road, "checkin", id, target, [duty(road, invite, number) for number in (1, 2)])
