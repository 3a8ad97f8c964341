"""A result is contested: an appeal by those concerned, or a correction by the authority itself (C-01, four eyes)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from assessment.domain.assessing.evidence import Sheet
from assessment.domain.assessing.judging import JudgedAssessment
from assessment.domain.assessing.result import (
    Appeal,
    Correction,
    Result,
    Why,
    require_another_person,
    require_authority,
    wrong_corrections,
)
from assessment.domain.schemes.scheme import Scheme
from shared.kernel.actor import Actor
from shared.kernel.refusals import Conflict, Forbidden, RuleViolated


class ContestedAssessment(JudgedAssessment):
    """An assessment whose result somebody finds wrong."""

    def open_appeal(self, ground: str, scheme: Scheme, *, by: Actor, at: datetime, today: date) -> None:
        """Object to the result, once.

        Raises:
            RuleViolated: ``unknown-ground`` or ``appeal-too-late``.
            Forbidden: ``not-your-ground``.
            Conflict: ``appeal-used``.
        """
        known = scheme.ground(ground)
        if known is None:
            raise RuleViolated("unknown-ground", "Choose a ground of the scheme.")
        if not by.has(*known.raised_by):
            raise Forbidden("not-your-ground", "Your role may not appeal on this ground.")
        if self.appeal is not None:
            raise Conflict("appeal-used", "The result was appealed before; one appeal is possible.")
        self._advance("appeal", by)
        since = self.confirmed_on
        if known.within_days is not None and since is not None and (today - since).days > known.within_days:
            raise RuleViolated("appeal-too-late", "The time for an appeal is over.", within_days=known.within_days)
        self.appeal = Appeal(ground, by.subject, at)

    def decide_appeal(self, corrected: dict[str, Decimal] | None, scheme: Scheme, *, by: Actor, at: datetime) -> None:
        """Decide the appeal: ``corrected`` scores uphold it and the outcome is computed anew, None rejects it.

        Raises:
            Forbidden: ``four-eyes`` for whoever scored, recorded, confirmed or appealed.
            RuleViolated: ``unknown-component``, ``off-scale`` or ``nothing-corrected``.
        """
        require_authority(scheme, by, self.host)
        self._advance("decide", by)
        result, appeal = self.result, self.appeal
        assert result is not None
        assert appeal is not None
        require_another_person(by, result.recorded_by, self.confirmed_by, appeal.opened_by, *self.scorers)
        decided = Appeal(appeal.ground, appeal.opened_by, appeal.opened_at, corrected is not None, by.subject, at)
        if corrected is not None:
            self._replace("appeal", corrected, scheme, by=by, at=at)
        self.appeal = decided

    def correct(self, reason: str, corrected: dict[str, Decimal], scheme: Scheme, *, by: Actor, at: datetime) -> None:
        """Record that the confirmed result is wrong; what was confirmed stands until another person confirms this.

        Raises:
            RuleViolated: ``unknown-reason``, ``unknown-component``, ``off-scale`` or ``nothing-corrected``.
        """
        require_authority(scheme, by, self.host)
        known = scheme.correction_reasons
        if reason not in known:
            raise RuleViolated("unknown-reason", "Choose a reason of the scheme.", known=sorted(known))
        self._advance("correct", by)
        self._replace("correction", corrected, scheme, by=by, at=at)
        self.correction = Correction(reason, by.subject, at)

    def reject_correction(self, scheme: Scheme, *, by: Actor) -> None:
        """Do not confirm a correction: the result stays what it was (four eyes)."""
        require_authority(scheme, by, self.host)
        self._advance("reject_correction", by)
        assert self.correction is not None
        require_another_person(by, self.correction.recorded_by)
        before = self.past[-1]
        self.past = self.past[:-1]
        self.result, self.sheets, self.correction = before.result, dict(before.sheets), before.correction

    def _replace(self, why: Why, corrected: dict[str, Decimal], scheme: Scheme, *, by: Actor, at: datetime) -> None:
        """Put corrected scores in place of the wrong ones and compute the outcome anew."""
        found = wrong_corrections(corrected, scheme)
        if found:
            raise RuleViolated(found[0].code, found[0].detail, findings=found)
        self._keep(why)
        fresh = {code: Sheet(score, by.subject, by.organisation, at) for code, score in corrected.items()}
        self.sheets = {**self.sheets, **fresh}
        verdict = scheme.verdict(self.scores(scheme))
        self.result = Result(verdict.outcome, verdict.grade, verdict.score, by.subject, at)
