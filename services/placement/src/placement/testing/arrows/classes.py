"""Races for short classes, their seats and questions, and for cases that are enrolled."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.domain.classes.questions import CLASS_QUESTION
from placement.domain.classes.seats import CLASS_SEAT
from placement.domain.classes.short_class import SHORT_CLASS
from placement.domain.placements.states import PLACEMENT
from placement.testing.class_road import BEGIN, END, ClassRoad, unit_path
from placement.testing.races import one_effect, put_into, raced, recipe

raced(SHORT_CLASS, CLASS_SEAT, CLASS_QUESTION)
SCHOOL = unit_path("technical-school", 0)


@recipe(SHORT_CLASS, "open-registration", "begin", "evaluate", "archive")
async def of_classes(road: Any, source: str, action: str, target: str) -> None:
    course = ClassRoad(road)
    await course.announced()
    await put_into(road, "short_class", course.id, source)
    course.on(END if action == "evaluate" else BEGIN)
    calls = [course.post(each, f"/{action}") for each in (course.organiser, course.organiser)]
    await one_effect(road, "short_class", course.id, target, calls)


@recipe(CLASS_SEAT, "seat")
async def of_the_first_in_line(road: Any, source: str, action: str, target: str) -> None:
    """Two who go at once: the one who waits is seated once."""
    del source, action
    course = ClassRoad(road)
    await course.registering({"technical-school": 2}, {"technical-school": 2})
    people = [(SCHOOL, "a"), (SCHOOL, "b"), (SCHOOL, "c")]
    seats = [item["id"] for item in (await road.ok(course.register(*people)))["items"]]
    calls = [course.post(course.organiser, f"/delegates/{seats[0]}/release") for _ in (1, 2)]
    await one_effect(road, "class_seat", seats[2], target, calls)


@recipe(CLASS_SEAT, "release")
async def of_seats(road: Any, source: str, action: str, target: str) -> None:
    course = ClassRoad(road)
    await course.registering({"technical-school": 1}, {"technical-school": 0 if source == "waiting" else 1})
    seat = (await road.ok(course.register((SCHOOL, "a"))))["items"][0]["id"]
    calls = [course.post(each, f"/delegates/{seat}/{action}") for each in (course.organiser, course.unit(SCHOOL))]
    await one_effect(road, "class_seat", seat, target, calls)


@recipe(CLASS_QUESTION, "answer", "follow-up", "close")
async def of_questions(road: Any, source: str, action: str, target: str) -> None:
    course = ClassRoad(road)
    await course.announced()
    body = {"items": [{"topic": "schools", "text": "How?"}]}
    asked = (await course.ok(course.organiser, "/questions", body))["items"][0]["id"]
    await put_into(road, "class_question", asked, source, followed_up_on=date(2024, 9, 1))
    decision = {"question": asked, "decision": action} | ({"text": "So."} if action == "answer" else {})
    calls = [course.post(course.organiser, "/answers", {"items": [decision]}) for _ in (1, 2)]
    await one_effect(road, "class_question", asked, target, calls)


@recipe(PLACEMENT, "enrol")
async def of_participants(road: Any, source: str, action: str, target: str) -> None:
    del source, action
    course = ClassRoad(road)
    await course.registering({"technical-school": 1})
    await road.receive(course.selected(1, SCHOOL))
    calls = [course.post(course.organiser, "/enrolments", {"participations": [road.pid(1)]}) for _ in (1, 2)]
    await one_effect(road, "placement", road.pid(1), target, calls)
