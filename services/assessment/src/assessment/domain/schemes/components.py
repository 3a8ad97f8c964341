"""What a scheme is made of: scale, components and how each becomes a score, grades (C-01)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shared.kernel.actor import Role

CENT = Decimal("0.01")


class Outcome(StrEnum):
    """What an assessment can say in the end."""

    PASS = "pass"  # noqa: S105  the outcome of an assessment
    FAIL = "fail"


class Stage(StrEnum):
    """When a component is scored: while evidence is gathered, or when the assessment is conducted."""

    EVIDENCE = "evidence"
    CONDUCT = "conduct"


@dataclass(frozen=True, slots=True)
class Title:
    """A name for people, in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The scores a sheet may hold: ``lowest`` to ``highest`` in whole multiples of ``step``."""

    lowest: Decimal
    highest: Decimal
    step: Decimal

    def holds(self, score: Decimal) -> bool:
        """True when ``score`` is on the scale."""
        return self.lowest <= score <= self.highest and (score - self.lowest) % self.step == 0


@dataclass(frozen=True, slots=True)
class ReportRule:
    """How study reports become a score: points per report on time, late or missing; the mean counts (D-02).

    ``at_least`` acknowledged reports must be there before the evidence is complete.
    """

    at_least: int
    on_time: Decimal
    late: Decimal
    missing: Decimal


@dataclass(frozen=True, slots=True)
class AttendanceRule:
    """How attendance becomes a score: ``full`` points times the share of the held lectures attended (K-01, K-02)."""

    full: Decimal


@dataclass(frozen=True, slots=True)
class QuestionRule:
    """How the question register becomes a score: ``full`` points from ``full_at`` questions on, in proportion below (K-04)."""

    full_at: int
    full: Decimal


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the score.

    Attributes:
        code: its name in sheets.
        weight: whole percent; the weights of a scheme sum to 100.
        stage: when it is scored.
        scored_by: roles that may score it; empty when it is computed.
        minimum: score that must be reached whatever the total is, or None.
        reports, attendance, questions: how it is computed from events, or None; exactly one way of scoring is given.
        clause: the sentence of policy behind it.
    """

    code: str
    title: Title
    weight: int
    stage: Stage
    scored_by: frozenset[Role]
    minimum: Decimal | None
    reports: ReportRule | None
    clause: str
    attendance: AttendanceRule | None = None
    questions: QuestionRule | None = None

    @property
    def ways(self) -> int:
        """How many ways of scoring it names; one is right."""
        computed = (self.reports, self.attendance, self.questions)
        return bool(self.scored_by) + sum(rule is not None for rule in computed)


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade for totals from ``lowest`` upwards."""

    code: str
    title: Title
    lowest: Decimal


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scores amount to: ``score`` with two decimals, half up; ``broken`` names missed minima."""

    outcome: Outcome
    grade: str
    score: Decimal
    broken: tuple[str, ...]
