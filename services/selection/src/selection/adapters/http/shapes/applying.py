"""Eligibility, applications, recommendations, reviews: requests."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from selection.domain.codes import StaffCategory, TitleLevel, UnitClass
from selection.domain.people.person import PersonDetails
from selection.usecases.applying.check_eligibility import Question
from selection.usecases.applying.forms import Statement
from shared.http.resources import Body, CodeText, Line, Prose

Years = Annotated[int, Field(ge=0, le=60, strict=True)]


class StatementBody(Body):
    """What an applicant states about work and wishes; codes are those of the call's policy."""

    title_level: TitleLevel
    specialty: CodeText
    years_of_service: Years
    grassroots_years: Years
    county_experience: bool = False
    township_experience: bool = False
    focus_area: CodeText | None = None
    study_direction_wish: CodeText | None = None
    host_preferences: Annotated[list[CodeText], Field(max_length=5)] = []
    staff_category: StaffCategory | None = None
    position_class: CodeText | None = None
    competences: Annotated[list[CodeText], Field(max_length=50)] | None = None
    destination: CodeText | None = None

    def statement(self) -> Statement:
        """The statement of the use cases."""
        return Statement(
            title_level=self.title_level, specialty=self.specialty, years_of_service=self.years_of_service,
            grassroots_years=self.grassroots_years, county_experience=self.county_experience,
            township_experience=self.township_experience, focus_area=self.focus_area,
            study_direction_wish=self.study_direction_wish, host_preferences=tuple(self.host_preferences),
            staff_category=self.staff_category, position_class=self.position_class, destination=self.destination,
            competences=None if self.competences is None else tuple(sorted(set(self.competences))),
        )  # fmt: skip


class FactsBody(StatementBody):
    """The facts of a dry run; a rule that hangs on one left out is not met, and says so.

    ``reserve_listed`` may be supposed by a unit officer or the selecting authority only.
    """

    unit_class: UnitClass
    age: Annotated[int, Field(ge=16, le=99, strict=True)] | None = None
    unit_category: CodeText | None = None
    direction: Literal["outbound", "inbound"] | None = None
    reserve_listed: bool | None = None


class EligibilityBody(Body):
    """The question of eligibility, for a call or for a policy version of a programme."""

    call: UUID | None = None
    programme: CodeText | None = None
    policy_version: CodeText | None = None
    profile: CodeText | None = None
    facts: FactsBody

    def question(self) -> Question:
        """The question of the use case."""
        facts = self.facts
        return Question(
            self.call, self.programme, self.policy_version, self.profile, facts.statement(), facts.unit_class, facts.age,
            facts.unit_category, facts.direction, facts.reserve_listed,
        )  # fmt: skip


class PersonBody(Body):
    """Who the applicant is; the identity number is checked by GB 11643 and sealed."""

    name_zh: Line
    name_bo: Line | None = None
    name_latin: Line | None = None
    birth_date: date
    identity_number: Annotated[str, Field(min_length=1, max_length=40)]
    phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{4,24}$")] | None = None

    def details(self) -> PersonDetails:
        """The details of the domain."""
        return PersonDetails(
            self.name_zh, self.name_bo, self.name_latin, self.birth_date, self.identity_number, self.phone
        )


class ApplicationBody(StatementBody):
    """A draft to open; ``person`` may be left out when the account's person is known."""

    call: UUID
    unit: CodeText
    person: PersonBody | None = None


class CorrectionBody(StatementBody):
    """Everything stated anew, for a draft or a returned application."""


class Empty(Body):
    """Nothing more to say."""


class ReasonBody(Body):
    """A reason in words."""

    reason: Prose


class WithdrawalBody(Body):
    """A reason code of the policy."""

    reason: CodeText


class WaiverBody(Body):
    """A rule to waive, with the reason."""

    rule: CodeText
    reason: Prose


class OpinionBody(Body):
    """About one application, or about an account that has not applied in a call yet."""

    application: UUID | None = None
    call: UUID | None = None
    account: CodeText | None = None
    opinion: Literal["given", "refused"]
    reason: Prose | None = None


class OpinionsBody(Body):
    """Recommendations of the caller's unit."""

    items: Annotated[list[OpinionBody], Field(min_length=1, max_length=2000)]


class ReviewBody(Body):
    """One decision of the local review; ``reason`` is a code for ``return`` and ``reject``."""

    application: UUID
    decision: Literal["approve", "return", "reject"]
    reason: CodeText | None = None
    clause: Line | None = None
    comment: Prose | None = None


class ReviewsBody(Body):
    """Decisions of the local review; all or none."""

    items: Annotated[list[ReviewBody], Field(min_length=1, max_length=2000)]
