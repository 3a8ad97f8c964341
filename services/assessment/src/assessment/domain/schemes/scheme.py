"""The scheme: how a programme assesses, certifies and credits, as data of one policy version (C-01, C-02, C-03)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from shared.kernel.actor import Role
from shared.kernel.refusals import Finding

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
class Component:
    """One part of the score.

    Attributes:
        code: its name in sheets.
        weight: whole percent; the weights of a scheme sum to 100.
        stage: when it is scored.
        scored_by: roles that may score it; empty when it is computed from reports.
        minimum: score that must be reached whatever the total is, or None.
        reports: how it is computed from study reports, or None.
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


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade for totals from ``lowest`` upwards."""

    code: str
    title: Title
    lowest: Decimal


@dataclass(frozen=True, slots=True)
class AppealGround:
    """A reason to appeal, who may give it, and for how many days; None means without limit."""

    code: str
    title: Title
    raised_by: frozenset[Role]
    within_days: int | None


@dataclass(frozen=True, slots=True)
class CertificateRule:
    """How certificates are numbered, how long they hold, and why they may end (C-02).

    ``number`` is a pattern with ``{session}`` and ``{serial}``; a check character is appended.
    """

    title: Title
    number: str
    serial_digits: int
    valid_years: int | None
    revocation_reasons: frozenset[str]
    reissue_reasons: frozenset[str]
    overturned_reason: str


@dataclass(frozen=True, slots=True)
class WaiverRule:
    """Which title levels there are, lowest first; a waiver is bound to the one above the holder's (C-03)."""

    levels: tuple[str, ...]

    def next_level(self, level: str) -> str | None:
        """The level above ``level``, or None at the top or for a level the scheme does not rank."""
        if level not in self.levels:
            return None
        position = self.levels.index(level) + 1
        return self.levels[position] if position < len(self.levels) else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scores amount to: ``score`` with two decimals, half up; ``broken`` names missed minima."""

    outcome: Outcome
    grade: str
    score: Decimal
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of how a programme assesses.

    Attributes:
        authority: organisation path of the regional authority that assesses (C-01).
        issuer: organisation path of the ministry that certifies (C-02); never the authority.
    """

    programme: str
    version: str
    title: Title
    programme_title: Title
    issuer_title: Title
    authority: str
    issuer: str
    scale: Scale
    components: tuple[Component, ...]
    pass_mark: Decimal
    grades: tuple[Grade, ...]
    fail_grade: Grade
    deferral_reasons: frozenset[str]
    deferrals_at_most: int
    appeal_grounds: tuple[AppealGround, ...]
    certificate: CertificateRule
    waiver: WaiverRule | None

    def component(self, code: str) -> Component | None:
        """The component called ``code``, or None."""
        return next((component for component in self.components if component.code == code), None)

    def at(self, stage: Stage) -> tuple[Component, ...]:
        """The components scored at ``stage``."""
        return tuple(component for component in self.components if component.stage is stage)

    def ground(self, code: str) -> AppealGround | None:
        """The appeal ground called ``code``, or None."""
        return next((ground for ground in self.appeal_grounds if ground.code == code), None)

    def verdict(self, scores: dict[str, Decimal]) -> Verdict:
        """Weigh a complete set of scores: pass needs the pass mark and every minimum (C-01)."""
        span = self.scale.highest - self.scale.lowest
        total = sum((scores[c.code] - self.scale.lowest) * c.weight / span for c in self.components)
        score = Decimal(total).quantize(CENT, ROUND_HALF_UP)
        broken = tuple(c.code for c in self.components if c.minimum is not None and scores[c.code] < c.minimum)
        if broken or score < self.pass_mark:
            return Verdict(Outcome.FAIL, self.fail_grade.code, score, broken)
        grade = max((g for g in self.grades if score >= g.lowest), key=lambda g: g.lowest)
        return Verdict(Outcome.PASS, grade.code, score, ())

    def flaws(self) -> list[Finding]:
        """What makes the scheme unusable, with pointers into the policy document; empty for a sound one."""
        found: list[Finding] = []
        if sum(component.weight for component in self.components) != 100:
            found.append(Finding("weights-not-100", "The weights of the components must sum to 100.", "/components"))
        if self.authority == self.issuer:
            found.append(Finding("issuer-is-assessor", "Issuer and assessor must be two bodies.", "/issuer", "C-02"))
        if not self.at(Stage.CONDUCT):
            found.append(
                Finding("nothing-conducted", "At least one component must be conducted.", "/components", "C-01")
            )
        if min((grade.lowest for grade in self.grades), default=Decimal(-1)) != self.pass_mark:
            found.append(Finding("grades-miss-pass-mark", "The lowest grade must begin at the pass mark.", "/grades"))
        if len({component.code for component in self.components}) < len(self.components):
            found.append(Finding("component-twice", "Two components have the same code.", "/components"))
        for position, component in enumerate(self.components):
            at = f"/components/{position}"
            if bool(component.scored_by) == bool(component.reports):
                found.append(Finding("scored-by-whom", "Give either scored_by or reports.", at))
            if component.minimum is not None and not self.scale.holds(component.minimum):
                found.append(Finding("off-scale", "The minimum is not on the scale.", f"{at}/minimum"))
            if component.stage is Stage.CONDUCT and component.scored_by != {Role.ASSESSOR}:
                found.append(Finding("not-by-assessor", "Only the assessor conducts.", f"{at}/scored_by", "C-01"))
            if component.stage is Stage.EVIDENCE and Role.ASSESSOR in component.scored_by:
                found.append(Finding("assessor-gives-evidence", "The assessor judges, not attests.", f"{at}/scored_by"))
        return found
