"""What follows a confirmed result: a re-sit, more time, a correction that takes certificate and waiver with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

A = "/v1/assessment"


async def act(road: Any, actor: Any, verb: str, body: Any = None, number: int = 1, **more: Any) -> Any:
    """One act on a person's assessment; gives the answer."""
    id = (await road.assessment(number))["id"]
    return await road.service.post(actor, f"{A}/assessments/{id}/{verb}", body or {}, **more)


async def corrected(road: Any, kit: Any, panel: str) -> Any:
    """A correction of the panel's score, recorded by one and confirmed by another."""
    body = {"reason": "recording-error", "scores": {"panel": panel}}
    assert (await act(road, kit.people.fourth, "correct", body)).status_code == 200
    return await act(road, kit.people.third, "confirm")


async def test_a_fail_is_taken_again_and_stays_on_record(road: Any, kit: Any) -> None:
    """Fail, then pass: both are told, the last has the higher number, and the certificate follows the pass."""
    await road.confirmed({1: "40"})
    assert "resit" in (await road.assessment(1))["allowed_actions"]

    begun = await act(road, kit.people.assessor, "resit")
    assert (begun.status_code, begun.json()["state"]) == (200, "evidence_complete")
    await road.recorded({1: "75"})
    assert (await road.confirm(kit.people.second, 1)).status_code == 200
    await road.issue()

    told = await road.service.outbox("assessed")
    assert [(event["result"], event["attempt"], event["ordinal"]) for event in told] == [("fail", 1, 1), ("pass", 2, 2)]
    seen = await road.assessment(1)
    assert [(past["why"], past["result"], past["score"]) for past in seen["past"]] == [("resit", "fail", "73.50")]
    assert (seen["result"], seen["resits"], seen["attempt"]) == ("pass", 1, 2)
    assert len(await road.service.outbox("certified")) == 1


async def test_what_is_not_taken_again_keeps_its_score(road: Any, kit: Any) -> None:
    await road.confirmed({1: "40"})

    await act(road, kit.people.assessor, "resit")

    scored = {part["component"]: part["score"] for part in (await road.assessment(1))["components"]}
    assert scored == {
        "study_reports": "100.00", "mentor_evaluation": "85", "unit_evaluation": "80", "panel": None,
    }  # fmt: skip


async def test_a_second_fail_is_told_again_and_final(road: Any, kit: Any) -> None:
    """The scheme allows one re-sit; the same result is told again because it is another attempt."""
    await road.confirmed({1: "40"})
    await act(road, kit.people.assessor, "resit")
    await road.recorded({1: "40"})
    await road.confirm(kit.people.second, 1)

    refused = await act(road, kit.people.assessor, "resit")

    assert (refused.status_code, refused.json()["code"]) == (422, "no-resit")
    assert [event["ordinal"] for event in await road.service.outbox("assessed")] == [1, 2]
    assert (await road.assessment(1))["resit_until"] is None


async def test_the_time_for_a_re_sit_ends_and_can_be_extended_once(road: Any, kit: Any) -> None:
    await road.confirmed({1: "40"})
    assert (await road.assessment(1))["resit_until"] == "2026-02-01"
    road.service.clock.at = datetime(2026, 2, 2, 2, tzinfo=UTC)

    late = await act(road, kit.people.assessor, "resit")
    longer = await act(road, kit.people.third, "extend", {"reason": "illness"})
    again = await act(road, kit.people.third, "extend", {"reason": "illness"})
    begun = await act(road, kit.people.assessor, "resit")

    assert (late.status_code, late.json()["code"]) == (422, "resit-too-late")
    assert longer.json()["resit_until"] == "2026-08-01"
    assert (again.status_code, again.json()["code"]) == (422, "extensions-used-up")
    assert begun.status_code == 200


async def test_a_correction_to_a_fail_revokes_certificate_and_waiver(road: Any, kit: Any) -> None:
    """C-02, C-03: in the transaction of the confirmation; before it what was confirmed stands."""
    await road.certified(1)
    body = {"reason": "evidence-false", "scores": {"panel": "20"}}
    pending = await act(road, kit.people.fourth, "correct", body)
    assert (pending.json()["state"], pending.json()["result"]) == ("corrected", "pass")
    assert (await road.certificate(1))["state"] == "issued"

    same = await act(road, kit.people.fourth, "confirm")
    done = await act(road, kit.people.third, "confirm")

    assert (same.status_code, same.json()["code"]) == (403, "four-eyes")
    assert (done.json()["state"], done.json()["result"]) == ("confirmed", "fail")
    certificate = await road.certificate(1)
    assert (certificate["state"], certificate["revocation_reason"]) == ("revoked", "result-overturned")
    assert (await road.waiver(1))["state"] == "void"
    assert [event["result"] for event in await road.service.outbox("assessed")] == ["pass", "fail"]
    assert len(await road.service.outbox("certificate.revoked")) == 1
    correction = (await road.assessment(1))["correction"]
    assert correction["reason"] == "evidence-false"


