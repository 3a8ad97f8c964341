"""A short class through the gateway: policy, roll, registration, calls, questions, form, report (K-01 to K-09)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import yaml

from talent_local.cohort.road import persons
from talent_local.cohort.road.door import Door, Refused
from talent_local.cohort.road.persons import Person
from talent_local.cohort.run import door_of

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

FILE = Path(__file__).parents[2] / "programmes" / "skilled-talent-class" / "class-2006" / "placement.yaml"
UNITS = {"provincial-department": 3, "prefecture-bureau": 14, "industry": 1, "enterprise": 2, "technical-school": 23}
"""A tenth of K-01."""
KINDS = ("ceremony", *["lecture"] * 10, "qa")
SCORES = {"universality": 5, "pertinence": 4, "flexibility": 4, "enthusiasm": 5, "effectiveness": 4}


@pytest.fixture
async def door(carried: Any) -> AsyncIterator[Door]:
    async with door_of(carried.home) as opened:
        yield opened


def day_of(id: str) -> datetime:
    """Eight o'clock of the business day on which a thing was made: its id is a UUIDv7 of the platform's clock."""
    made = datetime.fromtimestamp((UUID(id).int >> 80) / 1000, ZoneInfo("Asia/Shanghai"))
    return made.replace(hour=8, minute=0, second=0, microsecond=0)


def path_of(category: str, n: int) -> str:
    return f"cn/{11 + n % 5}/{category[:3].upper()}{n:02d}"


async def test_a_class_is_held_through_the_gateway(door: Door) -> None:
    """43 units register two delegates each; everybody hears ten lectures, asks, is given the compilation, and answers."""
    base = "/v1/placement"

    async def post(person: Person, path: str, body: Any = None) -> Any:
        return await door.post(person, base + path, body, step="class", subject=path)

    async def put(path: str, body: Any) -> Any:
        return await door.command(persons.MINISTRY, "PUT", base + path, body, step="class", subject=path)

    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    policy = await put(f"/policies/{content['programme']}/{content['version']}", content)
    today = day_of(policy["id"])
    yesterday = today - timedelta(days=1)
    venue = (await door.get(persons.MINISTRY, f"{base}/hosts"))["items"][0]
    officer = Person("acc-class-host", "host_officer", venue["path"])
    made = await post(persons.MINISTRY, "/classes", {
        "programme": content["programme"], "policy_version": content["version"], "batch": "class-2006",
        "session": "journey", "code": "journey", "title_zh": "培训班", "title_en": "Class", "organiser": "cn",
        "host": venue["path"], "starts_on": str(yesterday.date()), "ends_on": str(today.date()),
        "registers_until": str(today.date()),
    })  # fmt: skip
    own = f"/classes/{made['id']}"
    roll = [
        {"unit": path_of(category, n), "category": category, "province": str(11 + n % 5)}
        for category, count in UNITS.items()
        for n in range(count)
    ]
    await put(f"{own}/units", {"items": roll})
    moments = [yesterday + timedelta(minutes=30 * n) for n in range(len(KINDS))]
    await put(f"{own}/sessions", {"items": [
        {"number": n, "kind": kind, "topic_zh": f"议题{n}", "topic_en": f"Topic {n}",
         "starts_at": moment.isoformat(), "ends_at": (moment + timedelta(minutes=29)).isoformat(),
         "lecturers": [f"L{n}"] if kind == "lecture" else []}
        for n, (kind, moment) in enumerate(zip(KINDS, moments, strict=True), 1)
    ]})  # fmt: skip
    await post(persons.MINISTRY, f"{own}/open-registration")
    for line in roll:
        unit = Person(f"acc-{line['unit'].replace('/', '-')}", "unit_officer", line["unit"])
        named = [f"acc-delegate-{line['unit'].replace('/', '-')}-{n}" for n in (1, 2)]
        await post(unit, f"{own}/delegates", {"items": [{"unit": line["unit"], "account": a} for a in named]})
    await post(persons.MINISTRY, f"{own}/groups", {"seed": "journey"})
    await post(persons.MINISTRY, f"{own}/materials", {"code": "compilation", "title_zh": "文件汇编",
               "title_en": "Compilation", "reference": "doc:1"})  # fmt: skip
    await post(persons.MINISTRY, f"{own}/begin")
    handed = await post(
        persons.MINISTRY, f"{own}/materials/compilation/distributions", {"handed_on": str(today.date())}
    )
    questions = [{"topic": "policy", "text": f"Question {n}", "number": n} for n in range(1, 17)]
    asked = await post(persons.MINISTRY, f"{own}/questions", {"items": questions})
    answers = [{"question": q["id"], "decision": "answer", "text": "So."} for q in asked["items"]]
    await post(persons.MINISTRY, f"{own}/answers", {"items": answers})
    for number in range(1, len(KINDS) + 1):
        await post(officer, f"{own}/sessions/{number}/attendance", {"items": [], "rest": "present"})
    for line in roll[:12]:
        delegate = Person(f"acc-delegate-{line['unit'].replace('/', '-')}-1", "applicant", "")
        await post(delegate, f"{own}/evaluations", {"scores": SCORES})
    with pytest.raises(Refused, match="wrong-role"):
        await post(Person("acc-nobody", "applicant", ""), f"{own}/evaluate")
    await post(persons.MINISTRY, f"{own}/evaluate")

    said = await door.get(persons.AUDITOR, f"{base}{own}/summary")
    assert (said["units"], said["delegates"], said["lectures"], said["groups"]) == (43, 86, 10, [29, 29, 28])
    assert (handed["count"], said["questions"]["by_state"], said["attendance_share"]) == (86, {"answered": 16}, 100)
    assert {each["answers"] for each in said["evaluation"]} == {12}
