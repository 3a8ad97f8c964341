"""What is on record of one assessment, and what can be read off it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from assessment.domain.assessing.evidence import Attendance, Report, Sheet, computed_score
from assessment.domain.assessing.result import Appeal, Correction, Past, Result
from assessment.domain.assessing.states import ASSESSMENT, AssessmentState
from assessment.domain.schemes.components import Outcome, Stage
from assessment.domain.schemes.scheme import Scheme
from shared.kernel.actor import Facets, system
from shared.kernel.lifecycle import Aggregate, Lifecycle

S = AssessmentState
ITSELF = system("assessment")


@dataclass(kw_only=True)
class AssessmentRecord(Aggregate):
    """One assessment; at most one that is not void exists per participation.

    Attributes:
        scheme: programme whose scheme holds; with ``scheme_version`` it names the policy.
        authority: path of the body that assesses, by the scheme; it need not lie above the sending unit.
        host: path of the host, empty where nobody hosted (a class).
        mentor: account of the mentor, for "assigned", or None.
        attempt: 1, raised by every reopening and every re-sit.
        term_ended_on: last day of a completed term; None until then (C-01).
        reports: study reports by report id.
        attendance: what a class said, or None.
        sheets: scores by component code.
        deferrals, resits, extensions: how often each was used; the scheme limits them.
        deferred_on: when the decision was put off, while it is.
        resit_until: last day on which a re-sit may begin, or None.
        correction: the correction that waits for confirmation or was confirmed last.
        told: the result that the world was last told, so that it is told again only when it changed.
        confirmations: how often the world was told; the highest number is the last word.
        past: results that others took the place of, the oldest first.
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
    attendance: Attendance | None = None
    sheets: dict[str, Sheet] = field(default_factory=dict)
    deferral_reason: str | None = None
    deferred_on: date | None = None
    deferrals: int = 0
    resits: int = 0
    extensions: int = 0
    resit_until: date | None = None
    result: Result | None = None
    confirmed_by: str | None = None
    confirmed_on: date | None = None
    appeal: Appeal | None = None
    correction: Correction | None = None
    told: Result | None = None
    confirmations: int = 0
    past: list[Past] = field(default_factory=list)
    authority: str | None = None
    state: AssessmentState = S.OPEN

    @property
    def facets(self) -> Facets:
        """What decides who may see and do what."""
        assigned = frozenset({self.mentor}) if self.mentor else frozenset[str]()
        return Facets(account=self.account, unit=self.unit, reviewer=self.authority, host=self.host, assigned=assigned)

    @property
    def passed(self) -> bool:
        """True for a confirmed pass, the only thing a certificate may rest on (C-02)."""
        return self.state is S.CONFIRMED and self.result is not None and self.result.outcome is Outcome.PASS

    @property
    def standing(self) -> Result | None:
        """The result that counts or is about to: while a correction is pending, what it would correct."""
        return self.past[-1].result if self.state is S.CORRECTED else self.result

    @property
    def takes_evidence(self) -> bool:
        """True while events still change the evidence."""
        return self.state in {S.OPEN, S.EVIDENCE_COMPLETE}

    @property
    def scorers(self) -> frozenset[str]:
        """Accounts of the people whose scores the result rests on."""
        return frozenset(sheet.by for sheet in self.sheets.values()) - {ITSELF.subject}

    @property
    def judges(self) -> frozenset[str]:
        """Accounts that had a hand in the result; none of them may issue the certificate (C-02)."""
        people = {self.confirmed_by, *self.scorers}
        people |= {self.result.recorded_by} if self.result else set()
        people |= {self.appeal.decided_by} if self.appeal else set()
        people |= {self.correction.recorded_by} if self.correction else set()
        for past in self.past:
            people |= {past.result.recorded_by, past.confirmed_by, *(sheet.by for sheet in past.sheets.values())}
        return frozenset(person for person in people if person) - {ITSELF.subject}

    def forget(self, erased: str) -> None:
        """Let go of the account of the person assessed; scores, results and who judged stay on record."""
        person, self.account = self.account, erased

        def anonymous(appeal: Appeal | None) -> Appeal | None:
            return replace(appeal, opened_by=erased) if appeal and appeal.opened_by == person else appeal

        self.appeal = anonymous(self.appeal)
        self.past = [replace(past, appeal=anonymous(past.appeal)) for past in self.past]

    def scores(self, scheme: Scheme) -> dict[str, Decimal]:
        """The scores that are there, by component code; computed components included."""
        found = {code: sheet.score for code, sheet in self.sheets.items()}
        for component in scheme.components:
            if component.code not in found:
                score = computed_score(component, self.reports.values(), self.attendance)
                if score is not None:
                    found[component.code] = score
        return found

    def missing(self, scheme: Scheme, stage: Stage) -> list[str]:
        """Codes of the components of ``stage`` that have no score yet."""
        found = self.scores(scheme)
        return [component.code for component in scheme.at(stage) if component.code not in found]

    def gather(self, scheme: Scheme) -> None:
        """Note that the evidence is complete: term over and every evidence component there."""
        ready = self.term_ended_on is not None and not self.missing(scheme, Stage.EVIDENCE)
        if self.state is S.OPEN and ready:
            self._advance("complete_evidence", ITSELF)
