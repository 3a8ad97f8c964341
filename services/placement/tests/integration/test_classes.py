"""Short classes over the real routes: the numbers of the source, queues, calls, the nameless form, bad input."""

from __future__ import annotations

import re
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from placement.testing.class_road import BEGIN, END, KINDS, PROGRAMME, UNITS, ClassRoad, roll, timetable, unit_path
from shared.kernel.actor import Role
from shared.sheets.writing import XLSX_TYPE
from shared.testing.actors import someone

SCORES = {"universality": 5, "pertinence": 4, "flexibility": 4, "enthusiasm": 5, "effectiveness": 3}


@pytest.fixture
def course(road: Any) -> ClassRoad:
    """A class on the road."""
    return ClassRoad(road)


async def delegates_of(course: ClassRoad, actor: Any, query: str = "") -> list[dict[str, Any]]:
    """All delegates somebody sees."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = await course.road.ok(course.get(actor, f"/delegates?limit=100{query}{cursor}"))
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def test_the_class_of_the_source(course: ClassRoad, road: Any) -> None:
    """S2: 428 units, more than 500 delegates, ten lectures, three groups, about 160 questions, materials for everyone."""
    began = perf_counter()
    await course.registering(UNITS)
    for n in range(30):
        path = unit_path("provincial-department", n)
        await road.ok(course.register((path, f"P{n}-1"), (path, f"P{n}-2"), by=course.unit(path)))
    rest = [(line["unit"], f"{line['unit'][-4:]}-1") for line in roll(UNITS) if "/P" not in line["unit"]]
    more = [(unit_path(category, n), f"{category}-{n}-2") for category, n in
            [("prefecture-bureau", n) for n in range(30)] + [("technical-school", n) for n in range(40)]]  # fmt: skip
    await road.ok(course.register(*rest, *more))
    await road.ok(course.put("/sessions", timetable()))
    await course.ok(course.organiser, "/groups", {"seed": "2006"})
    await course.ok(course.organiser, "/materials", {"code": "compilation", "title_zh": "文件汇编",
                    "title_en": "Compilation", "reference": "doc:1"})  # fmt: skip
    before: list[dict[str, Any]] = [{"topic": "policy", "text": f"Question {n}", "number": n} for n in range(1, 61)]
    await course.ok(course.organiser, "/questions", {"items": before})
    course.on(BEGIN)
    await course.ok(course.organiser, "/begin")
    handed = await course.ok(course.organiser, "/materials/compilation/distributions", {"handed_on": str(BEGIN)})
    during: list[dict[str, Any]] = [{"topic": "schools", "text": f"Question {n}"} for n in range(90)]
    during.append({"topic": "funds", "text": "Several of the same kind", "count": 10, "precision": "about"})
    asked = await course.ok(course.organiser, "/questions", {"items": during})
    answered = [{"question": q["id"], "decision": "answer", "text": "So."} for q in asked["items"][:80]]
    later = [{"question": q["id"], "decision": "follow-up"} for q in asked["items"][80:]]
    await course.ok(course.organiser, "/answers", {"items": answered + later})
    await course.called()
    for n in range(30):
        await course.ok(course.delegate(f"P{n}-1"), "/evaluations", {"scores": SCORES})
    await course.ok(course.organiser, "/evaluate")
    took = perf_counter() - began

    said = await road.ok(course.get(road.people.auditor, "/summary"))
    by_category = {each["category"]: each for each in said["categories"]}
    assert {name: each["units"] for name, each in by_category.items()} == UNITS
    assert (said["units_asked"], said["units"], said["delegates"], said["waiting"]) == (428, 428, 528, 0)
    assert (said["lectures"], said["lecturers"], said["groups"]) == (10, 10, [176, 176, 176])
    assert said["questions"] == {
        "total": 160, "precision": "about", "before": 60, "during": 100,
        "by_state": {"received": 60, "answered": 80, "follow_up": 20},
    }  # fmt: skip
    assert (handed["count"], said["copies"], said["attendance_share"], len(said["provinces"])) == (528, 528, 100, 30)
    assert {each["dimension"]: (each["answers"], each["mean"]) for each in said["evaluation"]} == {
        name: (30, float(score)) for name, score in SCORES.items()
    }
    assert await road.service.scalar("SELECT count(*) FROM class_mark") == 528 * (len(KINDS) - 3) + 528
    print({"class of 528 delegates, seconds": round(took, 2)})  # noqa: T201


async def test_the_last_seat_goes_to_one(course: ClassRoad, road: Any) -> None:
    """Eight who do not wait race for one seat: one has it, the others are told; the database would refuse a second."""
    await course.registering({"technical-school": 8}, {"technical-school": 1})
    calls = [
        course.register((unit_path("technical-school", n), f"d-{n}"), by=course.unit(unit_path("technical-school", n)),
                        wait=False)
        for n in range(8)
    ]  # fmt: skip

    answers = await road.service.race(calls)

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    lost = next(answer.json() for answer in answers if answer.status_code == 409)
    assert lost["errors"][0]["code"] == "no-seat-left"
    assert await road.service.scalar("SELECT taken FROM class_quota WHERE category = 'technical-school'") == 1
    with pytest.raises(Exception, match="ck_class_quota_taken"):
        async with road.service.running.engine.begin() as connection:
            await connection.execute(
                text("UPDATE class_quota SET taken = taken + 1 WHERE category = 'technical-school'")
            )


async def test_who_waits_moves_up(course: ClassRoad, road: Any) -> None:
    """S-14: a freed seat goes to the first in line, more seats to the next ones; over-subscription shows by province."""
    await course.registering({"technical-school": 3}, {"technical-school": 1})
    people = [(unit_path("technical-school", n), f"d-{n}") for n in range(3)]
    seats = (await road.ok(course.register(*people)))["items"]
    assert [seat["state"] for seat in seats] == ["seated", "waiting", "waiting"]
    said = await road.ok(course.get(course.organiser, "/summary"))
    assert [(p["province"], p["delegates"], p["waiting"]) for p in said["provinces"]] == [
        ("11", 1, 0), ("12", 0, 1), ("13", 0, 1),
    ]  # fmt: skip

    await course.ok(course.unit(people[0][0]), f"/delegates/{seats[0]['id']}/release")
    after_release = {seat["number"]: seat["state"] for seat in await delegates_of(course, course.organiser)}
    await course.ok(course.organiser, "/quotas", {"items": [{"category": "technical-school", "seats": 2}]})
    after_more = {seat["number"]: seat["state"] for seat in await delegates_of(course, course.organiser)}
    fewer = await course.post(course.organiser, "/quotas", {"items": [{"category": "technical-school", "seats": 1}]})

    assert after_release == {1: "released", 2: "seated", 3: "waiting"}
    assert after_more == {1: "released", 2: "seated", 3: "seated"}
    assert (fewer.status_code, fewer.json()["errors"][0]["code"]) == (409, "seats-below-taken")


async def test_selected_delegates_are_placed_with_the_host(course: ClassRoad, road: Any) -> None:
    """Selection's people: seat, ``placed``, arrival, ``class.completed``; who withdraws frees the seat for the next."""
    schools = [unit_path("technical-school", n) for n in range(3)]
    await course.registering({"technical-school": 3}, {"technical-school": 2})
    await road.receive(*(course.selected(n, unit) for n, unit in enumerate(schools, 1)))
    seats = (await course.ok(course.organiser, "/enrolments", {}))["items"]
    assert [seat["state"] for seat in seats] == ["seated", "seated", "waiting"]
    refused = await course.post(course.unit(schools[0]), f"/delegates/{seats[0]['id']}/release")
    assert (refused.status_code, refused.json()["code"]) == (409, "seat-of-application")

    await road.receive(road.withdrawn(1), road.withdrawn(1))
    placed = {each["participation"]: each["host"] for each in await road.heard("placed")}
    await road.ok(course.put("/sessions", timetable()))
    await course.ok(course.organiser, "/groups", {"seed": "s"})
    course.on(BEGIN)
    await course.ok(course.organiser, "/begin")
    arrived = [{"participation": road.pid(n), "arrived_on": str(BEGIN)} for n in (2, 3)]
    await road.ok(road.post(course.venue, "/arrivals", {"items": arrived}))
    await course.ok(course.delegate("account-2"), "/questions", {"items": [{"topic": "policy", "text": "When?"}]})
    await course.called()
    absent = {"items": [{"number": 2, "mark": "absent"}]}
    await course.ok(course.venue, "/sessions/2/attendance", absent)
    await course.ok(course.organiser, "/evaluate")

    assert placed == {road.pid(n): "hosts/H001" for n in (1, 2, 3)}
    assert (await road.placement(1))["end_kind"] == "before_start"
    told = {each["participation"]: each for each in await road.heard("class.completed")}
    assert told[road.pid(2)] == {
        "type": "class.completed", "participation": road.pid(2), "programme": PROGRAMME, "session": "2006",
        "course": course.id, "host": "hosts/H001", "lectures_held": 10, "lectures_attended": 9,
        "attendance_share": 93, "questions": 1, "questions_before": 0, "completed_on": str(END),
    }  # fmt: skip
    assert (told[road.pid(3)]["attendance_share"], set(told)) == (100, {road.pid(2), road.pid(3)})
    ended = [{"participation": road.pid(n), "ended_on": str(END)} for n in (2, 3)]
    await road.ok(road.post(course.venue, "/endings", {"items": ended}))
    assert (await road.placement(2))["end_kind"] == "normal"


