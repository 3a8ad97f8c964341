"""The result: recorded by one person, confirmed by another; put off, or taken again after a fail (C-01)."""

from __future__ import annotations

from datetime import date, datetime

from assessment.domain.assessing.evaluating import EvaluatedAssessment
from assessment.domain.assessing.record import S
from assessment.domain.assessing.result import (
    Past,
    Result,
    Why,
    months_after,
    require_another_person,
    require_authority,
)
from assessment.domain.facts import ResultConfirmed
from assessment.domain.schemes.components import Outcome, Stage
from assessment.domain.schemes.scheme import Scheme
from shared.kernel.actor import Actor
from shared.kernel.refusals import Conflict, RuleViolated


class JudgedAssessment(EvaluatedAssessment):
    """An assessment on its way to a confirmed result."""

    def record_result(self, outcome: Outcome, scheme: Scheme, *, by: Actor, at: datetime) -> None:
        """State the result; it must be what the scores say (C-01).

        Raises:
            RuleViolated: ``outcome-contradicts-scores`` with score and missed minima.
        """
        require_authority(scheme, by, self.host)
        self._advance("record_result", by)
        self._require_no_witness(scheme, by)
        verdict = scheme.verdict(self.scores(scheme))
        if verdict.outcome is not outcome:
            raise RuleViolated(
                "outcome-contradicts-scores", f"By the scores the outcome is '{verdict.outcome}', not '{outcome}'.",
                rule="C-01", score=str(verdict.score), broken_minima=list(verdict.broken),
            )  # fmt: skip
        self.result = Result(verdict.outcome, verdict.grade, verdict.score, by.subject, at)

    def defer(self, reason: str, scheme: Scheme, *, by: Actor, on: date) -> None:
        """Put the decision off for a coded reason; ``reopen`` begins the next attempt."""
        require_authority(scheme, by, self.host)
        rule = scheme.deferral
        if reason not in rule.reasons:
            raise RuleViolated("unknown-reason", "Choose a reason of the scheme.", known=sorted(rule.reasons))
        if self.deferrals >= rule.at_most:
            raise RuleViolated("deferrals-used-up", "This assessment cannot be put off again.", rule="C-01")
        self._advance("defer", by)
        self.deferral_reason, self.deferred_on = reason, on
        self.deferrals += 1

    def reopen(self, scheme: Scheme, *, by: Actor) -> None:
        """Begin the next attempt: evidence stays, what the assessor conducted is taken again."""
        require_authority(scheme, by, self.host)
        self._advance("reopen", by)
        self.attempt += 1
        self.deferral_reason = self.deferred_on = None
        kept = {component.code for component in scheme.at(Stage.EVIDENCE) if component.scored_by}
        self.sheets = {code: sheet for code, sheet in self.sheets.items() if code in kept}
        self.gather(scheme)

    def send_back(self, scheme: Scheme, *, by: Actor) -> None:
        """Do not confirm: the recorder looks again (four eyes)."""
        require_authority(scheme, by, self.host)
        self._advance("return", by)
        assert self.result is not None
        require_another_person(by, self.result.recorded_by)
        self.result = None

    def confirm(self, scheme: Scheme, *, by: Actor, on: date) -> ResultConfirmed | None:
        """Make the result final; the fact is None when the world already knows exactly this result (four eyes).

        Raises:
            Forbidden: ``four-eyes`` when ``by`` scored, recorded or corrected the result or decided the appeal.
        """
        require_authority(scheme, by, self.host)
        self._advance("confirm", by)
        result = self.result
        assert result is not None
        require_another_person(by, result.recorded_by, self.appeal.decided_by if self.appeal else None, *self.scorers)
        self.confirmed_by, self.confirmed_on = by.subject, on
        self.resit_until = self._resit_until(scheme, result, on)
        if self.told is not None and self.told.says(result):
            return None
        self.told = result
        self.confirmations += 1
        return ResultConfirmed(
            self.participation, self.id, result.outcome, result.grade, result.score,
            self.scheme, self.scheme_version, on, self.attempt, self.confirmations,
        )  # fmt: skip

    def extend(self, reason: str, scheme: Scheme, *, by: Actor) -> None:
        """Give more time for the re-sit, as often and for the reasons that the scheme allows.

        Raises:
            RuleViolated: ``no-resit``, ``unknown-reason`` or ``extensions-used-up``.
        """
        require_authority(scheme, by, self.host)
        self._advance("extend", by)
        rule = scheme.resit
        if rule is None or self.resit_until is None:
            raise self._no_resit()
        if reason not in rule.extension_reasons:
            raise RuleViolated("unknown-reason", "Choose a reason of the scheme.", known=sorted(rule.extension_reasons))
        if self.extensions >= rule.extensions_at_most:
            raise RuleViolated("extensions-used-up", "The time for the re-sit cannot be extended again.", rule="C-01")
        self.extensions += 1
        self.resit_until = months_after(self.resit_until, rule.extension_months)

    def resit(self, scheme: Scheme, *, by: Actor, on: date) -> None:
        """Begin a re-sit after a confirmed fail: what the scheme names is taken again, the failed result stays on record.

        Raises:
            RuleViolated: ``no-resit``, or ``resit-too-late``.
            Conflict: ``wrong-state``.
        """
        require_authority(scheme, by, self.host)
        if self.state is S.CONFIRMED and (scheme.resit is None or self.resit_until is None):
            raise self._no_resit()
        self._advance("resit", by)
        assert scheme.resit is not None
        assert self.resit_until is not None
        if on > self.resit_until:
            raise RuleViolated(
                "resit-too-late", "The time for the re-sit is over.", rule="C-01", until=self.resit_until.isoformat()
            )
        self._keep("resit")
        again = set(scheme.resit.components)
        self.sheets = {code: sheet for code, sheet in self.sheets.items() if code not in again}
        self.attempt += 1
        self.resits += 1
        self.result = self.confirmed_by = self.confirmed_on = self.resit_until = None
        self.appeal = self.correction = self.told = None
        self.gather(scheme)

    def _resit_until(self, scheme: Scheme, result: Result, on: date) -> date | None:
        if result.outcome is Outcome.PASS or scheme.resit is None or self.resits >= scheme.resit.at_most:
            return None
        self.extensions = 0
        return months_after(on, scheme.resit.within_months)

    def _no_resit(self) -> RuleViolated:
        failed = self.result is not None and self.result.outcome is Outcome.FAIL
        if not failed:
            return RuleViolated("no-resit", "Only a confirmed fail can be taken again.", rule="C-01")
        return RuleViolated("no-resit", "The scheme allows no further re-sit.", rule="C-01", resits=self.resits)

    def _keep(self, why: Why) -> None:
        """Put the present result on record before another takes its place."""
        if self.result is None:
            raise Conflict("no-result", "There is no result to keep.")
        self.past = [
            *self.past,
            Past(
                why, self.attempt, self.result, self.confirmed_by, self.confirmed_on,
                dict(self.sheets), self.appeal, self.correction,
            ),
        ]  # fmt: skip
