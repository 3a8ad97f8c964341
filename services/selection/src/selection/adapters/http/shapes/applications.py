"""Applications and recommendations: representations."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.form import LocalDecision, Waiver
from selection.domain.applying.recommendation import Recommendation
from selection.domain.codes import Step, TitleLevel, UnitClass
from selection.domain.eligibility.rules import Eligibility, RuleResult
from selection.usecases.applying.check_eligibility import Answer
from shared.http.resources import Resource
from shared.kernel.actor import Actor


class RuleResultOut(Resource):
    """What one rule says, with where to read it up; ``waiver_role`` while it may be waived."""

    rule: str
    modality: str
    outcome: str
    document: str
    clause: str
    message_zh: str
    message_en: str
    waiver_role: str | None
    unknown: list[str] = []
    attested: bool = False

    @classmethod
    def of(cls, thing: RuleResult) -> RuleResultOut:
        """The representation of one answer."""
        return cls(
            rule=thing.rule, modality=thing.modality, outcome=thing.outcome, document=thing.document, clause=thing.clause,
            message_zh=thing.message_zh, message_en=thing.message_en, waiver_role=thing.waiver_role,
            unknown=list(thing.unknown), attested=thing.attested,
        )  # fmt: skip


class ProfileAnswerOut(Resource):
    """What one profile says; ``eligible`` counts waivable rules as not yet met, ``unknown`` names facts left out."""

    profile: str
    eligible: bool
    waivers_needed: list[str]
    unknown: list[str]
    preference_points: Decimal
    results: list[RuleResultOut]

    @classmethod
    def about(cls, profile: str, thing: Eligibility) -> ProfileAnswerOut:
        """The representation of a profile's answer."""
        return cls(
            profile=profile, eligible=thing.eligible, waivers_needed=[each.rule for each in thing.waivers_needed],
            unknown=sorted({fact for each in thing.results for fact in each.unknown}),
            preference_points=thing.preference_points, results=[RuleResultOut.of(each) for each in thing.results],
        )  # fmt: skip


class EligibilityOut(ProfileAnswerOut):
    """The answer of a dry run: the wanted profile, then every profile of the policy."""

    profiles: list[ProfileAnswerOut]

    @classmethod
    def of(cls, thing: Answer, _: Actor) -> EligibilityOut:
        """The representation of an answer."""
        every = {name: ProfileAnswerOut.about(name, each) for name, each in thing.profiles.items()}
        return cls(**every[thing.profile].model_dump(), profiles=list(every.values()))


