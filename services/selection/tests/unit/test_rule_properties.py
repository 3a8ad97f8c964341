"""What holds of every set of rules and every candidate (domain.md 1.2, S-09)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from selection.domain.codes import StaffCategory, TitleLevel, UnitClass
from selection.domain.eligibility.facts import CandidateFacts
from selection.domain.eligibility.predicates import Comparison, Junction, Predicate, comparisons
from selection.domain.eligibility.rules import Modality, Outcome, Rule, Waived, evaluate
from selection.domain.eligibility.targets import answer_targets
from shared.kernel.actor import Role

ROLES = (Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER)
DAY = date(2024, 3, 1)

candidates = some.builds(
    CandidateFacts,
    title_level=some.sampled_from(TitleLevel), specialty=some.sampled_from("abc"), specialty_group=some.sampled_from("gh"),
    specialty_in_shortage=some.booleans(), years_of_service=some.integers(0, 40), grassroots_years=some.integers(0, 40),
    county_experience=some.booleans(), township_experience=some.booleans(), unit_class=some.sampled_from(UnitClass),
    age=some.none() | some.integers(18, 70), staff_category=some.none() | some.sampled_from(StaffCategory),
    competences=some.none() | some.frozensets(some.sampled_from("xyz")), reserve_listed=some.none() | some.booleans(),
)  # fmt: skip
leaves = some.one_of(
    some.builds(Comparison, some.just("title_level"), some.sampled_from(["at_least", "at_most", "is"]), some.sampled_from(TitleLevel)),
    some.builds(Comparison, some.sampled_from(["age", "years_of_service", "competence_count"]), some.sampled_from(["at_least", "at_most"]), some.integers(0, 60)),
    some.builds(Comparison, some.just("specialty"), some.just("in"), some.frozensets(some.sampled_from("abc"), min_size=1)),
    some.builds(Comparison, some.just("competences"), some.sampled_from(["includes_any", "includes_all"]), some.frozensets(some.sampled_from("xyz"), min_size=1)),
    some.builds(Comparison, some.just("staff_category"), some.just("is"), some.sampled_from(StaffCategory)),
)  # fmt: skip
predicates: some.SearchStrategy[Predicate] = some.recursive(
    leaves,
    lambda inner: some.builds(
        Junction, some.sampled_from(["all", "any"]), some.lists(inner, min_size=1, max_size=3).map(tuple)
    ) | some.builds(Junction, some.just("not"), inner.map(lambda one: (one,))),
    max_leaves=4,
)  # fmt: skip


@some.composite
def rule_sets(draw: Any) -> list[Rule]:
    """Up to six rules; every EXCEPTION relaxes a MUST, every SHOULD and EXCEPTION names who waives."""
    rules: list[Rule] = []
    for n in range(draw(some.integers(1, 6))):
        musts = [rule.code for rule in rules if rule.modality is Modality.MUST]
        modality = draw(some.sampled_from([each for each in Modality if musts or each is not Modality.EXCEPTION]))
        waivable = modality in (Modality.SHOULD, Modality.EXCEPTION)
        rules.append(
            Rule(
                f"R-{n}", modality, draw(predicates), "d", "c", "甲", "A",
                relaxes=draw(some.sampled_from(musts)) if modality is Modality.EXCEPTION else None,
                waiver_role=draw(some.sampled_from(ROLES)) if waivable else None,
                weight=draw(some.decimals(0, 9, places=2)) if modality is Modality.PREFER else Decimal(0),
                effective_to=draw(some.sampled_from([None, date(2023, 12, 31), date(2024, 12, 31)])),
            )
        )  # fmt: skip
    return rules


waivers = some.lists(
    some.builds(
        Waived, some.sampled_from([f"R-{n}" for n in range(6)]), some.none() | some.sampled_from(ROLES),
        some.sampled_from(["", "  ", "needed"]),
    ),
    max_size=4,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(rule_sets(), candidates, waivers, predicates)
def test_a_preference_never_makes_anyone_ineligible(rules: Any, facts: Any, given_: Any, predicate: Any) -> None:
    """PREFER adds weight, TARGET is about the roster: neither changes whether a person may come."""
    before = evaluate(rules, facts, given_, on=DAY)
    prefer = Rule("P", Modality.PREFER, predicate, "d", "c", "甲", "A", weight=Decimal(3))
    target = Rule("T", Modality.TARGET, predicate, "d", "c", "甲", "A", share=Decimal(50))

    after = evaluate([*rules, prefer, target], facts, given_, on=DAY)

    assert after.eligible is before.eligible
    assert after.preference_points >= before.preference_points
    assert after.results[-1].outcome is Outcome.NOT_APPLICABLE


@settings(max_examples=150, deadline=None)
@given(rule_sets(), candidates, waivers)
def test_a_waiver_without_role_or_reason_never_counts(rules: Any, facts: Any, given_: Any) -> None:
    """Only the policy's role, with words, lifts a rule."""
    sound = [each for each in given_ if each.role is not None and each.reason.strip()]
    answer = evaluate(rules, facts, given_, on=DAY)

    assert answer == evaluate(rules, facts, sound, on=DAY)
    roles = {rule.waiver_role for rule in rules}
    for result in answer.results:
        if result.outcome is Outcome.WAIVED:
            assert any(each.rule == result.rule and each.role in roles for each in sound)


