"""Training plans on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from placement.adapters.http.schemas.common import Line, Prose
from placement.domain.plans import PLAN, Part, Plan, PlanState, PlanText
from placement.usecases.plans.draft_plans import PlanDraft
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor

Aim = Literal["innovation", "practical_ability"]
Mode = Literal["work_post", "course", "research", "clinic", "field"]


class PartIn(Body):
    """One part of a plan."""

    mode: Mode
    title: Line
    starts_on: date
    ends_on: date
    hours: Annotated[int, Field(ge=1, le=10_000)] | None = None


class InputsIn(Body):
    """What the plan is written from (M-06)."""

    unit_needs: Prose
    trainee_situation: Prose
    teachers: Prose


class PlanTextIn(Body):
    """What the host writes."""

    post: Line
    tasks: Annotated[list[Line], Field(min_length=1, max_length=50)]
    inputs: InputsIn
    parts: Annotated[list[PartIn], Field(min_length=1, max_length=100)]
    outcomes: Annotated[list[Line], Field(min_length=1, max_length=50)]
    aims: dict[Aim, Annotated[list[Line], Field(min_length=1, max_length=20)]] = Field(
        default_factory=dict, description="M-09: outcomes that serve innovation, and practical ability"
    )

    def text(self) -> PlanText:
        """As the use case takes it."""
        return PlanText(
            post=self.post,
            tasks=list(self.tasks),
            inputs=self.inputs.model_dump(),
            parts=[
                Part(mode=p.mode, title=p.title, starts_on=p.starts_on, ends_on=p.ends_on, hours=p.hours)
                for p in self.parts
            ],
            outcomes=list(self.outcomes),
            aims={str(aim): list(lines) for aim, lines in self.aims.items()},
        )


class PlanIn(PlanTextIn):
    """A plan for one placement."""

    participation: UUID

    def draft(self) -> PlanDraft:
        """As the use case takes it."""
        return PlanDraft(participation=self.participation, text=self.text())


class RevisionIn(PlanTextIn):
    """The next edition, and why there is one."""

    reason: Prose


class ConsultationIn(Body):
    """What the trainee says to the plan (M-07)."""

    comments: Prose
    agrees: bool


class PlanAnswerIn(Body):
    """What the host answers to the trainee's comments (M-07)."""

    answer: Prose


class PlanRef(Body):
    """One plan."""

    plan: UUID


class PartOut(Resource):
    """One part of a plan."""

    mode: str
    title: str
    starts_on: date
    ends_on: date
    hours: int | None = None


class PlanConsultationOut(Resource):
    """What the trainee said to a text, and the host's answer; ``text_sha256`` tells the texts apart."""

    on: date
    comments: str
    agrees: bool
    text_sha256: str
    answer: str | None
    answered_on: date | None


class PlanChangeOut(Resource):
    """A member that differs; of lists only the lines that are gone and the lines that came."""

    member: str
    before: Any
    after: Any


class PlanChangesOut(Resource):
    """What differs between two editions of a plan."""

    plan: UUID
    edition: int
    against: UUID
    against_edition: int
    changes: list[PlanChangeOut]


class PlanOut(Resource):
    """One edition of a training plan."""

    id: UUID
    version: int
    state: PlanState
    allowed_actions: list[str]
    participation: UUID
    host: str
    edition: int
    revises: UUID | None
    revision_reason: str | None
    post: str
    tasks: list[str]
    inputs: dict[str, str]
    parts: list[PartOut]
    outcomes: list[str]
    aims: dict[str, list[str]]
    consultations: list[PlanConsultationOut]
    consulted_on: date | None
    trainee_agrees: bool | None
    trainee_comments: str | None
    host_answer: str | None
    answered_on: date | None
    approved_on: date | None
    in_force_on: date | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, plan: Plan, actor: Actor) -> PlanOut:
        """The answer to a command."""
        members = {name: getattr(plan, name) for name in cls.model_fields if hasattr(plan, name)}
        members["parts"] = [PartOut.model_validate(part, from_attributes=True) for part in plan.parts]
        members["consultations"] = [
            PlanConsultationOut.model_validate(each, from_attributes=True) for each in plan.consultations
        ]
        return cls(**members | {"allowed_actions": plan.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> PlanOut:
        """A row of the table."""
        return cls(**dict(row._mapping) | {"allowed_actions": PLAN.allowed(PlanState(row.state), actor)})
