"""Rules with a modality (domain.md 1.2, S-09), and policies as data (P-08)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from selection.adapters.http.policy_schema import check_policy
from selection.adapters.http.programme_schema import check_programme
from selection.domain.balancing.tree import QuotaTree
from selection.domain.codes import TitleLevel, UnitClass
from selection.domain.eligibility.predicates import CandidateFacts, parse_predicate
from selection.domain.eligibility.rules import Modality, Outcome, Rule, Waived, evaluate
from selection.domain.policy.inherit import overridden
from selection.domain.policy.parse import parse_policy
from selection.domain.policy.policy import Policy
from shared.kernel.actor import Role
from shared.kernel.refusals import Malformed

FACTS = CandidateFacts(
    title_level=TitleLevel.INTERMEDIATE, specialty="agronomy", specialty_group="agriculture", specialty_in_shortage=False,
    years_of_service=8, grassroots_years=2, county_experience=False, township_experience=False,
    unit_class=UnitClass.PREFECTURE_UNIT, age=40,
)  # fmt: skip


TITLE = Waived("S-09-title", Role.REGIONAL_OFFICER, "The only veterinarian of the county.")


@pytest.fixture(scope="module")
def resolved(kit: Any) -> dict[str, Any]:
    merged = overridden(kit.content("batch-3"), kit.content("batch-4"))
    merged.pop("inherits")
    return merged


@pytest.fixture(scope="module")
def policy(resolved: dict[str, Any]) -> Policy:
    return parse_policy(resolved)


def ask(policy: Policy, *waived: Waived, **facts: Any) -> Any:
    return evaluate(policy.profile_rules("trainee"), replace(FACTS, **facts), waived)


def outcome(eligibility: Any, rule: str) -> Any:
    return next(each for each in eligibility.results if each.rule == rule)


def test_must_excludes(policy: Policy) -> None:
    """S-09: title ≥ intermediate; nobody may waive a bare MUST."""
    answer = ask(policy, title_level=TitleLevel.JUNIOR)

    assert not answer.eligible
    assert [each.rule for each in answer.barriers] == ["S-09-title"]
    assert ask(policy, TITLE, title_level=TitleLevel.JUNIOR).barriers


def test_exception_makes_the_must_waivable_for_listed_specialties(policy: Policy) -> None:
    """S-09: 个别专业可放宽至初级职称."""
    facts: dict[str, Any] = {"title_level": TitleLevel.JUNIOR, "specialty": "tibetan-medicine"}

    before = ask(policy, **facts)
    after = ask(policy, TITLE, **facts)
    none = ask(policy, TITLE, **(facts | {"title_level": TitleLevel.NONE}))

    assert [(each.rule, each.waiver_role) for each in before.waivers_needed] == [("S-09-title", Role.REGIONAL_OFFICER)]
    assert not before.eligible
    assert after.eligible
    assert outcome(after, "S-09-title").outcome is Outcome.WAIVED
    assert none.barriers


def test_prefer_adds_weight_and_excludes_nobody(policy: Policy) -> None:
    """P-05: shortage 3, grassroots 2, priority domains 1."""
    rich = ask(policy, specialty_in_shortage=True, grassroots_years=5)
    poor = ask(policy, specialty_group="culture", grassroots_years=0)

    assert (rich.preference_points, poor.preference_points) == (Decimal(6), Decimal(0))
    assert poor.eligible


def test_target_is_never_asked_about_a_person(policy: Policy) -> None:
    """Never an individual rejection reason."""
    answer = ask(policy, grassroots_years=0)

    assert outcome(answer, "S-09-composition").outcome is Outcome.NOT_APPLICABLE
    assert outcome(answer, "P-11-grassroots-share").outcome is Outcome.NOT_APPLICABLE


def test_should_needs_a_documented_waiver() -> None:
    """S3: 一般应 is flagged and may be waived."""
    predicate = parse_predicate({"fact": "county_experience", "op": "is", "value": True}, _refuse, "")
    rule = Rule("S-10", Modality.SHOULD, predicate, "S3", "1", "甲", "A", waiver_role=Role.LOCAL_REVIEWER)

    assert [each.rule for each in evaluate([rule], FACTS).waivers_needed] == ["S-10"]
    assert evaluate([rule], FACTS, [Waived("S-10", Role.LOCAL_REVIEWER, "Twenty years in a city hospital.")]).eligible


def test_every_answer_cites_its_clause(policy: Policy) -> None:
    """Result per rule always with document and clause."""
    assert all(each.document and each.clause for each in ask(policy).results)


def test_an_unknown_fact_never_meets_a_must() -> None:
    """A dry run without a person says what it would need to know."""
    predicate = parse_predicate({"fact": "age", "op": "at_most", "value": 45}, _refuse, "")
    rule = Rule("age", Modality.MUST, predicate, "d", "c", "甲", "A")

    unknown = evaluate([rule], replace(FACTS, age=None))
    assert (unknown.results[0].outcome, unknown.results[0].unknown, unknown.eligible) == (
        Outcome.UNMET,
        ("age",),
        False,
    )
    assert evaluate([rule], replace(FACTS, age=50)).barriers


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        (
            {"all": [{"fact": "age", "op": "at_least", "value": 30}, {"fact": "age", "op": "at_most", "value": 40}]},
            True,
        ),
        (
            {"any": [{"fact": "age", "op": "at_least", "value": 50}, {"fact": "specialty", "op": "is", "value": "x"}]},
            False,
        ),
        ({"not": {"fact": "specialty", "op": "in", "value": ["agronomy"]}}, False),
        ({"fact": "title_level", "op": "at_most", "value": "junior"}, False),
    ],
)
def test_the_vocabulary(source: dict[str, Any], holds: bool) -> None:
    predicate = parse_predicate(source, _refuse, "")

    assert predicate is not None
    assert predicate.holds(FACTS) is holds


@pytest.mark.parametrize(
    "source",
    [
        "age > 3", {}, {"fact": "ethnicity", "op": "is", "value": "x"}, {"fact": "age", "op": "is", "value": True},
        {"fact": "specialty", "op": "at_least", "value": "a"}, {"fact": "title_level", "op": "is", "value": "doctor"},
        {"any": []}, {"all": [{"fact": "age"}]}, {"fact": "specialty", "op": "in", "value": []},
    ],
)  # fmt: skip
def test_what_is_outside_the_vocabulary_is_refused(source: Any) -> None:
    """Closed: no new fact becomes a reason by editing a policy."""
    refused: list[str] = []

    assert parse_predicate(source, lambda pointer, _: refused.append(pointer), "/p") is None
    assert refused


def test_batch_four_says_only_what_it_changes(policy: Policy, kit: Any) -> None:
    """P-07, P-08, P-10, P-11: inherited rules, new criteria, three focus areas, 180 places with a tree that holds."""
    before = parse_policy(kit.content("batch-3"))

    assert policy.rules["S-09-title"] == before.rules["S-09-title"]
    assert [each.code for each in policy.criteria] == ["key-points", "urgent-needs", "grassroots", "best-of-best"]
    assert len(policy.focus_areas) == 3
    assert not before.focus_areas
    nodes = policy.plan_of("2024").quota_nodes or ()
    assert QuotaTree(180, nodes).places == 180
    assert sum(node.min for node in nodes if node.parent is None) <= 180


def test_the_programmes_have_the_published_shape(resolved: dict[str, Any], kit: Any) -> None:
    for version in ("batch-3", "batch-4"):
        check_policy(kit.content(version))
        check_programme(kit.content(version, "programme"))
    check_policy(resolved)


def test_the_quotas_of_a_batch_sum_to_its_target(kit: Any) -> None:
    """Golden numbers: 5 × 120 = 600; +50 % a year from 2024 (P-02, P-07)."""
    third, fourth = (kit.content(version, "programme")["batch"] for version in ("batch-3", "batch-4"))

    assert sum(each["quota"] for each in third["sessions"]) == third["target"] == 600
    assert sum(each["quota"] for each in fourth["sessions"]) == fourth["target"]
    assert fourth["sessions"][0] == {"session": "2024", "quota": 180}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"panel": {"criteria": [{"code": "x", "weight": 90, "name_zh": "x", "name_en": "x"}]}}, "/panel/criteria"),
        ({"profiles": {"trainee": ["no-such-rule"]}}, "/profiles/trainee/0"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(resolved: dict[str, Any], change: Any, pointer: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_policy(overridden(resolved, change))

    assert pointer in {finding.pointer for finding in refused.value.findings}


def test_an_unknown_member_of_a_policy_is_refused(resolved: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as refused:
        check_policy(resolved | {"quota": 1})

    assert refused.value.code == "bad-policy"


def _refuse(pointer: str, detail: str) -> None:
    raise AssertionError((pointer, detail))
