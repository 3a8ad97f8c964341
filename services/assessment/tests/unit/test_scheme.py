"""The scheme as data: inheritance, soundness, verdicts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.adapters.policies.json_schema import JsonSchemaChecker
from assessment.domain.assessing.evidence import Report, report_score
from assessment.domain.schemes.policy import check_sound
from assessment.domain.schemes.reading import inherit
from assessment.domain.schemes.scheme import Outcome
from shared.kernel.actor import Role
from shared.kernel.refusals import RuleViolated

half = st.integers(0, 200).map(lambda n: Decimal(n) / 2)


def test_the_fourth_batch_follows_the_third_and_overrides_part_of_it(kit: Any) -> None:
    """P-08: what is not named stays, what is named changes."""
    third, fourth = kit.a_scheme("batch-3"), kit.a_scheme("batch-4")

    assert [c.weight for c in fourth.components] == [c.weight for c in third.components] == [20, 30, 20, 30]
    assert fourth.certificate.number == "XZTP4-{session}" != third.certificate.number
    assert fourth.version == "batch-4"
    assert fourth.certificate.revocation_reasons == third.certificate.revocation_reasons


def test_both_versions_fit_the_published_schema(kit: Any) -> None:
    checker = JsonSchemaChecker()

    assert checker.content(kit.content("batch-3")) == []
    assert checker.content(kit.content("batch-4")) == []
    assert checker.effective(dict(kit.a_policy("batch-4").effective)) == []


def test_null_takes_away_and_coded_rows_merge() -> None:
    merged = inherit({"a": 1, "rows": [{"code": "x", "n": 1}, {"code": "y", "n": 2}]},
                     {"a": None, "rows": [{"code": "y", "n": 3}, {"code": "z", "n": 4}]})  # fmt: skip

    assert merged == {"rows": [{"code": "x", "n": 1}, {"code": "y", "n": 3}, {"code": "z", "n": 4}]}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"issuer": "cn/54"}, "issuer-is-assessor"),
        ({"components": [{"code": "panel", "weight": 31}]}, "weights-not-100"),
        ({"components": [{"code": "panel", "scored_by": ["mentor"]}]}, "not-by-assessor"),
        ({"components": [{"code": "unit_evaluation", "scored_by": ["assessor"]}]}, "assessor-gives-evidence"),
        ({"components": [{"code": "unit_evaluation", "scored_by": None}]}, "scored-by-whom"),
        ({"components": [{"code": "panel", "minimum": "60.3"}]}, "off-scale"),
        ({"pass_mark": "65"}, "grades-miss-pass-mark"),
    ],
)
def test_a_scheme_that_contradicts_itself_is_refused(kit: Any, change: dict[str, Any], code: str) -> None:
    """C-02 and plain arithmetic are checked when the data arrives, not when the first person is assessed."""
    content = inherit(kit.content("batch-3"), change)

    with pytest.raises(RuleViolated) as refused:
        check_sound(content)

    assert code in {finding.code for finding in refused.value.findings}


@settings(deadline=None)  # the machine may be busy; nothing here can hang
@given(half, half, half, half)
def test_a_pass_needs_the_pass_mark_and_every_minimum(
    kit: Any, a: Decimal, b: Decimal, c: Decimal, panel: Decimal
) -> None:
    """C-01: pass iff the weighted total reaches the mark and the panel its minimum."""
    scheme = kit.a_scheme()
    total = (20 * a + 30 * b + 20 * c + 30 * panel) / 100

    verdict = scheme.verdict({"study_reports": a, "mentor_evaluation": b, "unit_evaluation": c, "panel": panel})

    assert abs(verdict.score - total) <= Decimal("0.005")
    assert (verdict.outcome is Outcome.PASS) == (verdict.score >= 60 and panel >= 60)
    assert (verdict.grade == "unqualified") == (verdict.outcome is Outcome.FAIL)


@pytest.mark.parametrize(
    ("score", "grade"), [("60", "qualified"), ("79.5", "qualified"), ("80", "good"), ("90", "excellent")]
)
def test_grades_begin_at_their_lower_bound(kit: Any, score: str, grade: str) -> None:
    assert kit.a_scheme().verdict(kit.scores(score, score)).grade == grade


def test_a_missed_minimum_fails_whatever_the_total(kit: Any) -> None:
    verdict = kit.a_scheme().verdict(kit.scores("59.5", "100"))

    assert (verdict.outcome, verdict.broken) == (Outcome.FAIL, ("panel",))


def test_reports_count_by_punctuality(kit: Any) -> None:
    """D-02: on time 100, late 60, missing 0; too few acknowledged ones give no score."""
    rule = kit.a_scheme().component("study_reports").reports
    due = date(2024, 10, 10)
    on_time, late = Report("1", due, due, True), Report("2", due, date(2024, 10, 11), True)
    missing, pending = Report("3", due), Report("4", due, due, False)

    assert report_score(rule, [on_time]) == 100
    assert report_score(rule, [on_time, late, missing]) == Decimal("53.33")
    assert report_score(rule, [missing, pending]) is None
    assert report_score(rule, []) is None


def test_the_scale_holds_half_points_only(kit: Any) -> None:
    scale = kit.a_scheme().scale

    assert [scale.holds(Decimal(s)) for s in ("0", "100", "59.5", "59.25", "100.5")] == [True, True, True, False, False]


def test_only_evidence_roles_score_evidence(kit: Any) -> None:
    roles = {c.code: c.scored_by for c in kit.a_scheme().components}

    assert roles["mentor_evaluation"] == {Role.MENTOR, Role.HOST_OFFICER}
    assert roles["panel"] == {Role.ASSESSOR}