@settings(max_examples=150, deadline=None)
@given(rule_sets(), candidates, waivers, some.randoms(use_true_random=False))
def test_order_changes_nothing(rules: Any, facts: Any, given_: Any, random: Any) -> None:
    """Evaluating is deterministic whatever the order of rows."""
    shuffled = list(rules)
    random.shuffle(shuffled)

    one, two = evaluate(rules, facts, given_, on=DAY), evaluate(shuffled, facts, given_, on=DAY)

    assert {each.rule: each for each in one.results} == {each.rule: each for each in two.results}
    assert (one.eligible, one.preference_points) == (two.eligible, two.preference_points)


@settings(max_examples=150, deadline=None)
@given(rule_sets(), candidates)
def test_what_is_not_known_never_meets_a_condition(rules: Any, facts: Any) -> None:
    """Every fact forgotten: no MUST, SHOULD or PREFER that looks at one is met."""
    nothing = replace(facts, **{member.name: None for member in fields(facts)})

    for rule, result in zip(rules, evaluate(rules, nothing, on=DAY).results, strict=True):
        assert result.outcome in (Outcome.UNMET, Outcome.NOT_APPLICABLE)
        if rule.modality is Modality.MUST and rule.in_force(DAY):
            assert result.unknown == tuple(sorted({each.fact for each in comparisons(rule.predicate)}))


@settings(max_examples=80, deadline=None)
@given(rule_sets(), candidates)
def test_a_rule_out_of_force_says_nothing(rules: Any, facts: Any) -> None:
    """``effective_to`` is the last day; afterwards the rule neither stops, nor relaxes, nor adds."""
    answer = evaluate(rules, facts, on=DAY)
    kept = [rule for rule in rules if rule.in_force(DAY)]

    assert answer.eligible is evaluate(kept, facts, on=DAY).eligible
    assert answer.preference_points == evaluate(kept, facts, on=DAY).preference_points
    for rule, result in zip(rules, answer.results, strict=True):
        assert rule in kept or result.outcome is Outcome.NOT_APPLICABLE


@settings(max_examples=80, deadline=None)
@given(rule_sets(), some.lists(candidates, max_size=6))
def test_a_target_answers_for_the_group(rules: Any, group: Any) -> None:
    """A share between 0 and 100 for everybody together, nothing for nobody."""
    for answer in answer_targets(rules, group, DAY):
        assert (answer.share is None) is (not group)
        assert answer.share is None or 0 <= answer.share <= 100


@settings(max_examples=100, deadline=None)
@given(rule_sets(), candidates)
def test_what_a_unit_attests_stays_with_the_selecting_authority(rules: Any, facts: Any) -> None:
    """domain.md 7.3 no. 3: to everybody else the answers are the same whatever was attested."""
    listed = Comparison("reserve_listed", "is", True)
    rules = [*rules, Rule("A", Modality.MUST, listed, "d", "c", "甲", "A")]

    seen = {evaluate(rules, replace(facts, reserve_listed=said), on=DAY) for said in (True, False, None)}

    assert len(seen) == 1
    assert next(iter(seen)).results[-1].attested
    assert evaluate(rules, replace(facts, reserve_listed=False), on=DAY, attested=True).barriers
