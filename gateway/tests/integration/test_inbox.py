"""The inbox: one call for what waits in four services, also when one of them is away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from gateway.testing.stage import Stage

WHO = ("regional_officer", "assessor")


def subject(number: int) -> str:
    return str(UUID(int=number))


def selecting(number: int, due_on: str | None, role: str = "regional_officer", kind: str = "fixing") -> dict[str, Any]:
    """As selection says it."""
    return {
        "id": subject(number), "kind": kind, "role": role, "account": None, "organisation": None, "subject_kind": "roster",
        "subject": subject(number), "session": subject(7), "since": "2025-01-01T00:00:00Z", "due_on": due_on, "overdue": False,
        "escalated_to": None,
    }  # fmt: skip


def placing(number: int, due_on: str) -> dict[str, Any]:
    """As placement says it."""
    return {
        "id": subject(number), "kind": "decide-proposal", "participation": subject(900 + number), "subject_kind": "placement",
        "subject": subject(number), "link": f"/v1/placement/placements/{subject(number)}", "owed_by": "host", "session": "2024",
        "host": "hosts/H001", "due_on": due_on, "due_at": f"{due_on}T16:00:00Z", "urgency": "overdue", "state": "proposed",
        "escalated_to": ["region"],
    }  # fmt: skip


def assessing(number: int, due_on: str | None) -> dict[str, Any]:
    """As assessment says it."""
    return {
        "kind": "confirm-result", "participation": subject(900 + number), "subject": subject(number), "owed_by": "region",
        "due_on": due_on, "overdue": False, "state": "result_recorded", "detail": None,
    }  # fmt: skip


@pytest.fixture
def duties(stage: Stage) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """What the services say; funding is away, as it is everywhere on this stage."""
    known: dict[str, list[dict[str, Any]]] = stage.upstream.state.duties
    known.clear()
    yield known
    known.clear()


async def inbox(stage: Stage, **query: Any) -> dict[str, Any]:
    answer = await stage.client.get("/v1/inbox", params=query, headers=stage.bearer(*WHO))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_everything_that_waits_comes_in_one_list(stage: Stage, duties: dict[str, Any]) -> None:
    """The earliest first, what has no day last; each says where it is read and what answers it."""
    duties |= {
        "selection": [selecting(1, None), selecting(2, "2025-03-02"), selecting(3, "2025-03-01", role="ministry_officer")],
        "placement": [placing(4, "2025-02-01")],
        "assessment": [assessing(5, "2025-02-15")],
    }  # fmt: skip

    found = await inbox(stage)

    assert [(item["service"], item["due_on"]) for item in found["items"]] == [
        ("placement", "2025-02-01"), ("assessment", "2025-02-15"), ("selection", "2025-03-02"), ("selection", None),
    ]  # fmt: skip
    assert [item["link"] for item in found["items"][1:3]] == [
        f"/v1/assessment/assessments/{subject(5)}",
        f"/v1/selection/rosters/{subject(2)}",
    ]
    assert [item["allowed_actions"] for item in found["items"][:3]] == [
        ["accept", "decline"], ["confirm", "return"], ["fix", "discard"],
    ]  # fmt: skip
    assert found["counts"] == {
        "total": 4, "overdue": 1, "by_service": {"assessment": 1, "placement": 1, "selection": 2},
        "by_kind": {"confirm-result": 1, "decide-proposal": 1, "fixing": 2},
    }  # fmt: skip
    assert (found["items"][0]["escalated_to"], found["items"][0]["overdue"]) == (["region"], True)


async def test_a_service_that_is_away_is_named_and_the_others_answer(stage: Stage, duties: dict[str, Any]) -> None:
    duties["placement"] = [placing(4, "2025-02-01")]
    duties["assessment"] = [{"what": "nobody understands"}]

    found = await inbox(stage)

    assert found["unavailable"] == ["assessment", "funding"]
    assert [item["service"] for item in found["items"]] == ["placement"]


async def test_pages_neither_repeat_nor_skip_while_things_are_done(stage: Stage, duties: dict[str, Any]) -> None:
    """A cursor is a place in the order: what is done meanwhile disappears, what comes earlier is for the next visit."""
    duties["selection"] = [selecting(n, f"2025-03-{n:02d}") for n in range(1, 21)]

    first = await inbox(stage, limit=8)
    duties["selection"].pop(0)
    duties["selection"].insert(0, selecting(40, "2025-02-01"))
    second = await inbox(stage, limit=8, cursor=first["next_cursor"])
    third = await inbox(stage, limit=8, cursor=second["next_cursor"])

    seen = [item["due_on"] for page in (first, second, third) for item in page["items"]]
    assert seen == [f"2025-03-{n:02d}" for n in range(1, 21)]
    assert third["next_cursor"] is None
    assert second["counts"]["total"] == 20
    moved = await stage.client.get(
        "/v1/inbox", params={"cursor": first["next_cursor"], "kind": "x"}, headers=stage.bearer(*WHO)
    )
    assert (moved.status_code, moved.json()["code"]) == (400, "bad-cursor")


async def test_filters_narrow_the_list_and_its_counts(stage: Stage, duties: dict[str, Any]) -> None:
    duties["selection"] = [selecting(1, "2025-03-01"), selecting(2, "2025-03-09"), selecting(3, None)]
    duties["placement"] = [placing(4, "2025-02-01")]

    by_day = await inbox(stage, due_before="2025-03-09")
    by_kind = await inbox(stage, kind="fixing")
    by_service = await inbox(stage, service="placement", overdue=True)

    assert [item["due_on"] for item in by_day["items"]] == ["2025-02-01", "2025-03-01"]
    assert by_day["counts"]["total"] == 2
    assert {item["kind"] for item in by_kind["items"]} == {"fixing"}
    assert by_service["counts"]["by_service"] == {"placement": 1}


async def test_more_than_can_be_shown_is_said(stage: Stage, duties: dict[str, Any]) -> None:
    duties["placement"] = [placing(n, "2025-02-01") for n in range(1, 502)]
    duties["selection"] = [selecting(n, "2025-02-01") for n in range(1, 602)]

    found = await inbox(stage, limit=200)

    assert found["truncated"] == ["placement", "selection"]
    assert found["counts"]["by_service"] == {"placement": 500, "selection": 500}
    assert len(found["items"]) == 200


async def test_what_the_caller_has_already_is_304(stage: Stage, duties: dict[str, Any]) -> None:
    duties["placement"] = [placing(4, "2025-02-01")]
    first = await stage.client.get("/v1/inbox", headers=stage.bearer(*WHO))
    known = {"if-none-match": first.headers["etag"]}

    again = await stage.client.get("/v1/inbox", headers=stage.bearer(*WHO) | known)
    duties["placement"].append(placing(5, "2025-02-02"))
    later = await stage.client.get("/v1/inbox", headers=stage.bearer(*WHO) | known)

    assert (again.status_code, again.content) == (304, b"")
    assert later.status_code == 200


async def test_nobody_has_no_inbox(stage: Stage) -> None:
    answer = await stage.client.get("/v1/inbox")

    assert answer.status_code == 401


async def test_a_disabled_webhook_waits_for_its_owner_only(stage: Stage, duties: dict[str, Any]) -> None:
    """Whoever keeps webhooks of that organisation finds it in the inbox until it is taken up again."""
    mine, other = stage.bearer("agency", organisation="cn/54"), stage.bearer("agency", organisation="cn/65")
    wish = {"url": "http://127.0.0.1:9/", "start": "now"}
    webhook = (await stage.client.post("/v1/webhooks", json=wish, headers=mine)).json()
    async with stage.engine.begin() as connection:
        await connection.execute(
            text("UPDATE webhook SET state = 'disabled', reason = 'gone', disabled_at = now() WHERE id = :id"),
            {"id": webhook["id"]},
        )

    async def seen(headers: dict[str, str]) -> list[dict[str, Any]]:
        page = (await stage.client.get("/v1/inbox", params={"service": "gateway"}, headers=headers)).json()
        items: list[dict[str, Any]] = page["items"]
        return items

    found, nothing = await seen(mine), await seen(other)
    assessor = await seen(stage.bearer("assessor", organisation="cn/54"))
    resumed = await stage.client.post(f"/v1/webhooks/{webhook['id']}/resume", json={}, headers=mine)

    assert [(one["kind"], one["subject"], one["detail"], one["owed_by"]) for one in found] == [
        ("repair-webhook", webhook["id"], "gone", "owner")
    ]
    assert found[0]["link"] == f"/v1/webhooks/{webhook['id']}"
    assert set(found[0]["allowed_actions"]) == {"resume", "change", "delete"}
    assert nothing == assessor == []
    assert resumed.status_code == 200
    assert await seen(mine) == []
