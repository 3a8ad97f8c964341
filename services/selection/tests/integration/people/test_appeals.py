"""Explanations and appeals through the real routes: deadlines, separation of duties, outcomes, races (PIPL 24)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shared.kernel.actor import Role
from shared.testing.actors import someone

REASON = {"reason": "The file shows it."}


async def _rejected(road: Any, number: int = 1) -> str:
    (id,) = await road.submitted(number)
    await road.recommended([id])
    body = {"items": [{"application": id, "decision": "reject", "reason": "not-eligible", "comment": "see the file"}]}
    policy = await road.ok(road.get(road.people.region, f"/policies/{road.kit.programme}/batch-4"))
    body["items"][0]["reason"] = policy["resolved"]["codes"]["rejection_reasons"][0]["code"]
    reviewer = road.people.reviewer(road.kit.reviewer_of(road.kit.unit_of(number)))
    await road.ok(road.post(reviewer, "/reviews", body))
    return str(id)


def _appeal(id: str, decision: str, **more: Any) -> dict[str, Any]:
    return {"application": id, "decision": decision, "grounds": "I meet the rule; see my certificate."} | more


async def _filed(road: Any, id: str, decision: str, number: int = 1) -> dict[str, Any]:
    filed: dict[str, Any] = await road.ok(road.post(road.people.applicant(number), "/appeals", _appeal(id, decision)))
    return filed


async def test_an_upheld_rejection_goes_back_to_review(road: Any) -> None:
    """Filed, accepted, reviewed by another, upheld with reason: the application is submitted again, facts are told."""
    await road.opened(1)
    id = await _rejected(road)
    filed = await _filed(road, id, "rejection")
    path = f"/appeals/{filed['id']}"
    owing = await road.ok(road.get(road.people.region, "/obligations?limit=100"))

    await road.ok(road.post(road.people.region, f"{path}/accept"))
    early = await road.post(road.people.region, f"{path}/decide", {"action": "uphold"} | REASON)
    await road.ok(road.post(road.people.region, f"{path}/take-up"))
    decided = await road.ok(road.post(road.people.region, f"{path}/decide", {"action": "uphold"} | REASON))
    mine = await road.ok(road.get(road.people.applicant(1), path))
    owed = await road.ok(road.get(road.people.region, "/obligations?limit=100"))
    back = await road.application(id)

    assert (filed["state"], filed["due_by"], filed["allowed_actions"]) == ("filed", "2024-04-30", ["withdraw"])
    assert (early.status_code, early.json()["code"]) == (409, "wrong-state")
    assert (decided["state"], decided["outcome"], decided["remedy"]) == ("closed", "upheld", "back_to_review")
    assert mine["reason"] == REASON["reason"]
    assert [each["due_on"] for each in owing["items"] if each["kind"] == "appeal"] == ["2024-04-30"]
    assert "appeal" not in {each["kind"] for each in owed["items"]}
    assert (back["state"], back["outcome"]) == ("submitted", None)
    told = await road.heard("appeal.filed") + await road.heard("appeal.decided")
    assert [(event["participation"], event["decision"]) for event in told] == [(id, "rejection")] * 2
    assert "certificate" not in str(told)
    await road.approved([id])


async def test_who_took_the_decision_may_not_decide_the_appeal(road: Any) -> None:
    """Separation of duties: whoever confirmed or fixed the roster is refused; another officer or the ministry decides."""
    await road.opened(1)
    ids = await road.ready(2)
    await road.fixed()
    filed = await _filed(road, ids[1], "non-selection")
    path = f"/appeals/{filed['id']}"

    own = await road.post(road.people.region, f"{path}/accept", {}, headers={"accept-language": "zh-CN"})
    shown = await road.ok(road.get(road.people.region, path))
    await road.ok(road.post(road.people.second, f"{path}/accept"))
    await road.ok(road.post(road.people.ministry, f"{path}/take-up"))
    decided = await road.ok(road.post(road.people.ministry, f"{path}/decide", {"action": "uphold_partly"} | REASON))
    unfit = await road.post(road.people.second, f"{path}/close", {"remedy": "none_needed"})
    closed = await road.ok(road.post(road.people.second, f"{path}/close", {"remedy": "extra_place", "note": "2025"}))

    assert (own.status_code, own.json()["code"]) == (403, "own-decision")
    assert "不得审理" in own.json()["detail"]
    assert shown["allowed_actions"] == []
    assert (decided["state"], decided["outcome"]) == ("partly_upheld", "partly_upheld")
    assert (unfit.status_code, unfit.json()["code"]) == (422, "remedy-unfit")
    assert (closed["state"], closed["remedy"]) == ("closed", "extra_place")
    assert (await road.application(ids[1]))["state"] == "reserve"


async def test_what_may_not_be_appealed_is_refused(road: Any) -> None:
    """No such decision, too late, twice, somebody else's, wrong role: each with its code; foreign is absent."""
    await road.opened(1)
    (waiting,) = await road.submitted(2)
    id = await _rejected(road)
    me = road.people.applicant(1)
    await _filed(road, id, "rejection")

    twice = await road.post(me, "/appeals", _appeal(id, "rejection"))
    none = await road.post(me, "/appeals", _appeal(id, "non-selection"))
    nothing = await road.post(road.people.applicant(2), "/appeals", _appeal(waiting, "rejection"))
    foreign = await road.post(road.people.applicant(2), "/appeals", _appeal(id, "rejection"))
    absent = await road.post(me, "/appeals", _appeal(str(uuid4()), "rejection"))
    officer = await road.post(road.people.region, "/appeals", _appeal(id, "rejection"))
    bad = await road.post(me, "/appeals", _appeal(id, "nonsense", more=1), headers={"accept-language": "zh-CN"})
    road.on(date(2024, 9, 1))
    late = await road.post(me, "/appeals", _appeal(id, "eligibility"))
    too_late = await road.post(me, "/appeals", _appeal(id, "rejection"))

    assert (twice.status_code, twice.json()["code"]) == (409, "appealed-already")
    assert (none.status_code, none.json()["code"], none.json()["decisions"]) == (422, "no-such-decision", ["rejection"])
    assert nothing.json()["decisions"] == []
    assert (foreign.status_code, absent.status_code, officer.status_code) == (404, 404, 403)
    assert foreign.json() == absent.json()
    assert bad.status_code == 400
    assert {error["pointer"] for error in bad.json()["errors"]} == {"/decision", "/more"}
    assert late.json()["code"] == "no-such-decision"
    assert (too_late.json()["code"], too_late.json()["last_day"]) == ("appeal-late", "2024-04-30")


