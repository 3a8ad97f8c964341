"""The scheme: how a programme assesses, certifies and credits, as data of one policy version (C-01, C-02, C-03)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from assessment.domain.schemes.components import (
    CENT,
    AttendanceRule,
    Component,
    Grade,
    Outcome,
    QuestionRule,
    ReportRule,
    Scale,
    Stage,
    Title,
    Verdict,
)
from assessment.domain.schemes.rules import (
    ACHIEVEMENT_KINDS,
    CORRECTION_REASONS,
    AppealGround,
    CertificateRule,
    Deadlines,
    DeferralRule,
    FollowUpRule,
    ResitRule,
    WaiverRule,
)
from shared.kernel.refusals import RuleViolated

__all__ = [
    "CENT", "AppealGround", "AttendanceRule", "CertificateRule", "Component", "DeferralRule", "Grade", "Outcome",
    "QuestionRule", "ReportRule", "ResitRule", "Scale", "Scheme", "Stage", "Title", "Verdict", "WaiverRule",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of how a programme assesses.

    Attributes:
        authority: organisation path of the regional authority that assesses (C-01).
        issuer: organisation path of the ministry that certifies (C-02); never the authority; empty with ``certifies`` None.
        certifies: how it certifies, or None for a programme that gives no certificate.
        resit: what may follow a fail, or None: a fail is final unless it is appealed or corrected.
        achievement_kinds: kinds of achievement with how far each can have come (D-06, C-07).
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
    deferral: DeferralRule
    appeal_grounds: tuple[AppealGround, ...]
    certifies: CertificateRule | None
    waiver: WaiverRule | None
    resit: ResitRule | None = None
    correction_reasons: frozenset[str] = CORRECTION_REASONS
    follow_up: FollowUpRule = field(default_factory=FollowUpRule)
    achievement_kinds: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: ACHIEVEMENT_KINDS)
    deadlines: Deadlines = field(default_factory=Deadlines)

    @property
    def certificate(self) -> CertificateRule:
        """How it certifies. Raises ``RuleViolated``: ``no-certificate`` for a programme that gives none."""
        if self.certifies is None:
            raise RuleViolated("no-certificate", "This programme gives no certificate.", rule="C-02")
        return self.certifies

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
