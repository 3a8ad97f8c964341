"""The purpose log at the door: one list out of the services' logs, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gateway.testing.stage import Stage


def entry(service: str, number: int, person: str = "acc-1") -> dict[str, Any]:
    """As a service says it; even numbers are whole seconds."""
    second = f"{number // 2:02d}" + ("" if number % 2 == 0 else ".500000")
    return {
        "id": f"{number}.0", "person": person, "participation": None, "session": "2024", "fields": "names", "extent": "whole",
        "purpose": "certificate", "reader": f"service:{service}", "reader_organisation": "", "reader_roles": ["service"],
        "read_at": f"2024-09-01T00:00:{second}Z", "recorded_at": f"2024-09-01T00:00:{second}Z", "cursor": "",
    }  # fmt: skip


@pytest.fixture
def reads(stage: Stage) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """What the services logged."""
    known: dict[str, list[dict[str, Any]]] = stage.upstream.state.reads
    known.clear()
    yield known
    known.clear()


async def asked(stage: Stage, role: str = "auditor", **query: Any) -> Any:
    return await stage.client.get("/v1/purposes", params=query, headers=stage.bearer(role))


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_one_list_by_time_whatever_the_pages(stage: Stage, reads: dict[str, Any], limit: int) -> None:
    """Merged by time of recording, page by page, nothing twice and nothing left out."""
    reads |= {
        "selection": [entry("selection", n) for n in (0, 1, 2, 5, 6, 11)],
        "assessment": [entry("assessment", n) for n in (3, 4, 5, 20)],
    }

    found: list[tuple[str, str]] = []
    cursor = None
    while True:
        answer = await asked(stage, limit=limit, **({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += [(item["service"], item["id"].partition(".")[0]) for item in page["items"]]
        assert page["watermark"] == "2025-01-01T00:00:00Z"
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert [int(number) for _, number in found] == [0, 1, 2, 3, 4, 5, 5, 6, 11, 20]
    assert found[5:7] == [("assessment", "5"), ("selection", "5")]
    assert answer.headers["cache-control"] == "no-store"
    assert "cursor" not in page["items"][0]


async def test_one_service_alone_can_be_asked(stage: Stage, reads: dict[str, Any]) -> None:
    """The filter asks one service; the other may be away."""
    reads["assessment"] = [entry("assessment", 1), entry("assessment", 2, person="acc-2")]

    one = (await asked(stage, service="assessment", person="acc-2")).json()

    assert [item["person"] for item in one["items"]] == ["acc-2"]
    assert one["next_cursor"] is None


async def test_a_log_with_holes_is_refused(stage: Stage, reads: dict[str, Any]) -> None:
    """A service that is away: 503 with when to try again, in the caller's language; no half answer."""
    reads["selection"] = [entry("selection", 1)]

    english = await asked(stage)
    chinese = await stage.client.get("/v1/purposes", headers=stage.bearer("auditor") | {"accept-language": "zh-CN"})

    assert (english.status_code, english.json()["code"]) == (503, "upstream-down")
    assert english.headers["retry-after"] == "1"
    assert chinese.json()["detail"] != english.json()["detail"]


@pytest.mark.parametrize(
    ("role", "status"), [("operator", 200), ("applicant", 200), ("regional_officer", 403), ("agency", 403)]
)
async def test_auditors_operators_and_the_person_may_ask(
    stage: Stage, reads: dict[str, Any], role: str, status: int
) -> None:
    """Everybody else is refused; what a person sees the services decide."""
    reads |= {"selection": [], "assessment": []}

    answer = await asked(stage, role)

    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "query",
    [{"service": "funding"}, {"participation": "x"}, {"purpose": "a b"}, {"updated_since": "0"}, {"cursor": "x"}],
)
async def test_bad_questions_are_refused(stage: Stage, reads: dict[str, Any], query: dict[str, str]) -> None:
    """400 in both languages."""
    reads |= {"selection": [], "assessment": []}

    answer = await asked(stage, **query)

    assert answer.status_code == 400, answer.text