async def test_the_check_list_comes_back(course: ClassRoad, road: Any) -> None:
    """The workbook is filled in and sent back; wrong cells are all named, another session's list is refused."""
    await course.in_session(3)
    sheet = await course.get(course.venue, "/sessions/1/check-list")
    csv = "number,unit,group,mark\r\n1,,,present\r\n2,,,excused\r\n3,,,absent\r\n"
    broken = "number,unit,group,mark\r\none,,,present\r\n2,,,late\r\n9,,,\r\n"

    async def send(content: bytes, kind: str = "text/csv", session: int = 1) -> Any:
        path = f"/v1/placement/classes/{course.id}/sessions/{session}/check-list"
        return await road.service.call(course.venue, "POST", path, content=content, headers={"content-type": kind})

    assert sheet.content[:2] == b"PK"
    empty, other = await send(sheet.content, XLSX_TYPE), await send(sheet.content, XLSX_TYPE, session=2)
    wrong, right = await send(broken.encode()), await send(csv.encode())
    assert (empty.status_code, empty.json()["code"], len(empty.json()["errors"])) == (400, "sheet-wrong", 3)
    assert (other.status_code, other.json()["code"]) == (400, "other-template")
    assert [error["code"] for error in wrong.json()["errors"]] == ["bad-integer", "unknown-code", "required"]
    assert right.json() == {"count": 3}
    assert await road.service.scalar("SELECT count(*) FROM class_mark WHERE mark = 'excused'") == 1


