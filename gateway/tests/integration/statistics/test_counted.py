"""Statistics over journeys: what the events say, as of a moment, within the caller's scope, with small cells hidden."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

import pytest

from gateway.adapters.statistics.registry import definitions
from gateway.testing.stage import Stage
from gateway.testing.stories import PROGRAMME, SESSION, cohort, story, woven

PEOPLE = 120
ASKED = {"programme": PROGRAMME, "session": SESSION}


@pytest.fixture
async def walked(stage: Stage) -> Stage:
    """A cohort of a hundred and twenty with every ending."""
    await stage.arrive(cohort(PEOPLE))
    return stage


async def value(stage: Stage, code: str, *, headers: dict[str, str] | None = None, **asked: Any) -> dict[str, Any]:
    """The answer to a question."""
    sent = headers or stage.bearer("auditor")
    answer = await stage.client.get(f"/v1/statistics/{code}", params=ASKED | asked, headers=sent)
    assert answer.status_code == 200, (code, answer.text)
    found: dict[str, Any] = answer.json()
    return found


async def test_statistics_agree_with_the_board(walked: Stage) -> None:
    """Each number is the one that the cohort's board shows for the same journeys."""
    headers = walked.bearer("auditor")
    board = (await walked.client.get(f"/v1/boards/{PROGRAMME}/{SESSION}", headers=headers)).json()
    found = {
        code: (await value(walked, code))["value"]
        for code in (
            "applicants", "placed", "arrived", "assessed", "certificates", "money-reserved", "money-committed",
            "money-disbursed", "money-recovered", "hosts", "provinces", "sessions", "waivers-granted",
            "reports-overdue", "on-time-arrival",
        )
    }  # fmt: skip

    reached, money = board["reached"], board["money"]
    assert found == {
        "applicants": str(reached["applied"]), "placed": str(reached["placed"]), "arrived": str(reached["arrived"]),
        "assessed": str(reached["assessed"]), "certificates": str(board["stages"]["certified"]),
        "money-reserved": money["reserved"], "money-committed": money["committed"], "money-disbursed": money["paid"],
        "money-recovered": money["clawed_back"], "hosts": "5", "provinces": "1", "sessions": "1",
        "waivers-granted": str(reached["certified"]), "reports-overdue": str(reached["arrived"]),
        "on-time-arrival": "100.0",
    }  # fmt: skip


async def test_a_table_by_prefecture_adds_up_and_can_be_read_by_machines(walked: Stage) -> None:
    """Cells sum to the total where none is hidden; CSV and JSON-stat say the same."""
    found = await value(walked, "applicants", by="prefecture")
    headers = walked.bearer("auditor")
    ask = {**ASKED, "by": "prefecture"}
    sheet = await walked.client.get("/v1/statistics/applicants", params=ask | {"format": "csv"}, headers=headers)
    stat = await walked.client.get("/v1/statistics/applicants", params=ask | {"format": "json-stat"}, headers=headers)

    assert sum(int(cell["value"]) for cell in found["cells"]) == int(found["value"]) == PEOPLE
    rows = list(csv.DictReader(io.StringIO(sheet.text)))
    assert [row["value"] for row in rows[1:]] == [cell["value"] for cell in found["cells"]]
    assert stat.json()["value"] == [float(cell["value"]) for cell in found["cells"]]
    assert sheet.headers["content-type"].startswith("text/csv")


async def test_small_numbers_are_hidden_and_not_found_by_subtraction(stage: Stage) -> None:
    """Three persons of one prefecture: neither their cell nor one more is shown, and a small session is not either."""
    people = [n for n in range(1, 90) if n % 7 != 1] + [1, 8, 15]
    await stage.arrive([arrival for n in people for arrival in woven(story(n), [])])

    table = await value(stage, "trainees", by="prefecture")
    hidden = [cell["key"] for cell in table["cells"] if cell["suppressed"]]
    sizes = Counter(f"cn/54/540{n % 7 + 1}" for n in people)

    assert sizes["cn/54/5402"] == 3
    assert "cn/54/5402" in hidden
    assert len(hidden) == 2
    assert table["value"] == str(len(people))
    assert all(cell["value"] == str(sizes[cell["key"]]) for cell in table["cells"] if not cell["suppressed"])


async def test_a_few_persons_are_no_statistic(stage: Stage) -> None:
    """Six persons: counts and shares of them are hidden, money and things are not persons."""
    await stage.arrive(cohort(6))

    few = await value(stage, "trainees")
    share = await value(stage, "pass-rate")

    assert (few["value"], few["suppressed"]) == (None, True)
    assert (share["value"], share["numerator"], share["suppressed"]) == (None, None, True)
    assert (await value(stage, "money-reserved"))["value"] == "100000.00"


async def test_a_value_as_of_an_earlier_day_is_folded_again(walked: Stage) -> None:
    """Before the first report nobody had been placed; the same moment gives the same hash for ever."""
    early = await value(walked, "placed", as_of="2024-02-12T00:00:00Z")
    late = await value(walked, "placed", as_of="2027-01-01T00:00:00Z")
    now = await value(walked, "placed")
    again = await value(walked, "placed", as_of="2024-02-12T00:00:00Z")

    assert early["value"] == "0"
    assert late["value"] == now["value"]
    assert early["content_hash"] == again["content_hash"]


async def test_everybody_counts_only_what_they_may_see(walked: Stage) -> None:
    """A prefecture counts its own people; a person without such a role is refused."""
    own = await value(walked, "applicants", headers=walked.bearer("local_reviewer", organisation="cn/54/5401"))
    refused = await walked.client.get("/v1/statistics/applicants", params=ASKED, headers=walked.bearer("applicant"))

    assert own["value"] == str(sum(1 for n in range(PEOPLE) if n % 7 == 0))
    assert refused.status_code == 403


async def test_every_counted_statistic_can_be_asked(walked: Stage) -> None:
    """No definition is there that its measures cannot answer; a share of nobody says that there is nothing to divide by."""
    wrong = []
    for code, one in definitions().items():
        if any(operand.measure for operand in one.operands.values()):
            headers = walked.bearer("auditor")
            answer = await walked.client.get(f"/v1/statistics/{code}", params=ASKED, headers=headers)
            nobody = one.formula == "share" and answer.json().get("code") == "no-numbers"
            wrong += [] if answer.status_code == 200 or nobody else [(code, answer.text)]

    assert wrong == []


def test_nobody_can_be_listed_by_ethnicity() -> None:
    """No statistic knows such a dimension (domain.md 7.3, 7.4)."""
    dimensions = {dimension for one in definitions().values() for dimension in one.by}

    assert not {name for name in dimensions if "ethnic" in name or "party" in name or "religio" in name}