class ApplicationOut(Resource):
    """One participation; ``id`` is the participation id of every service."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    call: UUID
    session: UUID
    programme: str
    batch: str
    session_code: str
    policy_version: str
    unit: str
    unit_class: UnitClass
    reviewer: str
    origin_area: str
    required_steps: list[Step]
    title_level: TitleLevel
    specialty: str
    specialty_group: str
    years_of_service: int
    grassroots_years: int
    county_experience: bool
    township_experience: bool
    staff_category: str | None
    unit_category: str | None
    position_class: str | None
    competences: list[str] | None
    destination: str | None
    focus_area: str | None
    study_direction_wish: str | None
    study_direction: str | None
    host_preferences: list[str]
    eligibility: list[RuleResultOut]
    waivers: list[Waiver]
    local_decision: LocalDecision | None
    preference_points: Decimal
    panel_score: Decimal | None
    panel_raw_mean: Decimal | None
    rank: int | None
    submitted_at: datetime | None
    correct_by: date | None
    started_on: date | None
    outcome: str | None

    @classmethod
    def of(cls, thing: Application, actor: Actor) -> ApplicationOut:
        """The representation of an application."""
        return cls(**_members(thing, actor))


class PersonNamesOut(Resource):
    """The names of a person; nothing sealed."""

    name_zh: str
    name_bo: str | None
    name_latin: str | None


class ApplicationDetail(ApplicationOut):
    """An application as it is read: with the person's names and the unit's recommendation."""

    person: PersonNamesOut
    recommendation: str | None
    updated_at: datetime

    @classmethod
    def read(cls, thing: Application, actor: Actor, row: Any) -> ApplicationDetail:
        """The representation of a row that also holds names, ``recommendation`` and ``updated_at``."""
        names = PersonNamesOut(name_zh=row.name_zh, name_bo=row.name_bo, name_latin=row.name_latin)
        return cls(**_members(thing, actor), person=names, recommendation=row.recommendation, updated_at=row.updated_at)


class DecidedOut(Resource):
    """What a bulk command did to one application."""

    application: UUID
    state: str
    version: int
    study_direction: str | None = None


class DecisionsOut(Resource):
    """What a bulk command did, in the order of the request."""

    items: list[DecidedOut]
    count: int

    @classmethod
    def of(cls, things: list[Application], _: Actor) -> DecisionsOut:
        """The representation of a bulk decision."""
        items = [
            DecidedOut(
                application=each.id, state=each.state, version=each.version, study_direction=each.study_direction
            )
            for each in things
        ]
        return cls(items=items, count=len(items))


class RecommendationOut(Resource):
    """What a unit said about one account for one call."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    call: UUID
    account: str
    unit: str
    reason: str | None
    given_at: datetime | None

    @classmethod
    def of(cls, thing: Recommendation, actor: Actor) -> RecommendationOut:
        """The representation of a recommendation."""
        return cls(
            id=thing.id, version=thing.version, state=thing.state, allowed_actions=thing.allowed_actions(actor),
            call=thing.call_id, account=thing.account, unit=thing.unit, reason=thing.reason, given_at=thing.given_at,
        )  # fmt: skip


class RecommendationsOut(Resource):
    """Recommendations in the order of the request."""

    items: list[RecommendationOut]
    count: int

    @classmethod
    def of(cls, things: list[Recommendation], actor: Actor) -> RecommendationsOut:
        """The representation of bulk recommendations."""
        return cls(items=[RecommendationOut.of(each, actor) for each in things], count=len(things))


def _members(thing: Application, actor: Actor) -> dict[str, Any]:
    form = thing.form
    # What the panel said is told to the person when the roster announces it, not before.
    told = actor.subject != thing.account or thing.explanation is not None
    return {
        "id": thing.id, "version": thing.version, "state": thing.state,
        "allowed_actions": thing.allowed_actions(actor), "call": thing.call_id, "session": thing.session_id,
        "programme": thing.programme, "batch": thing.batch, "session_code": thing.session,
        "policy_version": thing.policy_version, "unit": thing.unit, "unit_class": thing.unit_class,
        "reviewer": thing.reviewer, "origin_area": thing.origin_area, "required_steps": thing.required_steps,
        "title_level": form.title_level, "specialty": form.specialty, "specialty_group": form.specialty_group,
        "years_of_service": form.years_of_service, "grassroots_years": form.grassroots_years,
        "county_experience": form.county_experience, "township_experience": form.township_experience,
        "staff_category": form.staff_category, "unit_category": thing.unit_category,
        "position_class": form.position_class, "destination": form.destination,
        "competences": None if form.competences is None else list(form.competences),
        "focus_area": form.focus_area, "study_direction_wish": form.study_direction_wish,
        "study_direction": thing.study_direction, "host_preferences": list(form.host_preferences),
        "eligibility": [RuleResultOut.of(each) for each in thing.eligibility], "waivers": thing.waivers,
        "local_decision": thing.local_decision, "preference_points": thing.preference_points,
        "panel_score": thing.panel_score if told else None,
        "panel_raw_mean": thing.panel_raw_mean if told else None, "rank": thing.rank, "submitted_at": thing.submitted_at,
        "correct_by": thing.correct_by, "started_on": thing.started_on, "outcome": thing.outcome,
    }  # fmt: skip
