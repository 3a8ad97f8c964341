"""Every golden number of domain.md 1.5, loaded through the route and asked through the route."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from gateway.testing.stage import Stage

OBSERVATIONS = Path(__file__).parents[4] / "programmes" / "observations"
TIBET, SICHUAN, CLASS, NORTH = (
    {"programme": name}
    for name in (
        "tibet-special-training", "sichuan-two-way-secondment", "skilled-talent-class", "heilongjiang-talent-support",
    )
)  # fmt: skip
BATCH_3, BATCH_4, SECOND = TIBET | {"batch": "batch-3"}, TIBET | {"batch": "batch-4"}, SICHUAN | {"batch": "batch-2"}
YEAR = NORTH | {"period": "2023"}

GOLDEN: list[tuple[str, dict[str, str], str, str, str]] = [
    ("trainees-stated", TIBET, "1800", "persons", "exact"),
    ("sessions-held", TIBET, "15", "count", "exact"),
    ("hosts-stated", TIBET, "178", "count", "exact"),
    ("provinces-stated", TIBET, "21", "count", "exact"),
    ("trainees-per-host", TIBET, "10.1", "per_item", "exact"),
    ("trainees-of-batch", BATCH_3, "600", "persons", "exact"),
    ("missions-stated", BATCH_3, "5", "count", "exact"),
    ("quota-per-year", BATCH_4, "180", "persons", "exact"),
    ("quota-added", BATCH_4, "60", "persons", "exact"),
    ("quota-growth", BATCH_4, "50.0", "percent", "exact"),
    ("missions-growth", BATCH_4, "100.0", "percent", "exact"),
    ("secondees", SECOND, "1575", "persons", "exact"),
    ("secondees-outbound", SECOND, "1345", "persons", "exact"),
    ("secondees-inbound", SECOND, "230", "persons", "exact"),
    ("officials-share", SECOND, "54.1", "percent", "exact"),
    ("professionals-share", SECOND, "45.9", "percent", "exact"),
    ("officials-share-before", SECOND, "76.1", "percent", "exact"),
    ("professionals-share-before", SECOND, "23.9", "percent", "exact"),
    ("officials-share-points", SECOND, "-22", "percentage_point", "exact"),
    ("professionals-share-points", SECOND, "22", "percentage_point", "exact"),
    ("officials-share-relative", SECOND, "-28.9", "percent", "exact"),
    ("professionals-share-relative", SECOND, "92", "percent", "exact"),
    ("secondees-outbound-added", SECOND, "85", "persons", "exact"),
    ("secondees-outbound-growth", SECOND, "6.7", "percent", "exact"),
    ("paired-cities", SICHUAN | {"period": "scheme-7-20"}, "7", "count", "exact"),
    ("paired-counties", SICHUAN | {"period": "scheme-7-20"}, "20", "count", "exact"),
    ("paired-cities", SICHUAN | {"period": "scheme-9-12"}, "9", "count", "exact"),
    ("paired-counties", SICHUAN | {"period": "scheme-9-12"}, "12", "count", "exact"),
    ("paired-counties-total", SICHUAN, "32", "count", "exact"),
    ("class-units", CLASS, "428", "count", "exact"),
    ("class-persons-stated", CLASS, "500", "persons", "more_than"),
    ("class-persons-per-unit", CLASS, "1.17", "per_item", "more_than"),
    ("class-lectures", CLASS, "10", "count", "exact"),
    ("class-groups", CLASS, "3", "count", "exact"),
    ("class-questions-stated", CLASS, "160", "count", "about"),
    ("high-skilled-share", YEAR, "31.7", "percent", "exact"),
    ("skilled-workforce-implied", YEAR, "2602524", "persons", "about"),
    ("policy-measures", NORTH, "60", "count", "exact"),
    ("card-areas-stated", NORTH, "7", "count", "exact"),
    ("card-services-stated", NORTH, "24", "count", "exact"),
    ("high-skilled-share-computed", {"programme": "national", "period": "2025"}, "32.7", "percent", "about"),
    ("papers-per-trainee", TIBET, "0.8", "per_item", "exact"),
    ("papers-published", TIBET, "30", "count", "about"),
    ("experts-per-mission", TIBET, "14", "per_item", "more_than"),
    ("industries-covered", TIBET, "26", "count", "exact"),
    ("prefectures-covered", TIBET, "7", "count", "exact"),
]


@pytest.fixture
async def loaded(stage: Stage) -> Stage:
    """A stage on which everything of ``programmes/observations`` was loaded."""
    async with stage.engine.begin() as connection:
        await connection.execute(text("TRUNCATE observation_set"))
    for path in sorted(OBSERVATIONS.glob("*.yaml")):
        answer = await stage.client.post(
            "/v1/observations", json=yaml.safe_load(path.read_text("utf-8")), headers=stage.bearer("ministry_officer")
        )
        assert answer.status_code == 201, (path.name, answer.text)
    return stage


async def asked(stage: Stage, code: str, **parameters: Any) -> dict[str, Any]:
    """The value of a statistic."""
    answer = await stage.client.get(f"/v1/statistics/{code}", params=parameters, headers=stage.bearer("auditor"))
    assert answer.status_code == 200, (code, answer.text)
    found: dict[str, Any] = answer.json()
    return found


async def test_every_golden_number_comes_out(loaded: Stage) -> None:
    """Value, unit and precision of each, as the sources print them."""
    found = {}
    for code, parameters, *_ in GOLDEN:
        value = await asked(loaded, code, **parameters)
        found[code, *sorted(parameters.items())] = (value["value"], value["unit"], value["precision"])
        assert value["inputs"], code
        assert not value["suppressed"], code

    assert found == {
        (code, *sorted(parameters.items())): (value, unit, precision)
        for code, parameters, value, unit, precision in GOLDEN
    }


async def test_shares_sum_to_a_hundred_and_the_batch_before_is_implied(loaded: Stage) -> None:
    """54.1 + 45.9 = 100.0; 76.1 % and 23.9 % of 1 260 imply about 958 and 302 (959 and 301 from the printed shares)."""
    shares = [(await asked(loaded, code, **SECOND))["value"] for code in ("officials-share", "professionals-share")]
    before = [await asked(loaded, code, **SECOND) for code in ("officials-before", "professionals-before")]

    assert sum(float(share) for share in shares) == 100.0
    assert sum(int(one["value"]) for one in before) == 1260
    assert [one["precision"] for one in before] == ["about", "about"]
    assert abs(int(before[0]["value"]) - 959) <= 1
    assert abs(int(before[1]["value"]) - 301) <= 1


async def test_an_implied_denominator_has_an_interval(loaded: Stage) -> None:
    """825 000 at 31.7 % is 2.60 million, between 2.598 and 2.607 million (T-05)."""
    value = await asked(loaded, "skilled-workforce-implied", **YEAR)

    assert (value["low"], value["high"]) == ("2598425", "2606635")


async def test_the_same_snapshot_gives_the_same_hash(loaded: Stage) -> None:
    """A value as of a moment stays what it was although a new edition says something else now."""
    before = await asked(loaded, "officials-share", **SECOND)
    body = yaml.safe_load((OBSERVATIONS / "sichuan-secondment.yaml").read_text("utf-8"))
    body["rows"][1]["value"] = "800"
    answer = await loaded.client.post("/v1/observations", json=body, headers=loaded.bearer("ministry_officer"))
    now = await asked(loaded, "officials-share", **SECOND)
    then = await asked(loaded, "officials-share", **SECOND, as_of=before["as_of"])

    assert answer.json()["edition"] == 2
    assert now["value"] != before["value"]
    assert (then["value"], then["content_hash"]) == (before["value"], before["content_hash"])


async def test_nothing_is_loaded_when_anything_is_wrong(loaded: Stage) -> None:
    """All problems come at once, in the caller's language, each with the place of the row."""
    rows = [
        {"series": "a", "period": "1", "value": "12.5", "unit": "persons"},
        {"series": "a", "period": "2", "value": "101", "unit": "percent"},
        {"series": "b", "period": "1", "value": "-3", "unit": "count"},
        {"series": "b", "period": "1", "value": "much", "unit": "count"},
    ]
    body = {"dataset": "wrong", "programme": "national", "citation": "none", "rows": rows}
    headers = loaded.bearer("ministry_officer")
    zh = await loaded.client.post("/v1/observations", json=body, headers=headers | {"accept-language": "zh"})
    twice = await loaded.client.post(
        "/v1/observations", json=yaml.safe_load((OBSERVATIONS / "class-2006.yaml").read_text("utf-8")), headers=headers
    )
    stranger = await loaded.client.post("/v1/observations", json=body, headers=loaded.bearer("applicant"))

    assert zh.status_code == 422
    assert [error["code"] for error in zh.json()["errors"]] == [
        "not-whole", "not-a-share", "negative-count", "not-a-number", "mixed-units", "stated-twice",
    ]  # fmt: skip
    assert zh.json()["errors"][0]["detail"] == "计数须为整数。"
    assert twice.status_code == 409
    assert stranger.status_code == 403