async def test_the_form_is_nameless(course: ClassRoad, road: Any) -> None:
    """K-09: one answer each, no trace of who said what, nothing shown of few answers or before the end."""
    people = await course.in_session(12)
    delegate = course.delegate(people[0][1])
    key = str(uuid4())
    first = await course.post(delegate, "/evaluations", {"scores": SCORES}, key=key)
    again = await course.post(delegate, "/evaluations", {"scores": SCORES}, key=key)
    for _, account in people[1:8]:
        await course.ok(course.delegate(account), "/evaluations", {"scores": SCORES})
    stranger = await course.post(course.delegate("nobody"), "/evaluations", {"scores": SCORES})
    wrong = await course.post(course.delegate(people[9][1]), "/evaluations", {"scores": {"universality": 9}})

    assert (first.status_code, again.status_code, again.json()["code"]) == (200, 409, "evaluated-already")
    assert (stranger.status_code, wrong.status_code, len(wrong.json()["errors"])) == (404, 400, 5)
    assert await road.service.scalar("SELECT count(*) FROM idempotency WHERE route LIKE '%evaluations'") == 0
    columns = await road.service.scalar(
        "SELECT string_agg(column_name, ' ' ORDER BY column_name) FROM information_schema.columns "
        "WHERE table_name = 'class_score'"
    )
    assert columns == "class_id count dimension score"
    for _, account in people[8:11]:
        await course.ok(course.delegate(account), "/evaluations", {"scores": SCORES | {"pertinence": 1}})
    during = (await road.ok(course.get(course.organiser, "/summary")))["evaluation"]
    assert {each["answers"] for each in during} == {None}
    await course.called()
    await course.ok(course.organiser, "/evaluate")
    after = {
        each["dimension"]: each for each in (await road.ok(course.get(course.organiser, "/summary")))["evaluation"]
    }
    assert (after["universality"]["answers"], after["universality"]["counts"]) == (11, [0, 0, 0, 0, 11])
    assert (after["pertinence"]["mean"], after["pertinence"]["counts"]) == (3.2, None)


