"""Every programme's assessment rules are data: handed in through the API and walked through."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from assessment.adapters.events.consuming import CONSUMES
from assessment.testing.racing.recipes import A, done
from shared.contracts import placement, selection
from shared.kernel.actor import Role
from shared.testing.actors import someone

PROGRAMMES = Path(__file__).parents[4] / "programmes"
FILES = sorted(PROGRAMMES.glob("*/*/assessment.yaml"))


def content(programme: str, version: str) -> dict[str, Any]:
    """The rules of one version as they are handed in."""
    found: dict[str, Any] = yaml.safe_load((PROGRAMMES / programme / version / "assessment.yaml").read_text("utf-8"))
    return found


async def put(road: Any, programme: str, version: str) -> Any:
    """Hand them in."""
    path = f"{A}/policies/{programme}/{version}"
    return await road.service.call(road.people.operator, "PUT", path, content(programme, version))


async def test_every_programme_that_is_assessed_can_be_said(road: Any) -> None:
    for file in FILES:
        answer = await put(road, file.parts[-3], file.parts[-2])
        assert answer.status_code == 200, (file, answer.text)


async def act(road: Any, by: Any, number: int, verb: str, body: Any) -> Any:
    """An act on a person's assessment, found by the auditor."""
    asked = {"participation": str(road.kit.pid(number))}
    found = await done(road.service.get(road.people.auditor, f"{A}/assessments", params=asked))
    return await road.service.post(by, f"{A}/assessments/{found['items'][0]['id']}/{verb}", body)


async def test_a_programme_without_certificates_ends_with_a_result(road: Any, kit: Any) -> None:
    """Sichuan: mid-term and end evaluation (S3); nothing is requested, nothing can be issued."""
    programme = "sichuan-two-way-secondment"
    assert (await put(road, programme, "batch-2")).status_code == 200
    assessor, second = (someone(Role.ASSESSOR, subject=f"sc-{n}", organisation="cn/51") for n in (1, 2))
    named = {"programme": programme, "batch": "batch-2", "session": "2012-outbound"}
    await road.receive(
        road.selected(1, **named, policy_version="batch-2", sending_unit="cn/51/5101/U1"),
        road.placed(1, **named, host="cn/51/5133/C1"),
        road.ended(1),
    )
    host = someone(Role.HOST_OFFICER, subject="h", organisation="cn/51/5133/C1")
    unit = someone(Role.UNIT_OFFICER, subject="u", organisation="cn/51/5101/U1")
    for by, part in ((host, "mid_evaluation"), (unit, "unit_evaluation"), (assessor, "end_evaluation")):
        await done(road.sheet(by, part, {1: "91"}))

    await done(act(road, assessor, 1, "result", {"outcome": "pass"}))
    confirmed = await done(act(road, second, 1, "confirm", {}))

    assert (confirmed["result"], confirmed["grade"]) == ("pass", "excellent")
    assert [event["result"] for event in await road.service.outbox("assessed")] == ["pass"]
    assert await road.service.scalar("SELECT count(*) FROM certificate") == 0
    assert await road.service.outbox("certified") == []