async def test_another_grade_asks_for_the_certificate_to_be_issued_anew(road: Any, kit: Any) -> None:
    await road.certified(1)

    assert (await corrected(road, kit, "61")).status_code == 200

    certificate = await road.certificate(1)
    assert (certificate["state"], certificate["reissue_wanted"]) == ("issued", "result-corrected")
    path = f"{A}/certificates/{certificate['id']}/reissue"
    anew = await road.service.post(kit.people.issuer, path, {"reason": "result-corrected"})
    assert anew.status_code == 201, anew.text
    assert (anew.json()["predecessor"], anew.json()["reissue_wanted"]) == (certificate["id"], None)
    assert (await road.waiver(1))["certificate"] == anew.json()["id"]


async def test_the_same_grade_leaves_the_certificate_alone(road: Any, kit: Any) -> None:
    await road.certified(1)

    await corrected(road, kit, "87")

    assert (await road.certificate(1))["reissue_wanted"] is None


async def test_a_rejected_correction_leaves_everything_as_it_was(road: Any, kit: Any) -> None:
    await road.certified(1)
    before = await road.assessment(1)
    await act(road, kit.people.fourth, "correct", {"reason": "recording-error", "scores": {"panel": "20"}})

    own = await act(road, kit.people.fourth, "reject-correction")
    done = await act(road, kit.people.third, "reject-correction")

    assert (own.status_code, own.json()["code"]) == (403, "four-eyes")
    assert done.status_code == 200
    after = await road.assessment(1)
    kept = ("state", "result", "grade", "score", "components", "past", "correction", "confirmed_on")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert len(await road.service.outbox("assessed")) == 1


async def test_deferrals_have_a_limit_of_their_own(road: Any, kit: Any) -> None:
    """A re-sit does not use up a deferral, nor the other way round."""
    await road.term_completed(1)
    await road.evaluated(1)
    deferred = {"outcome": "deferred", "reason": "illness"}
    for _ in (1, 2):
        assert (await act(road, kit.people.assessor, "result", deferred)).status_code == 200
        assert (await act(road, kit.people.assessor, "reopen")).status_code == 200

    refused = await act(road, kit.people.assessor, "result", deferred)

    assert (refused.status_code, refused.json()["code"]) == (422, "deferrals-used-up")
    await road.recorded({1: "40"})
    await road.confirm(kit.people.second, 1)
    assert (await act(road, kit.people.assessor, "resit")).json()["attempt"] == 4


async def test_the_host_cannot_be_the_assessor(road: Any, kit: Any) -> None:
    """C-01: assessor, issuer and host are three parties, also where the authority itself hosted somebody."""
    await road.receive(road.selected(1), road.placed(1, host="cn/54"), road.report(1), road.ended(1))
    road.service.clock.at = datetime(2025, 8, 1, 2, tzinfo=UTC)

    answer = await road.sheet(kit.people.assessor, "panel", {1: "88"})

    assert (answer.status_code, answer.json()["code"]) == (403, "host-is-assessor")


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE assessment SET confirmed_by = result ->> 'recorded_by'", "ck_assessment_four_eyes"),
        ("UPDATE assessment SET state = 'corrected', past = '[]'", "ck_assessment_correction_keeps_the_past"),
        ("UPDATE certificate SET issued_by = 'assessor-1'", "who had a hand in the result"),
        ("UPDATE certificate SET issued_by = 'assessor-2'", "who had a hand in the result"),
    ],
    ids=["recorder-confirms", "correction-forgets", "recorder-issues", "confirmer-issues"],
)
async def test_the_database_keeps_the_parties_apart(road: Any, kit: Any, statement: str, constraint: str) -> None:
    """The last line of four eyes: no statement gets past it."""
    await road.certified(1)

    with pytest.raises(IntegrityError, match=constraint):
        async with road.service.running.engine.begin() as connection:
            await connection.execute(text(statement))
