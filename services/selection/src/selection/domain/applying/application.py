"""The application: one person in one call; its id is the participation id that threads every service (S-03)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from selection.domain import facts
from selection.domain.applying.form import Form, LocalDecision, Waiver
from selection.domain.applying.lifecycle import APPLICATION, ApplicationState, steps_missing
from selection.domain.codes import Step, UnitClass
from selection.domain.eligibility.rules import Eligibility, RuleResult, Waived
from shared.kernel.actor import Actor, Facets
from shared.kernel.lifecycle import Aggregate, Lifecycle
from shared.kernel.refusals import Conflict, RuleViolated

EXCLUDED = "selecting-authority"
"""The reason that everybody reads when the selecting authority excludes an application."""


@dataclass(kw_only=True)
class Application(Aggregate):
    """One participation.

    Attributes:
        unit: path of the sending unit; ``reviewer``: path of the authority that reviews it locally (S-04).
        required_steps: copied from the call.
        correct_by: last day to hand a returned application in again.
        panel_score: mean of the weighted sheets after calibration, four decimals; ``panel_raw_mean``: before; ``preference_points``: PREFER weights met.
        explanation: this person's line of the confirmed balancing.
        started_on: day of arrival at the host, ``placed_on``: day of the placement, once placement reported them.
    """

    lifecycle: ClassVar[Lifecycle[ApplicationState]] = APPLICATION

    state: ApplicationState = field(default=ApplicationState.DRAFT)
    person_id: UUID
    account: str
    call_id: UUID
    session_id: UUID
    programme: str
    batch: str
    session: str
    policy_version: str
    unit: str
    unit_class: UnitClass
    reviewer: str
    origin_area: str
    birth_date: date
    required_steps: list[Step]
    form: Form
    unit_category: str | None = None
    submitted_at: datetime | None = None
    correct_by: date | None = None
    eligibility: list[RuleResult] = field(default_factory=list)
    preference_points: Decimal = Decimal(0)
    waivers: list[Waiver] = field(default_factory=list)
    local_decision: LocalDecision | None = None
    panel_score: Decimal | None = None
    panel_raw_mean: Decimal | None = None
    study_direction: str | None = None
    rank: int | None = None
    explanation: dict[str, Any] | None = None
    started_on: date | None = None
    placed_on: date | None = None
    outcome: str | None = None
    reason: str | None = None

    @property
    def facets(self) -> Facets:
        """How callers stand to this application."""
        return Facets(account=self.account, unit=self.unit, reviewer=self.reviewer)

    @property
    def waived(self) -> tuple[Waived, ...]:
        """Standing waivers, as the rules see them."""
        return tuple(Waived(each.rule, each.role, each.reason) for each in self.waivers)

    @property
    def score(self) -> Decimal:
        """What balancing compares: panel mean plus preference points."""
        return (self.panel_score or Decimal(0)) + self.preference_points

    @property
    def traits(self) -> dict[str, str]:
        """Dimension → value, for the quota nodes."""
        return {
            "area": self.origin_area,
            "unit_class": self.unit_class.value,
            "unit_category": self.unit_category or "",
            "destination": self.form.destination or "",
            "specialty_group": self.form.specialty_group,
            "specialty": self.form.specialty,
            "study_direction": self.study_direction or "",
        }

    def correct(self, form: Form, by: Actor) -> None:
        """Change what was stated, while the application is the applicant's (draft or returned)."""
        self._advance("correct", by)
        self.form = form

    def submit(self, eligibility: Eligibility, by: Actor, at: datetime, today: date) -> facts.ApplicationSubmitted:
        """Hand in, or hand in again after a return; from here on it is read-only to the applicant.

        Raises:
            Conflict: ``correction-overdue`` after ``correct_by``.
            RuleViolated: ``not-eligible`` with a finding per unmet MUST that nobody can waive (S-09).
        """
        if self.state is ApplicationState.RETURNED and self.correct_by is not None and today > self.correct_by:
            raise Conflict(
                "correction-overdue", "The time for correction has passed.", correct_by=self.correct_by.isoformat()
            )
        self._advance("submit", by)
        self.judge(eligibility)
        if eligibility.barriers:
            raise RuleViolated(
                "not-eligible",
                "A rule of the programme excludes this application.",
                rule="S-09",
                findings=[facts.finding_of(result) for result in eligibility.barriers],
            )
        self.submitted_at = at
        return facts.ApplicationSubmitted(
            self.id, self.account, self.programme, self.batch, self.session, self.call_id, self.unit, self.origin_area
        )

    def judge(self, eligibility: Eligibility) -> None:
        """Keep what the rules said, so that the person can read why."""
        self.eligibility = list(eligibility.results)
        self.preference_points = eligibility.preference_points

    def show_waivers(self, waivers: Iterable[Waiver]) -> None:
        """Show the standing waivers of open rules; the waivers themselves are kept as acts of their own (S-09)."""
        self.waivers = list(waivers)

    def exclude(self, explanation: dict[str, Any], by: Actor, at: datetime) -> facts.StoryClosed:
        """Be excluded by the selecting authority because a condition that the unit attests is not met (S-10 to S-13).

        Which condition stands in ``explanation`` alone, for the person and the selecting authority.
        """
        self._advance("exclude", by)
        self.reason, self.explanation = EXCLUDED, explanation
        self.local_decision = LocalDecision("exclude", EXCLUDED, None, None, by.subject, at)
        return self._close("rejected")

    def approve(self, eligibility: Eligibility, decision: LocalDecision, by: Actor) -> None:
        """Pass the local review.

        Raises:
            RuleViolated: ``waiver-needed`` or ``not-eligible`` (S-09).
        """
        self._advance("approve", by)
        self.judge(eligibility)
        if not eligibility.eligible:
            raise RuleViolated(
                "not-eligible" if eligibility.barriers else "waiver-needed",
                "The rules are not met: waive what may be waived, or decide otherwise.",
                rule="S-09",
                findings=[facts.finding_of(each) for each in (*eligibility.barriers, *eligibility.waivers_needed)],
            )
        self.local_decision = decision

    def send_back(self, decision: LocalDecision, today: date, days: int, by: Actor) -> None:
        """Return for correction; the applicant has ``days`` days."""
        self._advance("return", by)
        self.local_decision = decision
        self.correct_by = today + timedelta(days=days)

    def reject(self, decision: LocalDecision, by: Actor) -> facts.StoryClosed:
        """Reject with a coded reason and its clause."""
        self._advance("reject", by)
        self.local_decision = decision
        self.reason = decision.reason
        return self._close("rejected")

    def conclude_panel(self, mean: Decimal, raw: Decimal, by: Actor) -> None:
        """Take the panel's mean, calibrated and raw."""
        self._pass("conclude_panel", by)
        self.panel_score, self.panel_raw_mean = mean, raw

    def reopen(self, by: Actor) -> facts.ApplicationSubmitted:
        """Go back to local review because the appeal against the rejection was upheld."""
        self._advance("reopen", by)
        self.outcome = self.reason = self.explanation = None
        return facts.ApplicationSubmitted(
            self.id, self.account, self.programme, self.batch, self.session, self.call_id, self.unit, self.origin_area
        )

    def classify(self, study_direction: str, by: Actor) -> None:
        """Give the study direction (S-06)."""
        self._pass("classify", by)
        self.study_direction = study_direction

    def select(self, rank: int, explanation: dict[str, Any], by: Actor) -> None:
        """Take a place on the roster that is being fixed."""
        self._pass("select", by)
        self.rank, self.explanation = rank, explanation

    def put_in_reserve(self, rank: int, explanation: dict[str, Any], by: Actor) -> None:
        """Take a place in the ordered reserve."""
        self._pass("reserve", by)
        self.rank, self.explanation = rank, explanation

    def pass_over(self, explanation: dict[str, Any], by: Actor) -> facts.StoryClosed:
        """Have no place in this session."""
        self._pass("pass_over", by)
        self.explanation = explanation
        return self._close("not_selected")

    def promote(self, by: Actor) -> None:
        """Move up from the reserve into a vacated place."""
        self._advance("promote", by)

    def release(self, by: Actor) -> facts.StoryClosed:
        """Leave the reserve after its last day."""
        self._advance("release", by)
        return self._close("not_selected")

    def withdraw(self, reason: str, by: Actor) -> list[facts.ApplicationWithdrawn | facts.StoryClosed]:
        """Leave of one's own will; possible until the end of training.

        The story closes with it, unless training has begun: then it closes when placement reports the end.
        """
        before = self.state
        self._advance("withdraw", by)
        self.reason = reason
        stage = "selected" if before is ApplicationState.SELECTED else "before_selection"
        withdrawn = facts.ApplicationWithdrawn(self.id, self.programme, self.session, stage, reason)
        return [withdrawn] if self.started_on else [withdrawn, self._close("withdrawn")]

    def end_withdrawn(self) -> facts.StoryClosed | None:
        """Close the story of one who withdrew during training, once."""
        return None if self.outcome else self._close("withdrawn")

    def deselect(self, reason: str, by: Actor) -> None:
        """Lose the place because the placement ended before it began."""
        self._advance("deselect", by)
        self.reason = reason

    def complete(self, outcome: str, by: Actor) -> facts.StoryClosed:
        """End the story: ``certified``, ``failed``, ``ended_early`` or ``revoked``."""
        self._advance("complete", by)
        return self._close(outcome)

    def _pass(self, action: str, by: Actor) -> None:
        missing = steps_missing(action, self.state, self.required_steps)
        if missing:
            raise Conflict(
                "step-missing",
                "The call requires a step that this application has not passed.",
                state=str(self.state),
                missing=[str(step) for step in missing],
            )
        self._advance(action, by)

    def _close(self, outcome: str) -> facts.StoryClosed:
        self.outcome = outcome
        return facts.StoryClosed(self.id, outcome)
