"""What a wrong application gets: field, code, rule; nothing is written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.kernel.actor import Role
from shared.testing.actors import someone


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"specialty": "alchemy"}, 400, "unknown-code", "/specialty"),
        ({"focus_area": "no-such"}, 400, "unknown-code", "/focus_area"),
        ({"focus_area": None}, 400, "unknown-code", "/focus_area"),
        ({"study_direction_wish": "no-such"}, 400, "unknown-code", "/study_direction_wish"),
        ({"grassroots_years": 60}, 400, "years-contradict", "/grassroots_years"),
        ({"host_preferences": ["hosts/H001", "hosts/H001"]}, 400, "host-twice", "/host_preferences"),
        ({"title_level": "professor"}, 400, "enum", "/title_level"),
        ({"years_of_service": -1}, 400, "greater-than-equal", "/years_of_service"),
        ({"years_of_service": "eight"}, 400, "int-type", "/years_of_service"),
        ({"unit": "cn/54/5401/U9999"}, 400, "unknown-unit", "/unit"),
        ({"ethnicity": "x"}, 400, "extra-forbidden", "/ethnicity"),
        ({"call": "x"}, 400, "uuid-parsing", "/call"),
    ],
)
async def test_a_wrong_statement_is_named(road: Any, change: Any, status: int, code: str, pointer: str) -> None:
    """Field pointer and code; no application remains."""
    await road.opened(1)

    answer = await road.post(road.people.applicant(1), "/applications", road.form(1, **change))

    assert answer.status_code == status, answer.text
    errors = {(error["code"], error.get("pointer")) for error in answer.json()["errors"]}
    assert (code, pointer) in errors
    assert await road.service.scalar("SELECT count(*) FROM application") == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"identity_number": "540102198001011230"}, "identity-number-check"),
        ({"identity_number": "1"}, "identity-number-shape"),
        ({"birth_date": "2090-01-01"}, "birth-date-in-future"),
        ({"birth_date": "1980-01-02"}, "identity-number-birth-date"),
    ],
)
async def test_a_wrong_identity_is_named_and_not_repeated(road: Any, change: Any, code: str) -> None:
    """GB 11643; the number itself appears in no answer."""
    await road.opened(1)
    body = road.form(1, person=road.kit.person(1, **change))

    answer = await road.post(road.people.applicant(1), "/applications", body, headers={"accept-language": "zh"})

    assert answer.status_code == 400
    assert code in {error["code"] for error in answer.json()["errors"]}
    assert len(change.get("identity_number", "")) < 5 or change["identity_number"] not in answer.text
    assert await road.service.scalar("SELECT count(*) FROM person") == 0


async def test_units_and_windows_are_held(road: Any) -> None:
    """S-02, S-03, S-04: outside the window, a foreign unit, a unit nobody reviews, a scope that does not hold it."""
    await road.opened(1, scope="cn/54/5401")
    own = someone(Role.APPLICANT, subject="account-1", organisation="cn/54/5402/U0001")

    foreign = await road.post(own, "/applications", road.form(1, unit="cn/54/5401/U0001"))
    outside = await road.post(road.people.applicant(1), "/applications", road.form(1))
    unrouted = await road.post(road.people.applicant(1), "/applications", road.form(1, unit="cn/54/5401"))
    road.on(date(2024, 4, 2))
    late = await road.post(road.people.applicant(1), "/applications", road.form(1, unit="cn/54/5401/U0001"))

    assert [answer.json()["code"] for answer in (foreign, outside, unrouted, late)] == [
        "foreign-unit", "unit-outside-scope", "unit-not-routed", "call-not-open",
    ]  # fmt: skip
    assert [answer.status_code for answer in (foreign, outside, unrouted, late)] == [422, 422, 422, 409]


async def test_a_draft_is_not_handed_in_after_the_window(road: Any) -> None:
    """S-02."""
    await road.opened(1)
    id = await road.drafted(1)
    road.on(date(2024, 4, 2))

    answer = await road.post(road.people.applicant(1), f"/applications/{id}/submit")

    assert (answer.status_code, answer.json()["rule"]) == (409, "S-02")


async def test_one_identity_has_one_account_and_one_account_one_identity(road: Any) -> None:
    """Duplicates are refused, never merged."""
    await road.opened(1)
    await road.drafted(1)

    again = await road.post(road.people.applicant(1), "/applications", road.form(1))
    taken = await road.post(road.people.applicant(2), "/applications", road.form(2, person=road.kit.person(1)))
    other = await road.post(road.people.applicant(1), "/applications", road.form(1, person=road.kit.person(3)))
    unknown = await road.post(road.people.applicant(4), "/applications", road.form(4, person=None))

    assert [(answer.status_code, answer.json()["code"]) for answer in (again, taken, other, unknown)] == [
        (409, "applied-already"), (409, "identity-taken"), (409, "person-known-otherwise"), (400, "person-missing"),
    ]  # fmt: skip


async def test_a_must_excludes_at_submission_with_rule_and_clause(road: Any) -> None:
    """S-09, in Chinese from the policy's own words."""
    await road.opened(1)
    id = await road.drafted(1, title_level="junior", specialty="agronomy")

    path = f"/applications/{id}/submit"
    answer = await road.post(road.people.applicant(1), path, headers={"accept-language": "zh-CN"})

    assert (answer.status_code, answer.json()["code"]) == (422, "not-eligible")
    assert answer.json()["errors"] == [
        {"code": "rule-unmet", "detail": "学员应具有中级及以上职称。", "pointer": "", "rule": "S-09-title"}
    ]
    assert (await road.application(id))["state"] == "draft"


async def test_a_stale_version_is_refused(road: Any) -> None:
    """If-Match: 412 with nothing done."""
    await road.opened(1)
    id = await road.drafted(1)
    read = await road.get(road.people.applicant(1), f"/applications/{id}")
    path = f"/applications/{id}/submit"

    await road.ok(road.post(road.people.applicant(1), path, if_match=read.headers["etag"]))
    stale = await road.post(
        road.people.applicant(1), f"/applications/{id}/withdraw", {"reason": "work"}, if_match=read.headers["etag"]
    )

    assert (stale.status_code, stale.json()["code"]) == (412, "stale-version")
    assert (await road.application(id))["state"] == "submitted"


async def test_wrong_states_name_what_is_possible(road: Any) -> None:
    """409 with the state and what the caller may do."""
    await road.opened(1)
    (id,) = await road.submitted(1)

    again = await road.post(road.people.applicant(1), f"/applications/{id}/submit")
    correct = await road.post(road.people.applicant(1), f"/applications/{id}/correct", road.kit.statement(1))
    early = await road.post(
        road.people.region, f"/sessions/{road.session}/classifications",
        {"items": [{"application": id, "study_direction": "clinical-practice"}]},
    )  # fmt: skip
    nobody = await road.post(road.people.region, f"/sessions/{road.session}/balancing-runs")

    assert [answer.status_code for answer in (again, correct, early, nobody)] == [409] * 4
    assert again.json()["allowed_actions"] == ["withdraw"]
    assert early.json()["errors"][0]["pointer"] == "/items/0"
    assert early.json()["code"] == "step-missing"
    assert nobody.json()["code"] == "nobody-ready"
