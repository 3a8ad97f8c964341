"""The completion assessment of one participation by the regional authority (C-01)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from assessment.domain.assessing.evidence import Report, Sheet, report_score
from assessment.domain.assessing.result import (
    Appeal,
    Result,
    require_another_person,
    require_authority,
    wrong_corrections,
)
from assessment.domain.assessing.states import ASSESSMENT, AssessmentState
from assessment.domain.facts import AssessmentVoided, ResultConfirmed
from assessment.domain.schemes.scheme import Component, Outcome, Scheme, Stage
from shared.kernel.actor import Actor, Facets, system
from shared.kernel.lifecycle import Aggregate, Lifecycle
from shared.kernel.refusals import Conflict, Forbidden, RuleViolated

S = AssessmentState
ITSELF = system("assessment")


@dataclass(kw_only=True)
class Assessment(Aggregate):
    """One assessment; at most one that is not void exists per participation.

    Attributes:
        scheme: programme whose scheme holds; with ``scheme_version`` it names the policy.
        mentor: account of the mentor, for "assigned", or None.
        attempt: 1, raised by every reopening.
        term_ended_on: last day of a completed term; None until then (C-01).
        reports: study reports by report id.
        sheets: scores by component code.
        told: the result that the world was last told, so that it is told again only when it changed.
    """

    lifecycle: ClassVar[Lifecycle[Any]] = ASSESSMENT

    participation: UUID
    account: str
    programme: str
    batch: str
    session: str
    unit: str
    title_level: str
    scheme: str
    scheme_version: str
    host: str
    mentor: str | None = None
    opened_on: date
    planned_end: date
    attempt: int = 1
    term_ended_on: date | None = None
    reports: dict[str, Report] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    deferral_reason: str | None = None
    result: Result | None = None
    confirmed_by: str | None = None
    confirmed_on: date | None = None
    appeal: Appeal | None = None
    told: Result | None = None
    state: AssessmentState = S.OPEN

    @property
    def facets(self) -> Facets:
        """What decides who may see and do what."""
        assigned = frozenset({self.mentor}) if self.mentor else frozenset[str]()
        return Facets(account=self.account, unit=self.unit, host=self.host, assigned=assigned)

    @property
    def passed(self) -> bool:
        """True for a confirmed pass, the only thing a certificate may rest on (C-02)."""
        return self.state is S.CONFIRMED and self.result is not None and self.result.outcome is Outcome.PASS

    @property
    def takes_evidence(self) -> bool:
        """True while events still change the evidence."""
        return self.state in {S.OPEN, S.EVIDENCE_COMPLETE}

    @property
    def judges(self) -> frozenset[str]:
        """Accounts that had a hand in the result; none of them may issue the certificate (C-02)."""
        people = {sheet.by for sheet in self.sheets.values()} | {self.confirmed_by}
        people |= {self.result.recorded_by} if self.result else set()
        people |= {self.appeal.decided_by} if self.appeal else set()
        return frozenset(person for person in people if person)

    def scores(self, scheme: Scheme) -> dict[str, Decimal]:
        """The scores that are there, by component code; components computed from reports included."""
        found = {code: sheet.score for code, sheet in self.sheets.items()}
        for component in scheme.components:
            if component.reports is not None and component.code not in found:
                score = report_score(component.reports, self.reports.values())
                if score is not None:
                    found[component.code] = score
        return found

    def missing(self, scheme: Scheme, stage: Stage) -> list[str]:
        """Codes of the components of ``stage`` that have no score yet."""
        found = self.scores(scheme)
        return [component.code for component in scheme.at(stage) if component.code not in found]

    def note_report(self, report: UUID, latest: Report) -> None:
        """Take in what placement says of a report; an acknowledgement is never undone by a late overdue notice.

        After the end of the term ``gather`` is due.
        """
        known = self.reports.get(str(report))
        if known is None or latest.complete:
            self.reports[str(report)] = latest

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
            Forbidden: ``not-your-component`` or ``wrong-authority``.
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
            require_authority(scheme, by)
            if self.state is S.OPEN:
                raise self._not_ready(scheme)
        self._advance("conduct" if component.stage is Stage.CONDUCT else "evaluate", by)
        self.sheets[component.code] = Sheet(score, by.subject, by.organisation, at)
        if component.stage is Stage.EVIDENCE:
            self.gather(scheme)
        elif self.state is S.EVIDENCE_COMPLETE and not self.missing(scheme, Stage.CONDUCT):
            self._freeze(scheme, at)
            self._advance("complete_conduct", ITSELF)

    def record_result(self, outcome: Outcome, scheme: Scheme, *, by: Actor, at: datetime) -> None:
        """State the result; it must be what the scores say (C-01).

        Raises:
            RuleViolated: ``outcome-contradicts-scores`` with score and missed minima.
        """
        require_authority(scheme, by)
        self._advance("record_result", by)
        verdict = scheme.verdict(self.scores(scheme))
        if verdict.outcome is not outcome:
            raise RuleViolated(
                "outcome-contradicts-scores", f"By the scores the outcome is '{verdict.outcome}', not '{outcome}'.",
                rule="C-01", score=str(verdict.score), broken_minima=list(verdict.broken),
            )  # fmt: skip
        self.result = Result(verdict.outcome, verdict.grade, verdict.score, by.subject, at)

    def defer(self, reason: str, scheme: Scheme, *, by: Actor) -> None:
        """Put the decision off for a coded reason; ``reopen`` begins the next attempt."""
        require_authority(scheme, by)
        if reason not in scheme.deferral_reasons:
            raise RuleViolated(
                "unknown-reason", "Choose a reason of the scheme.", known=sorted(scheme.deferral_reasons)
            )
        if self.attempt > scheme.deferrals_at_most:
            raise RuleViolated("deferrals-used-up", "This assessment cannot be put off again.", rule="C-01")
        self._advance("defer", by)
        self.deferral_reason = reason

    def reopen(self, scheme: Scheme, *, by: Actor) -> None:
        """Begin the next attempt: evidence stays, what the assessor conducted is taken again."""
        require_authority(scheme, by)
        self._advance("reopen", by)
        self.attempt += 1
        self.deferral_reason = None
        kept = {component.code for component in scheme.at(Stage.EVIDENCE) if component.scored_by}
        self.sheets = {code: sheet for code, sheet in self.sheets.items() if code in kept}
        self.gather(scheme)

    def send_back(self, scheme: Scheme, *, by: Actor) -> None:
        """Do not confirm: the recorder looks again (four eyes)."""
        require_authority(scheme, by)
        self._advance("return", by)
        assert self.result is not None
        require_another_person(by, self.result.recorded_by)
        self.result = None

    def confirm(self, scheme: Scheme, *, by: Actor, on: date) -> ResultConfirmed | None:
        """Make the result final; the fact is None when the world already knows exactly this result (four eyes).

        Raises:
            Forbidden: ``four-eyes`` when ``by`` recorded the result or decided the appeal.
        """
        require_authority(scheme, by)
        self._advance("confirm", by)
        result = self.result
        assert result is not None
        require_another_person(by, result.recorded_by, self.appeal.decided_by if self.appeal else None)
        self.confirmed_by, self.confirmed_on = by.subject, on
        if self.told is not None and self.told.says(result):
            return None
        self.told = result
        return ResultConfirmed(
            self.participation, self.id, result.outcome, result.grade, result.score,
            self.scheme, self.scheme_version, on,
        )  # fmt: skip

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
            Forbidden: ``four-eyes`` for whoever recorded, confirmed or appealed.
            RuleViolated: ``unknown-component``, ``off-scale`` or ``nothing-corrected``.
        """
        require_authority(scheme, by)
        self._advance("decide", by)
        result, appeal = self.result, self.appeal
        assert result is not None
        assert appeal is not None
        require_another_person(by, result.recorded_by, self.confirmed_by, appeal.opened_by)
        appeal.upheld, appeal.decided_by, appeal.decided_at = corrected is not None, by.subject, at
        if corrected is None:
            return
        found = wrong_corrections(corrected, scheme)
        if found:
            raise RuleViolated(found[0].code, found[0].detail, findings=found)
        for code, score in corrected.items():
            self.sheets[code] = Sheet(score, by.subject, by.organisation, at)
        verdict = scheme.verdict(self.scores(scheme))
        self.result = Result(verdict.outcome, verdict.grade, verdict.score, by.subject, at)

    def allowed_actions(self, by: Actor) -> list[str]:
        """What ``by`` may do next; what four eyes keep from this very person is left out."""
        barred = {"appeal"} if self.appeal is not None else set[str]()
        if self.result is not None:
            decider = self.appeal.decided_by if self.appeal else None
            if by.subject in {self.result.recorded_by, decider}:
                barred |= {"confirm", "return"}
            if by.subject in {self.result.recorded_by, self.confirmed_by, self.appeal and self.appeal.opened_by}:
                barred |= {"decide"}
        return [action for action in super().allowed_actions(by) if action not in barred]

    def gather(self, scheme: Scheme) -> None:
        """Note that the evidence is complete: term over and every evidence component there."""
        ready = self.term_ended_on is not None and not self.missing(scheme, Stage.EVIDENCE)
        if self.state is S.OPEN and ready:
            self._advance("complete_evidence", ITSELF)

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