async def test_a_class_is_concluded_by_attendance_and_questions(road: Any, kit: Any) -> None:
    """K-01 to K-04: eight of ten lectures and a question are enough, seven are not; nobody was placed."""
    programme = "skilled-talent-class"
    assert (await put(road, programme, "class-2006")).status_code == 200
    named = {"programme": programme, "batch": "class-2006", "session": "2006"}
    for number, attended, asked in ((1, 8, 1), (2, 7, 3)):
        await road.receive(road.selected(number, **named, policy_version="class-2006", sending_unit="cn/11/U1"))
        completed = placement.ClassCompleted(
            participation=kit.pid(number), programme=programme, session="2006", course=kit.pid(500), host=None,
            lectures_held=10, lectures_attended=attended, questions=asked, attendance_share=attended * 10,
            completed_on=date(2006, 9, 20),
        )  # fmt: skip
        await road.service.receive(CONSUMES, completed)
        await road.service.receive(CONSUMES, completed)
    road.service.clock.at = datetime(2006, 9, 22, 2, tzinfo=UTC)
    assessor, second = (someone(Role.ASSESSOR, subject=f"class-{n}", organisation="cn/class") for n in (1, 2))
    found = (await done(road.service.get(assessor, f"{A}/assessments")))["items"]
    shown = [
        {part["component"]: part["score"] for part in row["components"]}
        for row in sorted(found, key=lambda row: str(row["participation"]))
    ]
    assert shown == [
        {"attendance": "80.00", "questions": "100.00", "group_discussion": None},
        {"attendance": "70.00", "questions": "100.00", "group_discussion": None},
    ]

    await done(road.sheet(assessor, "group_discussion", {1: "90", 2: "90"}))
    for number, outcome in ((1, "pass"), (2, "fail")):
        await done(act(road, assessor, number, "result", {"outcome": outcome}))
        await done(act(road, second, number, "confirm", {}))

    assert [(event["result"], event["score"]) for event in await road.service.outbox("assessed")] == [
        ("pass", "83.00"), ("fail", "75.00"),
    ]  # fmt: skip
    assert await road.service.scalar("SELECT count(*) FROM certificate WHERE state = 'requested'") == 1


def mission(kit: Any, number: int, programme: str, session: str = "2024") -> placement.MissionCompleted:
    """An expert's mission is over."""
    return placement.MissionCompleted(
        participation=kit.pid(number), programme=programme, session=session, mission=kit.pid(600), days=12,
        completed_on=date(2025, 6, 30),
    )  # fmt: skip


async def test_a_programme_that_only_accredits_survives_every_end(road: Any, kit: Any) -> None:
    """T-02: placed, sent on a mission, taught in a class: the term ends, nobody is assessed, no event waits or breaks."""
    programme = "heilongjiang-talent-support"
    assert (await put(road, programme, "round-1")).status_code == 200
    named = {"programme": programme, "batch": "round-1", "session": "2024"}
    taught = placement.ClassCompleted(
        participation=kit.pid(2), programme=programme, session="2024", course=kit.pid(500), host=None, lectures_held=10,
        lectures_attended=8, questions=1, attendance_share=80, completed_on=date(2025, 6, 30),
    )  # fmt: skip
    for number in (1, 2, 3):
        await road.receive(road.selected(number, **named, policy_version="round-1", sending_unit="cn/23/2301/U0001"))
    await road.receive(mission(kit, 1, programme), mission(kit, 1, programme), taught, taught)
    await road.receive(road.placed(3, **named), road.ended(3))

    states = "SELECT string_agg(state, ' ' ORDER BY id) FROM participation"
    assert await road.service.scalar(states) == "term_ended term_ended term_ended"
    assert await road.service.scalar("SELECT count(*) FROM assessment") == 0
    assert await road.service.scalar("SELECT count(*) FROM follow_up") == 0


async def test_an_assessed_expert_is_assessed_once_the_mission_is_over(road: Any, kit: Any) -> None:
    """X-02: ``mission.completed`` ends the term, before and after ``placed``, once; for strangers and leavers it does nothing."""
    programme = kit.programme
    await road.receive(road.selected(1), road.selected(2), road.selected(3), road.placed(2))
    await road.receive(
        selection.ApplicationWithdrawn(
            participation=kit.pid(3), programme=programme, session="2024", stage="selected", reason="illness"
        )
    )

    for _ in (1, 2):
        await road.receive(*(mission(kit, number, programme) for number in (1, 2, 3, 9)))

    states = "SELECT string_agg(state, ' ' ORDER BY id) FROM participation"
    assert await road.service.scalar(states) == "term_ended term_ended left"
    ended = "SELECT count(*) FROM assessment WHERE term_ended_on = '2025-06-30'"
    assert await road.service.scalar(ended) == await road.service.scalar("SELECT count(*) FROM assessment") == 2
    planned = await road.service.scalar("SELECT count(DISTINCT participation) FROM follow_up")
    assert planned == 2
