"""TARGET rules: shares of a roster as a whole, never an answer about a person (domain.md 1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from selection.domain.eligibility.predicates import CandidateFacts
from selection.domain.eligibility.rules import Modality, Rule


@dataclass(frozen=True, slots=True)
class TargetAnswer:
    """A TARGET over a whole group, in percent with one decimal, half up; None where the attribute is not held here."""

    rule: str
    share: Decimal | None
    wanted: Decimal | None


def answer_targets(rules: Iterable[Rule], chosen: Sequence[CandidateFacts], on: date | None) -> list[TargetAnswer]:
    """What every TARGET in force says about the chosen together; other rules are passed over."""
    return [_answer(rule, chosen) for rule in rules if rule.modality is Modality.TARGET and rule.in_force(on)]


def percent(part: int, whole: int) -> Decimal:
    """``part`` of ``whole`` in percent, one decimal, half up. Raises ``ZeroDivisionError`` for an empty whole."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _answer(rule: Rule, chosen: Sequence[CandidateFacts]) -> TargetAnswer:
    if rule.predicate is None or not chosen:
        return TargetAnswer(rule.code, None, rule.share)
    met = sum(rule.predicate.holds(each) is True for each in chosen)
    return TargetAnswer(rule.code, percent(met, len(chosen)), rule.share)