async def test_classes_are_compared(course: ClassRoad, road: Any) -> None:
    """K-08: the largest of the classes that are over."""
    await course.in_session(4)
    await course.called()
    await course.ok(course.organiser, "/evaluate")
    await course.ok(course.organiser, "/archive")
    smaller = ClassRoad(road)
    course.on(BEGIN.replace(month=7))
    made = await road.ok(road.post(course.organiser, "/classes", course.text(code="C2006-2", starts_on="2006-09-05")))
    smaller.id = made["id"]
    await road.ok(smaller.put("/units", roll({"technical-school": 1})))
    await smaller.ok(course.organiser, "/open-registration")
    await road.ok(smaller.register((unit_path("technical-school", 0), "x")))
    smaller.on(END)
    for step in ("/begin", "/evaluate"):
        await smaller.ok(course.organiser, step)

    said = (await road.ok(road.get(road.people.auditor, "/class-comparison")))["items"]

    assert [(each["code"], each["delegates"], each["lectures"], each["rank"], each["largest"]) for each in said] == [
        ("C2006", 4, 10, 1, True), ("C2006-2", 1, 0, 2, False),
    ]  # fmt: skip


async def test_everybody_sees_their_own(course: ClassRoad, road: Any) -> None:
    """A unit sees its delegates and questions, a delegate the own ones, others nothing; foreign releases are 404."""
    people = await course.in_session(3)
    mine, other = course.unit(people[0][0]), course.unit(people[1][0])
    await course.ok(mine, "/questions", {"items": [{"topic": "policy", "text": "When?", "number": 1}]})
    seat = (await delegates_of(course, mine))[0]

    foreign = await course.post(other, f"/delegates/{seat['id']}/release")
    asked_for_other = await course.post(other, "/questions", {"items": [{"topic": "x", "text": "?", "number": 1}]})
    registered_for_other = await course.register((people[0][0], "z"), by=other)
    stranger = someone(Role.REGIONAL_OFFICER, organisation="cn/54")

    assert [seat["account"] for seat in await delegates_of(course, course.delegate(people[2][1]))] == [people[2][1]]
    assert len(await delegates_of(course, course.venue)) == 3
    assert await delegates_of(course, stranger) == []
    assert [foreign.status_code, asked_for_other.status_code, registered_for_other.status_code] == [404, 404, 404]
    assert (await course.post(stranger, "/evaluate")).status_code == 403
    assert (await course.get(stranger, "/summary")).status_code == 404
    questions = {name: (await road.ok(course.get(actor, "/questions")))["items"] for name, actor in
                 {"mine": mine, "other": other, "organiser": course.organiser}.items()}  # fmt: skip
    assert {name: len(items) for name, items in questions.items()} == {"mine": 1, "other": 0, "organiser": 1}


