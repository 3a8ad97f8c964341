"""Appeals and explanations: requests and representations."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from selection.adapters.http.reasons import BalanceReasonOut, sentences
from selection.adapters.http.shapes.applications import RuleResultOut
from selection.domain.appeals.appeal import Appeal, Remedy
from selection.domain.appeals.decisions import DecisionKind
from selection.domain.appeals.explanation import AUTOMATED, REPEAT, Explained
from selection.domain.applying.application import EXCLUDED
from selection.domain.applying.form import LocalDecision, Waiver
from shared.http.resources import Body, Prose, Resource
from shared.kernel.actor import Actor


class SelectionAppealBody(Body):
    """What is objected to, and why."""

    application: UUID
    decision: DecisionKind
    grounds: Prose


class AppealDecisionBody(Body):
    """The decision with its reason."""

    action: Literal["declare_inadmissible", "uphold", "uphold_partly", "dismiss"]
    reason: Prose


class RemedyBody(Body):
    """What was done about it."""

    remedy: Remedy
    note: Prose | None = None


class SelectionAppealOut(Resource):
    """An appeal. Who decided is named to the authorities by account, to the person by role only."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    application: UUID
    session: UUID
    decision: str
    grounds: str | None
    policy_version: str
    noticed_at: datetime
    filed_at: datetime
    due_by: date
    outcome: str | None
    reason: str | None
    decided_at: datetime | None
    remedy: str | None
    remedy_note: str | None

    @classmethod
    def of(cls, thing: Appeal, actor: Actor) -> SelectionAppealOut:
        """The representation of an appeal."""
        return cls(
            id=thing.id, version=thing.version, state=thing.state,
            allowed_actions=[] if actor.subject in thing.excluded else thing.allowed_actions(actor),
            application=thing.application_id, session=thing.session_id, decision=thing.decision, grounds=thing.grounds,
            policy_version=thing.policy_version, noticed_at=thing.noticed_at, filed_at=thing.filed_at,
            due_by=thing.due_by, outcome=thing.outcome, reason=thing.reason, decided_at=thing.decided_at,
            remedy=thing.remedy, remedy_note=thing.remedy_note,
        )  # fmt: skip


class MeanOut(Resource):
    """The panel's mean on one criterion."""

    criterion: str
    weight: int | None
    mean: Decimal
    sheets: int


class RunTold(Resource):
    """How the balancing can be repeated."""

    run: UUID
    roster: UUID
    seed: str
    input_sha256: str
    places: int
    candidates: int
    fixed_at: datetime
    how_to_repeat_zh: str
    how_to_repeat_en: str


class AppealableOut(Resource):
    """A decision that may be objected to until a day."""

    decision: str
    noticed_at: datetime
    until: date
    open: bool


class WayOut(Resource):
    """How to object."""

    method: str
    path: str
    decide_within_days: int
    document: str
    clause: str


class LineOut(Resource):
    """One sentence of the explanation in two languages."""

    zh: str
    en: str


class ExplanationOut(Resource):
    """Why an application stands where it stands, for the person concerned (PIPL 24)."""

    id: UUID
    state: str
    outcome: str | None
    policy_version: str
    announced: bool
    eligibility: list[RuleResultOut]
    waivers: list[Waiver]
    local_decision: LocalDecision | None
    panel: list[MeanOut]
    panel_score: Decimal | None
    preference_points: Decimal
    balancing: dict[str, Any] | None
    reasons: list[BalanceReasonOut]
    swap_reason: str | None
    run: RunTold | None
    appeals: list[AppealableOut]
    appeal_way: WayOut
    automated_zh: str
    automated_en: str
    lines: list[LineOut]

    @classmethod
    def of(cls, thing: Explained, _: Actor) -> ExplanationOut:
        """The representation of an explanation."""
        application, told = thing.application, thing.announced
        weights = {each.code: each.weight for each in thing.policy.criteria}
        terms = thing.policy.appeals
        line = application.explanation if told and application.reason != EXCLUDED else None
        return cls(
            id=application.id, state=application.state, outcome=application.outcome,
            policy_version=application.policy_version, announced=told,
            eligibility=[RuleResultOut.of(each) for each in application.eligibility], waivers=application.waivers,
            local_decision=application.local_decision,
            panel=[
                MeanOut(criterion=each.criterion, weight=weights.get(each.criterion), mean=each.mean, sheets=each.sheets)
                for each in thing.means
            ],
            panel_score=application.panel_score if told else None, preference_points=application.preference_points,
            balancing=line, reasons=[] if line is None else sentences(line, {}), swap_reason=thing.swap_reason,
            run=_run(thing),
            appeals=[
                AppealableOut(decision=each.decision, noticed_at=each.noticed_at, until=each.until, open=each.open)
                for each in thing.appeals
            ],
            appeal_way=WayOut(
                method="POST", path="/v1/selection/appeals", decide_within_days=terms.decide_within_days,
                document=terms.document, clause=terms.clause,
            ),
            automated_zh=AUTOMATED.zh, automated_en=AUTOMATED.en,
            lines=[LineOut(zh=each.zh, en=each.en) for each in thing.lines],
        )  # fmt: skip


def _run(thing: Explained) -> RunTold | None:
    roster = thing.roster
    if roster is None:
        return None
    return RunTold(
        run=roster.run, roster=roster.roster, seed=roster.seed, input_sha256=roster.input_sha256, places=roster.places,
        candidates=roster.candidates, fixed_at=roster.fixed_at, how_to_repeat_zh=REPEAT.zh, how_to_repeat_en=REPEAT.en,
    )  # fmt: skip
