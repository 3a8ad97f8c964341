"""What happened beside and after the term, and money by source and purpose: counted from their own events (domain.md 1.6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from gateway.domain.statistics.measures import PARTS
from gateway.testing.stage import Stage
from gateway.testing.stories import (
    FUND,
    PROGRAMME,
    SESSION,
    Telling,
    cohort,
    folded,
    money,
    participation,
    story,
    thing,
    woven,
)

ASKED = {"programme": PROGRAMME, "session": SESSION}
PEOPLE = 12


def after(person: int) -> Any:
    """Two papers, one of them taken back, a patent; two follow-ups, the first amended; two uses of a card."""
    told = story(person)
    telling = Telling(participation(person))
    telling.told, telling.at = told, told["assessment"][-1].happening.at
    who = {"participation": participation(person)}
    for number, kind, phase in ((30, "paper", "during"), (31, "paper", "after"), (32, "patent", "after")):
        said = {"achievement": thing(person, number), "kind": kind, "standing": "published", "phase": phase}
        telling.tell("assessment", "achievement.changed", **who, **said, change="verified", changed_on="2026-01-10")
        if number == 31:
            telling.tell(
                "assessment", "achievement.changed", **who, **said, change="withdrawn", changed_on="2026-01-20"
            )
    for round, fits, projects in (("m6", None, 1), ("m6", False, 2), ("m12", person % 2 == 0, 3)):
        telling.tell(
            "assessment", "follow_up.recorded", **who, follow_up=thing(person, 40 if round == "m6" else 41), round=round,
            post_fits=fits, projects=projects, funds=money("1000.50"), training_days=4,
            recorded_on="2026-03-01" if round == "m6" else "2026-09-01",
        )  # fmt: skip
    for number in (50, 51):
        telling.tell(
            "assessment", "card.used", **who, card=thing(person, 49), use=thing(person, number), used_on="2026-02-02"
        )
    return told


def besides() -> list[Any]:
    """A budget with two sources and two purposes, an inspection, two findings of which one is closed."""
    found = []
    budget, inspection = str(UUID(int=7001)), str(UUID(int=7002))
    parts = {
        "sources": [{"code": "central", "amount": money("150000.00")}, {"code": "regional", "amount": money("90000.00")}],
        "purposes": [{"code": "allowance", "amount": money("200000.00")}, {"code": "travel", "amount": money("40000.00")}],
    }  # fmt: skip
    telling = Telling(budget)
    telling.tell(
        "funding", "budget.allocated", fund=FUND, budget=budget, session=SESSION, amount=money("240000.00"), **parts
    )
    found += telling.told["funding"]
    telling = Telling(inspection)
    telling.tell(
        "placement", "inspection.closed", inspection=inspection, region="cn/54", host="hosts/H001", programme=PROGRAMME,
        session=SESSION, conducted_on="2025-03-01", closed_on="2025-03-20", findings=["no-plan", "no-mentor"], severe=1,
    )  # fmt: skip
    found += telling.told["placement"]
    for number, fund, states in (
        (7003, FUND, ("open", "responded", "closed")),
        (7004, FUND, ("open",)),
        (7005, None, ("open",)),
    ):
        finding = str(UUID(int=number))
        telling = Telling(finding)
        for state in states:
            told = fund if state == "open" else None
            telling.tell(
                "funding",
                "finding.changed",
                finding=finding,
                fund=told,
                severity="high",
                state=state,
                changed_on="2025-05-01",
            )
        found += telling.told["funding"]
    return found


@pytest.fixture
async def walked(stage: Stage) -> Stage:
    """Twelve people who came back, and what happened beside them."""
    await stage.arrive([arrival for person in range(PEOPLE) for arrival in woven(after(person), [])])
    await stage.arrive(besides())
    return stage


async def value(stage: Stage, code: str, **asked: str) -> dict[str, Any]:
    answer = await stage.client.get(
        f"/v1/statistics/{code}", params=ASKED | asked, headers=stage.bearer(asked.pop("role", "auditor"))
    )
    assert answer.status_code == 200, (code, answer.text)
    found: dict[str, Any] = answer.json()
    return found


def cells(found: dict[str, Any]) -> dict[str, str]:
    return {cell["key"]: cell["value"] for cell in found["cells"]}


async def test_everything_is_counted_once(walked: Stage) -> None:
    """Withdrawn achievements do not count, an amended follow-up counts once, money of the session adds up."""
    wanted = {
        "achievements": PEOPLE * 2, "achievements-during": PEOPLE, "achievements-after": PEOPLE, "follow-ups": PEOPLE * 2,
        "followed-up": PEOPLE, "follow-up-projects": PEOPLE * 5, "card-uses": PEOPLE * 2, "inspections": 1,
        "inspection-findings": 2, "audit-findings": 2, "audit-findings-closed": 1, "audit-findings-open": 1,
    }  # fmt: skip

    found = {code: (await value(walked, code))["value"] for code in wanted}

    assert found == {code: str(number) for code, number in wanted.items()}
    assert (await value(walked, "follow-up-funds"))["value"] == f"{PEOPLE * 2 * 1000.5:.2f}"
    assert (await value(walked, "money-allocated"))["value"] == "240000.00"
    assert (await value(walked, "money-spent"))["value"] == f"{PEOPLE * 20000:.2f}"
    assert (await value(walked, "money-balance"))["value"] == "0.00"
    assert (await value(walked, "fitting-posts"))["suppressed"], "six of twelve is too few persons"


async def test_parts_sum_to_the_whole(walked: Stage) -> None:
    """By kind, by round, by fund, source and purpose."""
    assert cells(await value(walked, "achievements", by="kind")) == {"paper": str(PEOPLE), "patent": str(PEOPLE)}
    assert cells(await value(walked, "achievements-after", by="kind")) == {"patent": str(PEOPLE)}
    assert cells(await value(walked, "follow-ups", by="round")) == {"m12": str(PEOPLE), "m6": str(PEOPLE)}
    assert cells(await value(walked, "money-allocated", by="source")) == {
        "central": "150000.00",
        "regional": "90000.00",
    }
    assert cells(await value(walked, "money-allocated", by="purpose")) == {
        "allowance": "200000.00",
        "travel": "40000.00",
    }
    assert cells(await value(walked, "money-allocated", by="fund")) == {FUND: "240000.00"}


async def test_nobody_counts_what_lies_elsewhere(walked: Stage) -> None:
    """A prefecture without people there sees neither findings nor inspections nor money."""
    headers = walked.bearer("local_reviewer", organisation="cn/54/5499")
    for code in ("inspections", "audit-findings", "money-allocated", "achievements"):
        answer = await walked.client.get(f"/v1/statistics/{code}", params=ASKED, headers=headers)
        assert float(answer.json()["value"]) == 0, answer.text


async def test_another_session_has_none_of_it(walked: Stage) -> None:
    """Inspections and budgets are those of the session that is asked for."""
    for code in ("inspections", "money-allocated"):
        assert float((await value(walked, code, session="2031"))["value"]) == 0


def test_an_uneventful_journey_has_no_parts() -> None:
    """Every part is read from what is there, also where nothing is."""
    journey = folded(woven(story(1), []))

    assert [find(journey) for find in PARTS.values()] == [[]] * len(PARTS)
    assert cohort(1)