async def test_all_problems_of_a_list_at_once(course: ClassRoad, road: Any) -> None:
    """Registration, roll, timetable, call and distribution: a pointer for every problem, in both languages, nothing written."""
    await course.registering({"technical-school": 2}, {"technical-school": 2})
    school = unit_path("technical-school", 0)
    await road.ok(course.register(*((school, f"s-{n}") for n in range(3))))

    registered = await course.register((school, "s-0"), ("cn/99/X", "n-1"), (school, "s-8"), (school, "s-9"))
    units = [
        {"unit": "cn/11/N", "category": "astrologers", "province": "99"},
        {"unit": school, "category": "industry", "province": "11"},
    ]
    rolled = await road.service.call(
        course.organiser, "PUT", f"/v1/placement/classes/{course.id}/units", {"items": units},
        headers={"accept-language": "zh-CN"},
    )  # fmt: skip
    timed = await course.put("/sessions", [line | {"kind": "party"} for line in timetable()[:2]])

    assert [(e["pointer"], e["code"]) for e in registered.json()["errors"]] == [
        ("/items/0", "registered-already"), ("/items/1", "unit-not-on-roll"), ("/items/3", "unit-seats-taken"),
    ]  # fmt: skip
    assert [(e["pointer"], e["code"]) for e in rolled.json()["errors"]] == [
        ("/items/0/category", "unknown-category"), ("/items/0/province", "unknown-province"),
        ("/items/1/unit", "unit-has-delegates"),
    ]  # fmt: skip
    assert rolled.json()["errors"][0]["detail"] == "没有此单位类别。"
    assert [(e["pointer"], e["code"]) for e in timed.json()["errors"]] == [
        ("/items/0/kind", "unknown-kind"), ("/items/1/kind", "unknown-kind"),
    ]  # fmt: skip
    assert await road.service.scalar("SELECT count(*) FROM class_seat") == 3
    assert await road.service.scalar("SELECT count(*) FROM class_session") == 0
    assert await road.service.scalar("SELECT registered FROM class_unit WHERE unit = :u", u=school) == 3

    await road.ok(course.put("/sessions", timetable()))
    course.on(BEGIN, 0)
    await course.ok(course.organiser, "/begin")
    early = await course.post(course.venue, "/sessions/9/attendance", {"items": [], "rest": "present"})
    course.on(END)
    marks = [{"number": n, "mark": "present"} for n in (1, 1, 3, 77)]
    called = await course.post(course.venue, "/sessions/1/attendance", {"items": marks})
    nothing = await course.post(course.venue, "/sessions/99/attendance", {"items": marks})
    closing = await course.post(course.organiser, "/evaluate")

    assert (early.status_code, early.json()["code"]) == (422, "session-not-begun")
    assert [(e["pointer"], e["code"]) for e in called.json()["errors"]] == [
        ("/items/0/number", "duplicate-item"), ("/items/1/number", "duplicate-item"),
        ("/items/2/number", "unknown-delegate"), ("/items/3/number", "unknown-delegate"),
    ]  # fmt: skip
    assert (nothing.status_code, nothing.json()["code"]) == (404, "unknown-session")
    assert (closing.status_code, closing.json()["code"]) == (422, "attendance-missing")
    assert closing.json()["errors"][0]["pointer"] == "/sessions/1"


ANNOUNCING: list[tuple[dict[str, Any], int, str]] = [
    ({"host": "hosts/H999", "ends_on": "2006-09-01"}, 400, "class-wrong"),
    ({"programme": "tibet-special-training", "policy_version": "batch-3"}, 422, "no-classes"),
    ({"policy_version": "class-1999"}, 404, "policy-missing"),
    ({}, 409, "class-exists"),
    ({"organiser": "cn/11", "code": "other"}, 403, "not-yours"),
]


