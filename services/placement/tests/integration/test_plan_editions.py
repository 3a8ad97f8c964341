"""Training plans: consulted on the very text, answered, compared by edition (M-06 to M-09, P-15)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError


def said(answer: Any) -> tuple[int, str, str | None]:
    body = answer.json()
    return answer.status_code, body["code"], body.get("rule")


async def test_a_rewritten_draft_is_consulted_anew(road: Any) -> None:
    """M-07: what was said to the first text stays, and does not count for the second."""
    await road.placed(1)
    (id,) = await road.drafted_plans([1])
    trainee, host = road.people.trainee(1), road.people.host()

    await road.ok(road.post(trainee, f"/plans/{id}/consult", {"comments": "No research?", "agrees": False}))
    await road.ok(road.post(host, f"/plans/{id}/answer", {"answer": "It is added."}))
    again = await road.post(host, f"/plans/{id}/answer", {"answer": "Twice."})
    assert said(again) == (409, "answered-already", "M-07")
    parts = road.plan_text()["parts"]
    research = {
        "mode": "research",
        "title": "Registry",
        "starts_on": "2025-01-01",
        "ends_on": "2025-05-31",
        "hours": 80,
    }
    written = await road.ok(road.post(host, f"/plans/{id}/rewrite", road.plan_text(parts=[*parts, research])))
    assert (written["state"], written["consulted_on"], written["parts"][2]["hours"]) == ("draft", None, 80)
    assert said(await road.post(host, f"/plans/{id}/approve")) == (422, "plan-not-consulted", "M-07")
    await road.ok(road.post(trainee, f"/plans/{id}/consult", {"comments": "Yes.", "agrees": True}))
    done = await road.ok(road.post(host, f"/plans/{id}/approve"))

    assert [(c["comments"], c["agrees"], c["answer"]) for c in done["consultations"]] == [
        ("No research?", False, "It is added."), ("Yes.", True, None),
    ]  # fmt: skip
    assert len({c["text_sha256"] for c in done["consultations"]}) == 2


async def test_editions_are_compared(road: Any) -> None:
    """What a revision changes is shown member by member, to those who see the plan."""
    await road.placed(1)
    (first,) = await road.planned([1])
    host = road.people.host()
    changed = road.plan_text(post="Research ward", tasks=["rounds", "registry"], reason="Wish of the trainee.")
    changed["inputs"] |= {"teachers": "three"}
    second = (await road.ok(road.post(host, f"/plans/{first}/revisions", changed)))["id"]

    shown = await road.ok(road.get(road.people.trainee(1), f"/plans/{second}/changes"))

    assert (shown["edition"], shown["against_edition"]) == (2, 1)
    assert shown["changes"] == [
        {"member": "post", "before": "Cardiology ward", "after": "Research ward"},
        {"member": "tasks", "before": [], "after": ["registry"]},
        {"member": "inputs.teachers", "before": "two", "after": "three"},
    ]
    assert (await road.ok(road.get(host, f"/plans/{first}/changes")))["changes"] == []
    assert (await road.get(road.people.other_unit, f"/plans/{second}/changes")).status_code == 404


async def test_parts_have_hours_and_policies_demand_aims(road: Any) -> None:
    """M-09: more hours than days, and an aim of the policy without an outcome, both told."""
    original = road.content
    road.content = lambda version: original(version) | {"plan": {"aims": ["innovation", "practical_ability"]}}
    await road.placed(1)
    text = road.plan_text(participation=road.pid(1), aims={"innovation": ["a study"]})
    text["parts"][1] |= {"hours": 9999}

    answer = await road.post(road.people.host(), "/plans", {"items": [text]}, headers={"accept-language": "zh-CN"})

    assert [(e["code"], e["pointer"]) for e in answer.json()["errors"]] == [
        ("too-many-hours", "/items/0/parts/1/hours"), ("aim-missing", "/items/0/aims/practical_ability"),
    ]  # fmt: skip
    assert all("。" in e["detail"] for e in answer.json()["errors"])


async def test_the_database_asks_for_consultation_and_answer(road: Any) -> None:
    """M-07 holds below the code: nothing is in force unheard, nor against a disagreement without an answer."""
    await road.placed(1)
    (id,) = await road.drafted_plans([1])

    async def force(**more: str) -> None:
        extra = "".join(f", {name} = {value}" for name, value in more.items())
        async with road.service.running.engine.begin() as connection:
            await connection.execute(text(f"UPDATE plan SET state = 'in_force'{extra} WHERE id = :id"), {"id": id})

    with pytest.raises(IntegrityError, match="ck_plan_consulted"):
        await force()
    with pytest.raises(IntegrityError, match="ck_plan_answered"):
        await force(consulted_on="'2024-03-01'", trainee_agrees="false", consultations="'[1]'")
    await force(consulted_on="'2024-03-01'", trainee_agrees="false", host_answer="'Because.'")
