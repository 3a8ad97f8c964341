"""Rules with a modality, and what they answer about one candidate (domain.md 1.2, S-09)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from selection.domain.eligibility.facts import ATTESTED
from selection.domain.eligibility.predicates import CandidateFacts, Predicate, comparisons
from shared.kernel.actor import Role


class Modality(StrEnum):
    """How strongly a rule is meant."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    PREFER = "PREFER"
    MAY = "MAY"
    EXCEPTION = "EXCEPTION"
    TARGET = "TARGET"
    ENCOURAGE = "ENCOURAGE"


class Outcome(StrEnum):
    """What a rule says about one candidate."""

    MET = "met"
    UNMET = "unmet"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the policy with the sentence it rests on.

    Attributes:
        relaxes: for EXCEPTION, the MUST that becomes waivable while the exception's predicate holds.
        waiver_role: who may waive; for SHOULD and EXCEPTION.
        weight: for PREFER, points added to the panel's mean.
        share: for TARGET, wanted share of the roster in percent; None when the attribute is not held here.
        effective_from, effective_to: first and last day on which the rule counts; None is open.
    """

    code: str
    modality: Modality
    predicate: Predicate | None
    document: str
    clause: str
    message_zh: str
    message_en: str
    relaxes: str | None = None
    waiver_role: Role | None = None
    weight: Decimal = Decimal(0)
    share: Decimal | None = None
    effective_from: date | None = None
    effective_to: date | None = None

    @property
    def attested(self) -> bool:
        """True when the rule looks at a fact that a unit attests: only the selecting authority sees its answer."""
        return any(each.fact in ATTESTED for each in comparisons(self.predicate))

    def in_force(self, on: date | None) -> bool:
        """True when the rule counts on a day; on every day for None."""
        if on is None:
            return True
        begun = self.effective_from is None or self.effective_from <= on
        return begun and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True, slots=True)
class Waived:
    """A standing waiver as the rules see it; without a role or a reason it counts for nothing."""

    rule: str
    role: Role | None
    reason: str

    def covers(self, rule: str, role: Role | None) -> bool:
        """True when this waives ``rule``, which only holders of ``role`` may waive."""
        return self.rule == rule and role is not None and self.role is role and bool(self.reason.strip())


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The answer of one rule, with where to read it up.

    Attributes:
        waiver_role: set while the rule is unmet and may be waived.
        unknown: facts that are not known and without which the rule cannot be met.
        attested: True where the selecting authority decides on what the unit attests; ``not_applicable`` elsewhere.
    """

    rule: str
    modality: Modality
    outcome: Outcome
    document: str
    clause: str
    message_zh: str
    message_en: str
    waiver_role: Role | None = None
    unknown: tuple[str, ...] = ()
    attested: bool = False


@dataclass(frozen=True, slots=True)
class Eligibility:
    """All answers for one candidate."""

    results: tuple[RuleResult, ...]
    preference_points: Decimal

    @property
    def barriers(self) -> tuple[RuleResult, ...]:
        """Unmet MUST rules that nobody can waive: the candidate is not eligible."""
        return tuple(r for r in self._unmet if r.modality is Modality.MUST and r.waiver_role is None)

    @property
    def waivers_needed(self) -> tuple[RuleResult, ...]:
        """Unmet rules that stop the candidate until someone waives them with a reason."""
        return tuple(r for r in self._unmet if r.waiver_role is not None)

    @property
    def eligible(self) -> bool:
        """True when no rule stands in the way any more."""
        return not self.barriers and not self.waivers_needed

    @property
    def _unmet(self) -> Iterable[RuleResult]:
        return (r for r in self.results if r.outcome is Outcome.UNMET)


def evaluate(
    rules: Iterable[Rule],
    facts: CandidateFacts,
    waivers: Iterable[Waived] = (),
    *,
    on: date | None = None,
    attested: bool = False,
) -> Eligibility:
    """Ask every rule about one candidate; the order of the rules changes nothing but the order of the answers.

    TARGET is never asked about a person, a rule not in force neither: their answer is ``not_applicable``.
    A MUST or SHOULD that hangs on an unknown fact is unmet.

    Args:
        rules: of one profile.
        facts: about the candidate.
        waivers: standing ones.
        on: day of the decision; None asks every rule whatever its dates.
        attested: True for the selecting authority, who also asks what hangs on an attested fact.
    """
    rules, waivers = tuple(rules), tuple(waivers)
    asked = {rule.code for rule in rules if rule.in_force(on) and (attested or not rule.attested)}
    relaxed: dict[str | None, Rule] = {}
    for rule in sorted(rules, key=lambda rule: rule.code, reverse=True):
        if rule.modality is Modality.EXCEPTION and rule.code in asked and _answer(rule, facts):
            relaxed[rule.relaxes] = rule
    points, results = Decimal(0), []
    for rule in rules:
        result = _result(rule, facts, waivers, relaxed.get(rule.code), rule.code in asked, attested)
        if rule.modality is Modality.PREFER and result.outcome is Outcome.MET:
            points += rule.weight
        results.append(result)
    return Eligibility(tuple(results), points)


def _answer(rule: Rule, facts: CandidateFacts) -> bool | None:
    return None if rule.predicate is None else rule.predicate.holds(facts)


def _result(
    rule: Rule, facts: CandidateFacts, waivers: tuple[Waived, ...], exception: Rule | None, asked: bool, attested: bool
) -> RuleResult:
    outcome, waiver_role, unknown = Outcome.NOT_APPLICABLE, None, tuple[str, ...]()
    if asked and rule.modality is not Modality.TARGET and rule.predicate is not None:
        answer = rule.predicate.holds(facts)
        if answer:
            outcome = Outcome.MET
        elif rule.modality in (Modality.MUST, Modality.SHOULD):
            outcome = Outcome.UNMET
            waiver_role = exception.waiver_role if exception else rule.waiver_role
            if answer is None:
                missing = {each.fact for each in comparisons(rule.predicate) if each.holds(facts) is None}
                unknown = tuple(sorted(missing))
            if any(each.covers(rule.code, waiver_role) for each in waivers):
                outcome, waiver_role = Outcome.WAIVED, None
    return RuleResult(
        rule.code, rule.modality, outcome, rule.document, rule.clause, rule.message_zh, rule.message_en, waiver_role,
        unknown, rule.attested and not attested,
    )  # fmt: skip
