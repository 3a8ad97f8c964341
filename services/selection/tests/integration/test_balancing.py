"""Balancing behind its routes: crossing quotas of a policy, certificates, reasons in words, swaps that keep quotas."""

from __future__ import annotations

from typing import Any

import pytest

from selection.adapters.balancing import running
from selection.domain.balancing.check import check_certificate

CROSSING = {
    "balancing": {
        "unit_cap": 1,
        "grassroots_years": 3,
        "nodes": [
            {
                "code": "grassroots",
                "match": {"grassroots": ["yes"]},
                "min_percent": 50,
                "name_zh": "基层",
                "name_en": "Grassroots",
            },
            {
                "code": "health",
                "match": {"specialty_group": ["health"]},
                "max": 1,
                "name_zh": "卫生",
                "name_en": "Health",
            },
        ],
    }
}
"""Half from the grassroots, one of health, one per unit; the tree itself has no node."""


async def certificate(road: Any, run: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = await road.ok(road.get(road.people.auditor, f"/balancing-runs/{run['id']}/certificate"))
    return kept


async def test_a_run_under_a_tree_is_repeated_and_proved_by_an_outsider(road: Any) -> None:
    """Greedy with its certificate; the checker needs nothing but the two documents."""
    await road.opened(2)
    await road.ready(4)

    run = await road.balanced()
    kept = await certificate(road, run)

    assert (run["method"], run["proved"]) == ("greedy", True)
    assert check_certificate(kept["input"], kept["answer"]) == []
    kept["answer"]["selected"].reverse()
    kept["answer"]["selected"][0] = kept["input"]["candidates"][0]["id"]
    assert kept["input_sha256"] == run["input_sha256"]
    verified = await road.ok(road.get(road.people.region, f"/balancing-runs/{run['id']}/verification"))
    assert (verified["holds"], verified["problems"]) == (True, [])


async def test_quotas_that_cross_are_kept_and_explained(road: Any) -> None:
    """Area aside, grassroots share, a sector's cap and a cap per unit at once; reasons name the nodes in both languages."""
    road.more = CROSSING
    await road.opened(4)
    ids = await road.ready(10)

    run = await road.balanced()
    kept = await certificate(road, run)
    chosen = [line["application"] for line in run["outcomes"] if line["outcome"] == "selected"]
    traits = {each["id"]: each["traits"] for each in kept["input"]["candidates"]}

    assert (run["method"], run["proved"], len(chosen)) == ("duals", True, 4)
    assert check_certificate(kept["input"], kept["answer"]) == []
    assert sum(traits[id]["grassroots"] == "yes" for id in chosen) >= 2
    assert sum(traits[id]["specialty_group"] == "health" for id in chosen) <= 1
    assert len({traits[id]["unit"] for id in chosen}) == 4
    nodes = {node["code"]: node for node in run["nodes"]}
    assert nodes["health"]["chosen"] == 1
    passed = next(
        line
        for line in run["outcomes"]
        if line["outcome"] != "selected" and traits[line["application"]]["specialty_group"] == "health"
    )
    told = await road.ok(road.get(road.people.region, f"/balancing-runs/{run['id']}/outcomes/{passed['application']}"))
    words = {reason["code"]: reason for reason in told["reasons"]}
    assert words["node-full"]["text_zh"] in ("“卫生”的名额已满。", "“本期”的名额已满。")
    assert set(words) >= {"node-full", "worth-of-place"}
    assert all("{" not in reason["text_zh"] + reason["text_en"] for reason in told["reasons"])
    assert set(ids) >= set(chosen)


async def test_swaps_keep_crossing_quotas_and_say_what_they_cost(road: Any) -> None:
    """A swap that breaks a node is refused by its name; a sound one keeps reason, loss, and the proposal beside it."""
    road.more = {
        "balancing": {
            "nodes": [{"code": "health", "match": {"specialty_group": ["health"]}, "max": 1, "name_zh": "卫生"}]
        }
    }
    await road.opened(2)
    await road.ready(6)
    run = await road.balanced()
    kept = await certificate(road, run)
    group = {each["id"]: each["traits"]["specialty_group"] for each in kept["input"]["candidates"]}
    chosen = [line for line in run["outcomes"] if line["outcome"] == "selected"]
    others = [line for line in run["outcomes"] if line["outcome"] != "selected"]
    other = next(line for line in chosen if group[line["application"]] != "health")
    health = next(line for line in others if group[line["application"]] == "health")
    sound = next(line for line in others if group[line["application"]] != "health")
    path = f"/balancing-runs/{run['id']}/confirm"

    def swap(into: dict[str, Any]) -> dict[str, Any]:
        return {"swaps": [{"out": other["application"], "in": into["application"], "reason": "unit cannot release"}]}

    assert sum(group[line["application"]] == "health" for line in chosen) == 1
    refused = await road.post(road.people.region, path, swap(health), headers={"accept-language": "zh-CN"})
    roster = await road.ok(road.post(road.people.region, path, swap(sound)))

    assert refused.status_code == 422
    assert refused.json()["code"] == "quota-broken"
    assert "health" in refused.json()["errors"][0]["detail"]
    assert float(roster["score_lost"]) == pytest.approx(float(other["score"]) - float(sound["score"]))
    assert roster["swaps"][0]["reason"] == "unit cannot release"
    again = await road.ok(road.get(road.people.region, f"/balancing-runs/{run['id']}"))
    assert again["outcomes"] == run["outcomes"]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_crossing_demands_that_contradict_are_named(road: Any, language: str) -> None:
    """422 with a finding per demand, in the caller's language; nothing is kept."""
    nodes = [
        {"code": "health-few", "match": {"specialty_group": ["health"]}, "max": 0},
        {
            "code": "doctors",
            "match": {"specialty": ["clinical-medicine"]},
            "min": 1,
            "name_zh": "医生",
            "name_en": "Doctors",
        },
    ]
    road.more = {"balancing": {"nodes": nodes}}
    await road.opened(2)
    await road.ready(2)

    answer = await road.post(
        road.people.region, f"/sessions/{road.session}/balancing-runs", headers={"accept-language": language}
    )

    assert answer.status_code == 422
    assert answer.json()["code"] == "quota-infeasible"
    assert {row["pointer"] for row in answer.json()["errors"]} == {"/quota_nodes/health-few", "/quota_nodes/doctors"}
    assert ("Doctors" if language == "en" else "医生") in str(answer.json()["errors"])
    assert answer.headers["content-language"] == language
    assert (await road.ok(road.get(road.people.region, f"/balancing-runs?session={road.session}")))["items"] == []


async def test_a_proposal_for_another_input_is_refused(road: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody withdraws while the balance is computed: 409, nothing kept; asked again, it is balanced without them."""
    await road.opened(2)
    ids = await road.ready(4)
    compute = running.proposed

    async def slowly(*question: Any) -> Any:
        proposal = await compute(*question)
        reason = {"reason": "family"}
        await road.ok(road.post(road.accounts[ids[0]], f"/applications/{ids[0]}/withdraw", reason))
        return proposal

    monkeypatch.setattr(running, "proposed", slowly)
    answer = await road.post(road.people.region, f"/sessions/{road.session}/balancing-runs")
    monkeypatch.undo()
    run = await road.balanced()

    assert (answer.status_code, answer.json()["code"]) == (409, "input-changed")
    assert ids[0] not in {line["application"] for line in run["outcomes"]}


async def test_bad_balancing_rules_are_refused_at_once(road: Any) -> None:
    """Every contradiction with its pointer; no dimension beyond the closed list, least of all who people are."""
    road.more = {
        "balancing": {
            "nodes": [
                {"code": "a", "match": {"ethnicity": ["x"]}},
                {"code": "a", "match": {"grassroots": ["yes"]}, "min_percent": 60, "max_percent": 40},
                {"code": "c", "match": {"shortage": ["yes"]}, "session": "1999"},
            ]
        }
    }
    path = f"/policies/{road.kit.programme}"
    await road.ok(road.put(road.people.operator, f"{path}/batch-3", road.kit.content("batch-3")))

    answer = await road.put(road.people.operator, f"{path}/batch-4", road.kit.content("batch-4") | road.more)

    assert answer.status_code == 400
    assert {row["pointer"] for row in answer.json()["errors"]} == {
        "/balancing/nodes/0/match/ethnicity", "/balancing/nodes/1", "/balancing/nodes/1/code", "/balancing/nodes/2/session",
    }  # fmt: skip


async def test_who_may_read_certificates_and_reasons(road: Any) -> None:
    """Region, ministry and auditor; nobody learns of others' scores."""
    await road.opened(1)
    ids = await road.ready(2)
    run = await road.balanced()

    for tail in ("certificate", "verification", f"outcomes/{ids[0]}"):
        path = f"/balancing-runs/{run['id']}/{tail}"
        assert (await road.get(road.people.ministry, path)).status_code == 200
        assert (await road.get(road.people.applicant(0), path)).status_code == 403
        assert (await road.get(road.people.unit(road.kit.unit_of(0)), path)).status_code == 403
    missing = await road.get(road.people.region, f"/balancing-runs/{run['id']}/outcomes/{run['id']}")
    assert missing.status_code == 404


async def test_places_that_the_authority_holds_are_not_given_away(road: Any) -> None:
    """A place reserved for somebody to come is left free, so that the roster can be fixed (P-02)."""
    await road.opened(3)
    await road.ready(4)
    await road.ok(
        road.post(road.people.region, f"/sessions/{road.session}/seats", {"node": "session", "reason": "late"})
    )

    run = await road.balanced()
    roster = await road.ok(road.post(road.people.region, f"/balancing-runs/{run['id']}/confirm", {"swaps": []}))
    fixed = await road.post(road.people.region, f"/rosters/{roster['id']}/fix")

    assert (run["places"], run["selected_count"]) == (3, 2)
    assert fixed.status_code == 200
