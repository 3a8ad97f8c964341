"""What a run was made from can be read and matched again; large sessions are matched by a job."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from placement.adapters.jobs.steps import STEPS
from placement.usecases.matching import run_matching as matching
from shared.jobs.stepping import run_jobs


async def a_run(road: Any, policy: dict[str, Any] | None = None) -> dict[str, Any]:
    """Three people with wishes, three hosts with one place each."""
    await road.offers(1, 1, 1)
    more = {"policy_version": "welfare"} if policy else {}
    if policy:
        content = {"programme": "tibet-special-training", "version": "welfare", "inherits": "batch-4"} | policy
        await road.ok(road.put(road.people.operator, "/policies/tibet-special-training/welfare", content))
    await road.receive(
        road.selected(1, host_preferences=("H002", "H001"), **more),
        road.selected(2, host_preferences=("H002",), **more),
        road.selected(3, **more),
    )
    run: dict[str, Any] = await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": "2024"}))
    return run


async def test_a_run_is_repeated_from_its_stored_input(road: Any) -> None:
    """M-01: the input is readable in pages, and gives the same proposal again; foreign roles see nothing."""
    run = await a_run(road)

    read = await road.ok(road.get(road.people.region, f"/matching-runs/{run['id']}/input?limit=2"))
    rest = await road.ok(road.get(road.people.region, f"/matching-runs/{run['id']}/input?after=2"))
    again = await road.ok(road.get(road.people.auditor, f"/matching-runs/{run['id']}/reproduction"))

    assert (read["sha256"], read["people"], read["next_after"]) == (run["input_sha256"], 3, 2)
    assert [person["participation"] for person in read["items"] + rest["items"]] == [road.pid(n) for n in (1, 2, 3)]
    assert read["items"][0]["wishes"] == ["hosts/H002", "hosts/H001"]
    assert (len(read["places"]), rest["next_after"], read["method"]) == (3, None, "stable")
    assert again == {
        "run": run["id"], "input_sha256": run["input_sha256"], "proposal_sha256": run["proposal_sha256"],
        "reproduced": True,
    }  # fmt: skip
    assert (await road.get(road.people.unit, f"/matching-runs/{run['id']}/input")).status_code in (403, 404)
    assert (await road.get(road.people.ministry, f"/matching-runs/{uuid4()}/input")).status_code == 404


async def test_a_tampered_proposal_is_found(road: Any) -> None:
    """A stored hash that the input does not give says so."""
    run = await a_run(road)
    async with road.service.running.engine.begin() as connection:
        await connection.execute(text("UPDATE matching_run SET proposal_sha256 = repeat('0', 64)"))

    again = await road.ok(road.get(road.people.ministry, f"/matching-runs/{run['id']}/reproduction"))

    assert again["reproduced"] is False


async def test_what_was_made_by_hand_has_no_input(road: Any) -> None:
    """409 with a sentence, in both languages."""
    await road.offers(1)
    await road.receive(road.selected(1))
    case = await road.ok(road.post(road.people.ministry, f"/placements/{road.pid(1)}/propose", {"host": "hosts/H001"}))

    answer = await road.get(road.people.ministry, f"/matching-runs/{case['run']}/input")

    assert (answer.status_code, answer.json()["code"]) == (409, "input-not-kept")


async def test_welfare_is_a_policy_and_says_what_it_costs(road: Any) -> None:
    """The method is the policy's; the report proves its optimum and names the blocking pairs beside those of stable."""
    run = await a_run(road, {"matching": {"method": "welfare", "weights": {"wishes": [30, 1]}}})

    report = run["report"]
    assert run["method"] == "welfare"
    assert report["total_fit"] == report["total_fit_bound"] == 3 * 40 + 30 + 1
    assert {p["participation"]: p["choice"] for p in run["proposals"]}[road.pid(2)] == 1
    assert (report["blocking_pairs"], report["stable_instead"]["blocking_pairs"]) == (1, 0)
    assert (await road.ok(road.get(road.people.ministry, f"/matching-runs/{run['id']}/reproduction")))["reproduced"]


async def test_a_host_orders_people_by_its_own_groups(road: Any) -> None:
    """A priority of the host comes before the roster, within one fit."""
    ids = await road.offers(1)
    body = {"capacity": 1, "priorities": [{"by": "title_level", "codes": ["senior"]}]}
    changed = await road.ok(road.post(road.people.host(), f"/offers/{ids[0]}/change", body))
    await road.receive(road.selected(1), road.selected(2, title_level="senior"))

    run = await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": "2024"}))
    wrong = {"capacity": 1, "priorities": [{"by": "name", "codes": ["x"]}]}

    assert changed["priorities"] == body["priorities"]
    assert [p["participation"] for p in run["proposals"]] == [road.pid(2)]
    assert (await road.post(road.people.host(), f"/offers/{ids[0]}/change", wrong)).status_code == 400


async def test_a_large_session_is_matched_by_a_job(road: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """202, progress, and a run under the id that the job names; one job a session; the request refuses the size."""
    await road.offers(2)
    await road.receive(road.selected(1), road.selected(2))
    monkeypatch.setattr(matching, "LARGEST_REQUEST", 1)
    ministry = road.people.ministry

    refused = await road.post(ministry, "/matching-runs", {"session": "2024"})
    started = await road.post(ministry, "/matching-runs/start", {"session": "2024"})
    second = await road.post(ministry, "/matching-runs/start", {"session": "2024"})
    nobody = await road.post(ministry, "/matching-runs/start", {"session": "1999"})
    foreign = await road.post(road.people.region, "/matching-runs/start", {"session": "2024"})
    job = started.json()
    early = await road.get(ministry, f"/matching-runs/{job['subject']}")
    await run_jobs(road.service.running, STEPS)
    done = await road.ok(road.get(ministry, f"/jobs/{job['id']}"))
    run = await road.ok(road.get(ministry, f"/matching-runs/{job['subject']}"))
    confirmed = await road.ok(road.post(ministry, f"/matching-runs/{run['id']}/confirm"))

    assert (refused.status_code, refused.json()["code"]) == (409, "run-too-large")
    assert (started.status_code, started.headers["location"]) == (202, f"/v1/placement/jobs/{job['id']}")
    assert (second.json()["code"], nobody.json()["code"]) == ("matching-already", "nothing-to-match")
    assert (foreign.status_code, early.status_code) == (403, 404)
    assert (done["state"], done["counts"]) == ("done", {"total": 2, "matched": 2, "unmatched": 0})
    assert confirmed["state"] == "confirmed"