async def test_a_class_that_cannot_be_announced(course: ClassRoad, road: Any) -> None:
    """Host, days, policy, code and organiser."""
    await course.announced()
    await road.policies()

    for more, status, code in ANNOUNCING:
        actor = road.people.region if status == 403 else course.organiser
        answer = await road.post(actor, "/classes", course.text(**more))
        assert (answer.status_code, answer.json()["code"]) == (status, code), more
    wrong = await road.post(course.organiser, "/classes", course.text(**ANNOUNCING[0][0]))
    assert [e["pointer"] for e in wrong.json()["errors"]] == ["/host", "/ends_on", "/registers_until"]


async def test_every_command_of_a_class_can_be_done_once(course: ClassRoad, road: Any) -> None:
    """Stale 412, the same key the same answer, the same key with another body 422, unknown class 404."""
    done: set[str] = set()
    plain = course.road.post

    async def strict(actor: Any, path: str, body: Any = None, **more: Any) -> Any:
        name = re.sub(r"[0-9a-f-]{36}", "{id}", path)
        if name in done or "{id}" not in name or name.endswith(("/evaluations", "/classes")):
            return await plain(actor, path, body, **more)
        unknown = await plain(actor, path.replace(course.id, str(UUID(int=9))), body)
        stale = await plain(actor, path, body, if_match=999)
        key = str(uuid4())
        first, second = await plain(actor, path, body, key=key), await plain(actor, path, body, key=key)
        other = await plain(actor, path, {"surprise": 1}, key=key)
        assert (unknown.status_code, stale.status_code) == (404, 412), (name, unknown.text, stale.text)
        assert first.status_code < 300, first.text
        assert (second.content, second.headers["idempotent-replayed"]) == (first.content, "true")
        assert other.status_code == 400
        done.add(name)
        return first

    course.road.post = strict
    people = await course.in_session(2)
    await course.ok(course.organiser, "/groups/moves", {"items": [{"number": 1, "breakout": 2}]})
    material = {"code": "m", "title_zh": "材料", "title_en": "Material", "reference": "doc:1"}
    await course.ok(course.organiser, "/materials", material)
    await course.ok(course.organiser, "/materials/m/distributions", {"handed_on": str(BEGIN), "numbers": [1]})
    asked = await course.ok(course.organiser, "/questions", {"items": [{"topic": "x", "text": "?"}]})
    decided = {"question": asked["items"][0]["id"], "decision": "follow-up"}
    await course.ok(course.organiser, "/answers", {"items": [decided]})
    await course.ok(course.organiser, "/quotas", {"items": [{"category": "industry", "seats": 1}]})
    seat = (await delegates_of(course, course.unit(people[1][0])))[0]["id"]
    await course.ok(course.organiser, f"/delegates/{seat}/release")
    await course.called()
    await course.ok(course.organiser, "/evaluate")
    await course.ok(course.organiser, "/archive")

    assert {name.rpartition("/")[2] for name in done} == {
        "open-registration", "delegates", "groups", "begin", "moves", "materials", "distributions", "questions",
        "answers", "quotas", "release", "attendance", "evaluate", "archive",
    }  # fmt: skip
    course.road.post = plain


async def test_what_a_class_makes_due(course: ClassRoad, road: Any) -> None:
    """Calls are the venue's, questions and the end of the class the organiser's; done things are owed no more."""
    people = await course.in_session(2)
    await course.ok(course.delegate(people[0][1]), "/questions", {"items": [{"topic": "x", "text": "?"}]})

    async def owed(actor: Any) -> list[tuple[str, str]]:
        due = (await road.ok(road.get(actor, "/obligations?mine=true&limit=100")))["items"]
        return sorted({(each["kind"], each["due_on"]) for each in due})

    venue, organiser = await owed(course.venue), await owed(course.organiser)
    await course.called()

    assert venue == [("call-class-session", f"2006-09-0{day}") for day in (4, 5, 6, 7)]
    assert organiser == [("answer-question", "2006-10-08"), ("evaluate-class", "2006-09-08")]
    assert await owed(course.venue) == []
    assert await owed(course.delegate(people[1][1])) == []
