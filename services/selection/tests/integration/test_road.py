"""The main road: from a call to a fixed, filed, acknowledged roster, over the real routes."""

from __future__ import annotations

import hashlib
import json
from typing import Any


async def test_six_places_go_to_the_six_best_and_the_ministry_gives_its_receipt(road: Any) -> None:
    """S-02 to S-07 in one go."""
    await road.opened(6)
    ids = await road.ready(10)

    roster = await road.fixed()
    filed = await road.ok(road.post(road.people.region, f"/rosters/{roster['id']}/file"))
    done = await road.ok(
        road.post(road.people.ministry, f"/rosters/{roster['id']}/acknowledge", {"receipt": "MOHRSS-2024-1"})
    )

    assert [entry["application"] for entry in roster["entries"] if entry["outcome"] == "selected"] == ids[:6]
    assert filed["state"] == "filed"
    assert (done["state"], done["receipt"], done["roster_version"]) == ("acknowledged", "MOHRSS-2024-1", 1)
    selected = await road.heard("selected")
    assert [event["participation"] for event in selected] == ids[:6]
    assert selected[0] | {"participation": "", "account": "", "roster": ""} == {
        "type": "selected", "participation": "", "account": "", "programme": "tibet-special-training", "batch": "batch-4",
        "session": "2024", "roster": "", "roster_version": 1, "direction": "outbound", "specialty": "clinical-medicine",
        "specialty_group": "health", "study_direction": "clinical-practice", "focus_area": "science-innovation",
        "sending_unit": "cn/54/5401/U0001", "origin_area": "5401", "title_level": "intermediate", "rank": 1,
        "planned_start": "2024-09-01", "planned_end": "2025-08-31", "term": "P1Y", "host_preferences": ["hosts/H001"],
        "destination": None, "position_class": None, "staff_category": None,
        "policy_version": "batch-4",
    }  # fmt: skip
    states = await road.states()
    assert [states[id] for id in ids] == ["selected"] * 6 + ["reserve"] * 4


async def test_the_filed_document_is_canonical_json_with_its_digest(road: Any) -> None:
    """S-07: what is filed is exactly the edition."""
    await road.opened(2)
    ids = await road.ready(3)
    roster = await road.fixed()

    edition = await road.ok(road.get(road.people.ministry, f"/rosters/{roster['id']}/editions/1"))

    assert hashlib.sha256(edition["document"].encode()).hexdigest() == edition["sha256"] == roster["sha256"]
    document = json.loads(edition["document"])
    assert json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False) == edition["document"]
    assert [line["participation"] for line in document["selected"]] == ids[:2]
    assert "扎西" not in edition["document"]


async def test_a_returned_filing_is_filed_again_and_stays_in_force(road: Any) -> None:
    """S-07: filing is for the record, never an approval."""
    await road.opened(1)
    ids = await road.ready(2)
    roster = await road.fixed()
    path = f"/rosters/{roster['id']}"
    await road.ok(road.post(road.people.region, f"{path}/file"))

    returned = await road.ok(road.post(road.people.ministry, f"{path}/return", {"reason": "Attach the minutes."}))
    again = await road.ok(road.post(road.people.region, f"{path}/file"))

    assert returned["state"] == "filing_returned"
    assert again["state"] == "filed"
    assert [filing["answer"] for filing in again["filings"]] == ["returned", None]
    assert (await road.application(ids[0]))["state"] == "selected"


async def test_the_recommendation_may_come_before_the_application(road: Any) -> None:
    """S-03: two acts, order free."""
    await road.opened(1)
    body = {"items": [{"call": road.call, "account": "account-1", "opinion": "given"}]}
    await road.ok(road.post(road.people.unit(road.kit.unit_of(1)), "/recommendations", body))

    (id,) = await road.submitted(1)
    await road.approved([id])

    read = await road.application(id, road.people.applicant(1))
    assert (read["state"], read["recommendation"]) == ("local_approved", "given")
    assert read["person"] == {"name_zh": "扎西1", "name_bo": "བཀྲ་ཤིས།", "name_latin": "Tashi 1"}


async def test_a_returned_application_is_corrected_and_handed_in_again(road: Any) -> None:
    """S-04: the reviewer returns with a coded reason, the applicant corrects within the policy's days."""
    await road.opened(1)
    (id,) = await road.submitted(0)
    items = [{"application": id, "decision": "return", "reason": "documents-incomplete"}]
    await road.ok(road.post(road.people.reviewer("cn/54/5401"), "/reviews", {"items": items}))
    returned = await road.application(id, road.people.applicant(0))

    body = road.kit.statement(0, years_of_service=12)
    corrected = await road.ok(road.post(road.people.applicant(0), f"/applications/{id}/correct", body))
    again = await road.ok(road.post(road.people.applicant(0), f"/applications/{id}/submit"))

    assert (returned["state"], returned["correct_by"]) == ("returned_for_correction", "2024-03-11")
    assert returned["allowed_actions"] == ["correct", "submit", "withdraw"]
    assert returned["local_decision"]["clause"] == "S1 三(一)1"
    assert corrected["years_of_service"] == 12
    assert again["state"] == "submitted"


async def test_an_exception_is_waived_with_a_reason_before_the_review_passes(road: Any) -> None:
    """S-09: junior title in a listed specialty."""
    await road.opened(1)
    (id,) = await road.submitted(4, title_level="junior", specialty="tibetan-medicine")
    await road.recommended([id])
    reviewer = road.people.reviewer(road.kit.reviewer_of(road.kit.unit_of(4)))
    items = {"items": [{"application": id, "decision": "approve"}]}

    early = await road.post(reviewer, "/reviews", items)
    waived = await road.ok(
        road.post(
            road.people.region, f"/applications/{id}/waivers", {"rule": "S-09-title", "reason": "Only one in Ngari."}
        )
    )
    passed = await road.ok(road.post(reviewer, "/reviews", items))

    assert (early.status_code, early.json()["code"]) == (422, "waiver-needed")
    outcomes = {result["rule"]: result["outcome"] for result in waived["eligibility"]}
    assert outcomes["S-09-title"] == "waived"
    assert outcomes["S-09-composition"] == "not_applicable"
    assert passed["items"][0]["state"] == "local_approved"


async def test_the_dry_run_answers_every_rule_with_its_clause(road: Any) -> None:
    """S-09 without applying."""
    await road.opened(1)
    facts = road.kit.statement(0, title_level="junior", specialty="agronomy", grassroots_years=6) | {
        "unit_class": "prefecture_unit"
    }

    answer = await road.ok(
        road.post(road.people.applicant(1), "/eligibility-checks", {"call": road.call, "facts": facts})
    )

    assert answer["eligible"] is False
    assert answer["waivers_needed"] == []
    assert answer["preference_points"] == "3"
    title = next(result for result in answer["results"] if result["rule"] == "S-09-title")
    assert (title["outcome"], title["document"], title["clause"]) == ("unmet", "人社部发〔2019〕78号", "三(一)1")
    assert await road.service.scalar("SELECT count(*) FROM application") == 0


async def test_the_applicant_reads_why(road: Any) -> None:
    """PIPL 24: an explanation for the person concerned."""
    await road.opened(2)
    ids = await road.ready(3)
    await road.fixed()

    told = await road.ok(road.get(road.people.applicant(2), f"/applications/{ids[2]}/explanation"))

    assert told["balancing"]["outcome"] == "reserve"
    assert told["balancing"]["binding_node"] == "session"
    assert told["balancing"]["margin_score"] == "89.0000"