async def test_two_officers_race_and_the_person_withdraws(road: Any) -> None:
    """One decision wins; a withdrawn appeal is not decided any more."""
    await road.opened(1)
    id = await _rejected(road)
    path = f"/appeals/{(await _filed(road, id, 'rejection'))['id']}"
    other = someone(Role.REGIONAL_OFFICER, subject="regional_officer-3", organisation="cn/54")
    answers = await road.service.race([road.post(who, f"{path}/accept") for who in (road.people.region, other)])
    await road.ok(road.post(other, f"{path}/take-up"))
    raced = await road.service.race(
        [
            road.post(road.people.region, f"{path}/decide", {"action": "uphold"} | REASON),
            road.post(other, f"{path}/decide", {"action": "dismiss"} | REASON),
        ]
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert sorted(answer.status_code for answer in raced) == [200, 409]
    assert len(await road.heard("appeal.decided")) == 1

    second = await _rejected(road, 3)
    taken_back = f"/appeals/{(await _filed(road, second, 'rejection', 3))['id']}"
    await road.ok(road.post(road.people.applicant(3), f"{taken_back}/withdraw"))
    after = await road.post(road.people.region, f"{taken_back}/accept")
    again = await road.post(road.people.applicant(3), "/appeals", _appeal(second, "rejection"))
    listed = await road.ok(road.get(road.people.applicant(3), "/appeals"))
    all_open = await road.ok(road.get(road.people.auditor, f"/appeals?session={road.session}&state=filed"))

    assert (after.status_code, again.status_code) == (409, 201)
    assert {item["state"] for item in listed["items"]} == {"withdrawn", "filed"}
    assert [item["application"] for item in all_open["items"]] == [second]
    assert (await road.get(road.people.applicant(1), taken_back)).status_code == 404


async def test_the_explanation_waits_for_the_roster_and_then_says_all(road: Any) -> None:
    """Rules with clauses at once; panel, rank, margin, node, seed and appeal only once announced; experts never named."""
    await road.opened(2)
    ids = await road.ready(3)
    path = f"/applications/{ids[2]}/explanation"
    me = road.people.applicant(2)

    before = await road.ok(road.get(me, path))
    masked = await road.application(ids[2], me)
    await road.fixed()
    open_ = await road.application(ids[2], me)
    after = await road.ok(road.get(me, path))
    foreign = await road.get(road.people.applicant(1), path)
    expert = await road.get(road.people.expert(1), path)
    office = await road.ok(road.get(road.people.reviewer(road.kit.reviewer_of(road.kit.unit_of(2))), path))

    assert (before["announced"], before["panel"], before["panel_score"], before["run"]) == (False, [], None, None)
    assert before["eligibility"]
    assert before["appeals"] == []
    assert (masked["panel_score"], masked["panel_raw_mean"], open_["panel_score"]) == (None, None, "81.0000")
    assert after["announced"]
    assert {mean["criterion"]: (mean["mean"], mean["sheets"]) for mean in after["panel"]} == dict.fromkeys(
        ("best-of-best", "grassroots", "key-points", "urgent-needs"), ("81.00", 3)
    )
    assert after["balancing"]["outcome"] == "reserve"
    assert len(after["run"]["input_sha256"]) == 64
    assert after["run"]["seed"]
    assert {each["code"] for each in after["reasons"]} >= {"reserve-place", "node-full"}
    assert all(each["text_zh"] and each["text_en"] for each in after["reasons"])
    assert {each["decision"] for each in after["appeals"]} == {"non-selection", "panel-outcome"}
    assert all(each["open"] and each["until"] == "2024-04-30" for each in after["appeals"])
    text = str(after["lines"])
    assert "人社部发〔2019〕78号" in text
    assert "expert-" not in str(after)
    assert all(line["zh"] and line["en"] for line in after["lines"])
    assert (foreign.status_code, expert.status_code) == (404, 403)
    assert office["balancing"] == after["balancing"]


@pytest.mark.parametrize("ours", ["selected", "swapped"])
async def test_the_explanation_tells_a_swap_by_hand(road: Any, ours: str) -> None:
    """Who was taken out or in by the confirming person reads the reason, not the other person."""
    await road.opened(1)
    ids = await road.ready(2)
    run = await road.balanced()
    swap = {"out": ids[0], "in": ids[1], "reason": "post abolished"}
    roster = await road.ok(road.post(road.people.region, f"/balancing-runs/{run['id']}/confirm", {"swaps": [swap]}))
    await road.ok(road.post(road.people.region, f"/rosters/{roster['id']}/fix"))
    mine, other = (ids[1], ids[0]) if ours == "selected" else (ids[0], ids[1])

    told = await road.ok(road.get(road.accounts[mine], f"/applications/{mine}/explanation"))

    assert told["swap_reason"] == "post abolished"
    assert other not in str(told)
