"""Rules with a modality, and what they answer about one candidate (domain.md 1.2, S-09)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from selection.domain.eligibility.predicates import CandidateFacts, Predicate
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
    share: int | None = None


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The answer of one rule, with where to read it up.

    Attributes:
        waiver_role: set while the rule is unmet and may be waived.
    """

    rule: str
    modality: Modality
    outcome: Outcome
    document: str
    clause: str
    message_zh: str
    message_en: str
    waiver_role: Role | None = None


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


def evaluate(rules: Iterable[Rule], facts: CandidateFacts, waived: frozenset[str] = frozenset()) -> Eligibility:
    """Ask every rule about one candidate.

    TARGET is never asked about a person: its answer is always ``not_applicable`` here.
    """
    rules = tuple(rules)
    relaxed = {
        rule.relaxes: rule
        for rule in rules
        if rule.modality is Modality.EXCEPTION and rule.predicate is not None and rule.predicate.holds(facts)
    }
    points, results = Decimal(0), []
    for rule in rules:
        outcome, waiver_role = Outcome.NOT_APPLICABLE, None
        if rule.modality is not Modality.TARGET and rule.predicate is not None:
            answer = rule.predicate.holds(facts)
            if answer is not None:
                outcome = Outcome.MET if answer else Outcome.UNMET
        if outcome is Outcome.UNMET and rule.modality in (Modality.MUST, Modality.SHOULD):
            exception = relaxed.get(rule.code)
            waiver_role = exception.waiver_role if exception else rule.waiver_role
            if rule.code in waived and waiver_role is not None:
                outcome, waiver_role = Outcome.WAIVED, None
        elif outcome is Outcome.UNMET:
            outcome = Outcome.NOT_APPLICABLE
        if rule.modality is Modality.PREFER and outcome is Outcome.MET:
            points += rule.weight
        results.append(
            RuleResult(
                rule.code,
                rule.modality,
                outcome,
                rule.document,
                rule.clause,
                rule.message_zh,
                rule.message_en,
                waiver_role,
            )
        )
    return Eligibility(tuple(results), points)
