"""What is due from whom follows the state of things; everyone sees their own (codes and ids only)."""

from __future__ import annotations

from datetime import date
from typing import Any

from shared.kernel.actor import Actor

DUE = {
    "deadlines": {
        "local_review": 5, "sheets": 7, "classification": 3, "balancing": 2, "fixing": 4, "filing": 10,
        "acknowledgement": 15, "escalation": 6,
    },
    "reserve": {"confirmation": "required", "answer_days": 3},
}  # fmt: skip


async def due(road: Any, actor: Actor | None = None, query: str = "") -> list[dict[str, Any]]:
    read = await road.ok(road.get(actor or road.people.region, f"/obligations?session={road.session}{query}"))
    found: list[dict[str, Any]] = read["items"]
    return found


def kinds(rows: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return sorted((row["kind"], row["due_on"]) for row in rows)


async def test_obligations_follow_a_session_from_submission_to_receipt(road: Any) -> None:
    """Each act ends one obligation and begins the next; the policy's days count from the moment it began."""
    road.more = DUE
    await road.opened(1)
    first, second = await road.submitted(0, 1)
    begun = kinds(await due(road))
    items = [{"application": second, "decision": "return", "reason": "documents-incomplete"}]
    await road.ok(road.post(road.people.reviewer("cn/54/5402"), "/reviews", {"items": items}))
    returned = await due(road, road.accounts[second])
    await road.ok(road.post(road.accounts[second], f"/applications/{second}/submit"))
    await road.recommended([first, second])
    reviewing = kinds(await due(road))
    await road.approved([first, second])
    idle = kinds(await due(road))
    await road.a_panel(2)
    body = {"items": [road.sheet(id, 80 - n) for n, id in enumerate((first, second))]}
    await road.ok(road.post(road.people.expert(1), f"/panels/{road.panel}/score-sheets", body))
    scoring = await due(road)
    await road.ok(road.post(road.people.expert(2), f"/panels/{road.panel}/score-sheets", body))
    assert await due(road) == []
    await road.ok(road.post(road.people.region, f"/panels/{road.panel}/conclude"))
    concluded = kinds(await due(road))
    await road.classified([first, second])
    classified = kinds(await due(road))
    run = await road.balanced()
    proposed = kinds(await due(road))
    roster = await road.ok(road.post(road.people.region, f"/balancing-runs/{run['id']}/confirm"))
    confirmed = kinds(await due(road))
    await road.ok(road.post(road.people.region, f"/rosters/{roster['id']}/fix"))
    fixed = kinds(await due(road))
    await road.ok(road.post(road.people.region, f"/rosters/{roster['id']}/file"))
    filed = await due(road, road.people.ministry)
    await road.ok(road.post(road.people.ministry, f"/rosters/{roster['id']}/acknowledge", {"receipt": "R-1"}))

    assert [kind for kind, _ in begun] == ["local_review"] * 2 + ["recommendation"] * 2
    assert {day for kind, day in begun if kind == "local_review"} == {"2024-03-06"}
    assert {day for kind, day in begun if kind == "recommendation"} == {"2024-04-01"}
    assert kinds(returned) == [("correction", "2024-03-11")]
    assert (returned[0]["account"], returned[0]["subject"]) == (road.accounts[second].subject, second)
    assert [kind for kind, _ in reviewing] == ["local_review"] * 2
    assert idle == []
    assert [(row["kind"], row["account"], row["subject_kind"]) for row in scoring] == [("sheets", "expert-2", "panel")]
    assert [kind for kind, _ in concluded] == ["classification"]
    assert [kind for kind, _ in classified] == ["balancing"]
    assert [kind for kind, _ in proposed] == ["confirmation"]
    assert [kind for kind, _ in confirmed] == ["fixing"]
    assert fixed == [("filing", "2024-03-11")]
    assert [(row["role"], row["due_on"]) for row in filed] == [("ministry_officer", "2024-03-16")]
    assert await due(road) == []


async def test_everyone_sees_what_they_owe_and_nobody_else_does(road: Any) -> None:
    """Scoped by role and organisation; a role without obligations may not ask."""
    await road.opened(1)
    first, _ = await road.submitted(0, 1)
    unit = road.units[first]

    mine = await due(road, road.people.unit(unit))
    reviewer = await due(road, road.people.reviewer("cn/54/5401"))
    other = await due(road, road.people.unit("cn/54/5406/U0001"))
    applicant = await due(road, road.accounts[first])
    all_of_them = await due(road, road.people.auditor)
    service = await road.get(road.people.operator, "/obligations")

    assert [(row["kind"], row["organisation"], row["subject"]) for row in mine] == [("recommendation", unit, first)]
    assert [(row["kind"], row["organisation"]) for row in reviewer] == [("local_review", "cn/54/5401")]
    assert (other, applicant, len(all_of_them), service.status_code) == ([], [], 4, 403)


async def test_what_is_late_is_said_and_escalated(road: Any) -> None:
    """Overdue the day after, escalated after the policy's days; filters and pages agree."""
    road.more = DUE
    await road.opened(1)
    await road.submitted(0, 1, 2)
    road.on(date(2024, 3, 6))
    on_time = await due(road, query="&kind=local_review&overdue=true")
    road.on(date(2024, 3, 7))
    late = await due(road, query="&kind=local_review&overdue=true")
    road.on(date(2024, 3, 13))
    escalated = await due(road, query="&role=local_reviewer")

    assert on_time == []
    assert [(row["overdue"], row["escalated_to"]) for row in late] == [(True, None)] * 3
    assert {row["escalated_to"] for row in escalated} == {"regional_officer"}
    path = f"/obligations?session={road.session}&limit=4"
    first = await road.ok(road.get(road.people.region, path))
    second = await road.ok(road.get(road.people.region, f"{path}&cursor={first['next_cursor']}"))
    assert len({row["id"] for row in first["items"] + second["items"]}) == 6
    since = await road.ok(
        road.get(road.people.region, f"{path}&updated_since={first['watermark'].replace('+', '%2B')}")
    )
    assert since["items"] == []


async def test_an_answer_of_the_reserve_and_a_vacant_place_are_due(road: Any) -> None:
    """S-07: the person asked until the answer, then the authority until the last day."""
    road.more = DUE
    await road.opened(1)
    ids = await road.ready(2)
    await road.fixed()
    await road.ok(road.post(road.accounts[ids[0]], f"/applications/{ids[0]}/withdraw", {"reason": "work"}))

    (asked,) = await due(road, road.accounts[ids[1]])
    await road.ok(road.post(road.accounts[ids[1]], f"/vacancies/{asked['subject']}/decline"))
    vacant = await due(road, query="&kind=vacancy")

    assert (asked["kind"], asked["due_on"], asked["subject_kind"]) == ("reserve_answer", "2024-03-04", "vacancy")
    assert [(row["role"], row["due_on"], row["overdue"]) for row in vacant] == [
        ("regional_officer", "2024-09-15", False)
    ]
    assert await due(road, road.accounts[ids[1]]) == []
