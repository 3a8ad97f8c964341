"""Evidence comes in, people score, the assessor conducts (C-01, D-02)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from assessment.domain.assessing.evidence import Attendance, Report, Sheet
from assessment.domain.assessing.record import ITSELF, AssessmentRecord, S
from assessment.domain.assessing.result import require_authority
from assessment.domain.facts import AssessmentVoided
from assessment.domain.schemes.components import Component, Stage
from assessment.domain.schemes.scheme import Scheme
from shared.kernel.actor import Actor
from shared.kernel.refusals import Forbidden, RuleViolated


class EvaluatedAssessment(AssessmentRecord):
    """An assessment while evidence comes in and people score."""

    def note_report(self, report: UUID, latest: Report) -> None:
        """Take in what placement says of a report; an acknowledgement is never undone by a late overdue notice.

        After the end of the term ``gather`` is due.
        """
        known = self.reports.get(str(report))
        if known is None or latest.complete:
            self.reports[str(report)] = latest

    def end_class(self, on: date, attendance: Attendance, scheme: Scheme) -> None:
        """A class is over: its attendance and questions are evidence, and the term has ended (K-01, K-04)."""
        self.attendance = attendance
        self.end_term(on, scheme)

    def end_term(self, on: date, scheme: Scheme) -> None:
        """The term was completed on ``on``; from here on the assessment may be conducted (C-01)."""
        self.term_ended_on = on
        self.gather(scheme)

    def void(self, reason: str, by: Actor) -> AssessmentVoided:
        """The training ended before its term, or the person left."""
        self._advance("void", by)
        return AssessmentVoided(self.participation, self.id, reason)

    def score(self, component: Component, score: Decimal, scheme: Scheme, *, by: Actor, at: datetime) -> None:
        """Fill in a component; again replaces the earlier score as long as the assessment stands where it may.

        Raises:
            Forbidden: ``not-your-component``, ``wrong-authority``, ``host-is-assessor``, or ``four-eyes`` for an assessor
                who gave evidence about the same person.
            RuleViolated: ``off-scale``, or ``evidence-incomplete`` when conducting is not possible yet (C-01).
            Conflict: ``wrong-state``.
        """
        if not by.has(*component.scored_by):
            raise Forbidden("not-your-component", "Your role does not score this component.", component=component.code)
        if not scheme.scale.holds(score):
            raise RuleViolated(
                "off-scale", "The score is not on the scale of the scheme.",
                lowest=str(scheme.scale.lowest), highest=str(scheme.scale.highest), step=str(scheme.scale.step),
            )  # fmt: skip
        if component.stage is Stage.CONDUCT:
            require_authority(scheme, by, self.host)
            if self.state is S.OPEN:
                raise self._not_ready(scheme)
            self._require_no_witness(scheme, by)
        self._advance("conduct" if component.stage is Stage.CONDUCT else "evaluate", by)
        self.sheets[component.code] = Sheet(score, by.subject, by.organisation, at)
        if component.stage is Stage.EVIDENCE:
            self.gather(scheme)
        elif self.state is S.EVIDENCE_COMPLETE and not self.missing(scheme, Stage.CONDUCT):
            self._freeze(scheme, at)
            self._advance("complete_conduct", ITSELF)

    def _require_no_witness(self, scheme: Scheme, by: Actor) -> None:
        """Raises ``Forbidden`` (``four-eyes``) when ``by`` gave evidence: who attests does not judge."""
        attested = {c.code for c in scheme.at(Stage.EVIDENCE) if c.scored_by}
        if by.subject in {sheet.by for code, sheet in self.sheets.items() if code in attested}:
            raise Forbidden("four-eyes", "You gave evidence about this person; another must judge.", rule="C-01")

    def _freeze(self, scheme: Scheme, at: datetime) -> None:
        """Keep computed scores as they stand when the assessment is conducted."""
        for code, score in self.scores(scheme).items():
            self.sheets.setdefault(code, Sheet(score, ITSELF.subject, "", at))

    def _not_ready(self, scheme: Scheme) -> RuleViolated:
        lacking = self.missing(scheme, Stage.EVIDENCE)
        if self.term_ended_on is None:
            return RuleViolated(
                "term-not-ended", "The assessment is conducted after the term has ended.", rule="C-01",
                planned_end=self.planned_end.isoformat(), missing=lacking,
            )  # fmt: skip
        return RuleViolated("evidence-incomplete", "Evidence is missing.", rule="C-01", missing=lacking)