async def test_a_wrong_question_names_everything_that_is_missing(loaded: Stage) -> None:
    """What is needed is said at once; what has no numbers is 404, never zero."""
    ask = loaded.client.get
    headers = loaded.bearer("auditor")
    missing = await ask("/v1/statistics/quota-growth?by=unit", headers=headers)
    nothing = await ask("/v1/statistics/talent-net-flow", params=YEAR, headers=headers)
    first = await ask("/v1/statistics/quota-growth", params=BATCH_3, headers=headers)
    unknown = await ask("/v1/statistics/happiness", headers=headers)

    assert [error["pointer"] for error in missing.json()["errors"]] == ["/programme", "/batch", "/by"]
    assert (missing.status_code, nothing.status_code, first.status_code, unknown.status_code) == (400, 404, 404, 404)


async def test_the_registry_tells_what_is_counted(loaded: Stage) -> None:
    """Every kind of domain.md 1.6 that has numbers is defined, each with both titles, unit, rounding and sources."""
    answer = await loaded.client.get("/v1/statistics", headers=loaded.bearer("auditor"))
    items = answer.json()["items"]

    assert {code for code, *_ in GOLDEN} <= {item["code"] for item in items}
    assert all(item["zh"] and item["en"] and item["sources"] and item["owner"] for item in items)
    assert {item["rounding"] for item in items} == {"half_up"}
