"""How assessments and policies are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from assessment.domain.assessing.assessment import Assessment
from assessment.domain.assessing.states import AssessmentState
from assessment.domain.schemes.policy import Policy
from assessment.domain.schemes.scheme import Component, Scheme
from assessment.domain.schemes.scheme import Title as SchemeTitle
from shared.http.resources import Resource
from shared.kernel.actor import Actor, Role

JUDGES = frozenset({Role.ASSESSOR, Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR})
SETTLED = frozenset(
    {
        AssessmentState.RESULT_RECORDED,
        AssessmentState.APPEALED,
        AssessmentState.DECIDED,
        AssessmentState.CONFIRMED,
        AssessmentState.CORRECTED,
    }
)


class TitleOut(Resource):
    """A name in Chinese and English."""

    zh: str
    en: str

    @classmethod
    def of(cls, title: SchemeTitle) -> TitleOut:
        """Present a title."""
        return cls(zh=title.zh, en=title.en)


class ComponentOut(Resource):
    """One component and its score; ``score`` is null while it is missing or not for the caller's eyes yet."""

    component: str
    title: TitleOut
    weight: int
    source: Literal["sheet", "evidence"]
    scored: bool
    score: str | None


class AppealOut(Resource):
    """An appeal; ``upheld`` is null until it is decided."""

    ground: str
    opened_at: datetime
    upheld: bool | None


class AssessmentCorrectionOut(Resource):
    """A correction of a confirmed result; while the assessment is ``corrected`` it waits for another person."""

    reason: str
    recorded_at: datetime


class AssessmentPastOut(Resource):
    """A result that another took the place of."""

    why: Literal["resit", "appeal", "correction"]
    attempt: int
    result: Literal["pass", "fail"]
    grade: str
    score: str
    confirmed_on: date | None


class AssessmentOut(Resource):
    """A completion assessment."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    updated_at: datetime | None = None
    participation: UUID
    programme: str
    batch: str
    session: str
    unit: str
    host: str
    scheme: str
    scheme_version: str
    opened_on: date
    planned_end: date
    term_ended_on: date | None
    attempt: int
    components: list[ComponentOut]
    result: Literal["pass", "fail"] | None
    grade: str | None
    score: str | None
    confirmed_on: date | None
    deferral_reason: str | None
    appeal: AppealOut | None
    deferrals: int
    resits: int
    resit_until: date | None
    correction: AssessmentCorrectionOut | None
    past: list[AssessmentPastOut]

    @classmethod
    def of(cls, found: tuple[Assessment, Scheme], actor: Actor, updated_at: datetime | None = None) -> AssessmentOut:
        """Present an assessment; evaluators do not see one another's scores before the result is recorded."""
        assessment, scheme = found
        result = assessment.standing if assessment.state in SETTLED else None
        appeal, correction = assessment.appeal, assessment.correction
        return cls(
            id=assessment.id,
            version=assessment.version,
            state=assessment.state,
            allowed_actions=assessment.allowed_actions(actor),
            updated_at=updated_at,
            participation=assessment.participation,
            programme=assessment.programme,
            batch=assessment.batch,
            session=assessment.session,
            unit=assessment.unit,
            host=assessment.host,
            scheme=assessment.scheme,
            scheme_version=assessment.scheme_version,
            opened_on=assessment.opened_on,
            planned_end=assessment.planned_end,
            term_ended_on=assessment.term_ended_on,
            attempt=assessment.attempt,
            components=_components(assessment, scheme, actor),
            result=None if result is None else result.outcome.value,
            grade=None if result is None else result.grade,
            score=None if result is None else str(result.score),
            confirmed_on=assessment.confirmed_on,
            deferral_reason=assessment.deferral_reason,
            appeal=None if appeal is None else AppealOut(
                ground=appeal.ground, opened_at=appeal.opened_at, upheld=appeal.upheld
            ),
            deferrals=assessment.deferrals,
            resits=assessment.resits,
            resit_until=assessment.resit_until,
            correction=None if correction is None else AssessmentCorrectionOut(
                reason=correction.reason, recorded_at=correction.recorded_at
            ),
            past=_past(assessment),
        )  # fmt: skip


def _past(assessment: Assessment) -> list[AssessmentPastOut]:
    pending = assessment.state is AssessmentState.CORRECTED
    return [
        AssessmentPastOut(
            why=past.why, attempt=past.attempt, result=past.result.outcome.value, grade=past.result.grade,
            score=str(past.result.score), confirmed_on=past.confirmed_on,
        )
        for past in (assessment.past[:-1] if pending else assessment.past)
    ]  # fmt: skip


def _components(assessment: Assessment, scheme: Scheme, actor: Actor) -> list[ComponentOut]:
    scores = assessment.scores(scheme)
    return [
        ComponentOut(
            component=part.code,
            title=TitleOut.of(part.title),
            weight=part.weight,
            source="sheet" if part.scored_by else "evidence",
            scored=part.code in scores,
            score=str(scores[part.code]) if part.code in scores and _may_see(part, assessment, actor) else None,
        )
        for part in scheme.components
    ]


def _may_see(part: Component, assessment: Assessment, actor: Actor) -> bool:
    return assessment.state in SETTLED or actor.has(*JUDGES) or (bool(part.scored_by) and actor.has(*part.scored_by))


class ChangedOut(Resource):
    """One line of a bulk answer."""

    id: UUID
    participation: UUID
    version: int
    state: str


class ChangedListOut(Resource):
    """The answer to a bulk command, in the order of its items."""

    count: int
    items: list[ChangedOut]

    @classmethod
    def of(cls, things: Sequence[Assessment], _: Actor) -> ChangedListOut:
        """Present assessments that were changed."""
        items = [ChangedOut(id=t.id, participation=t.participation, version=t.version, state=t.state) for t in things]
        return cls(count=len(items), items=items)


class AssessmentPolicyOut(Resource):
    """A version of a programme's assessment rules, as handed in and as effective with what it inherits."""

    id: UUID
    version: int
    state: str
    programme: str
    policy_version: str
    inherits: str | None
    content: dict[str, Any]
    effective: dict[str, Any]
    digest: str

    @classmethod
    def of(cls, thing: Policy, _: Actor) -> AssessmentPolicyOut:
        """Present a policy."""
        return cls(**{name: getattr(thing, name) for name in cls.model_fields})
