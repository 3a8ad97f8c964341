"""Pre-training on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from placement.adapters.http.schemas.common import Codes, CodeText
from placement.domain.pretraining import PRE_TRAINING, PreTraining, PreTrainingState
from placement.usecases.pretraining.plan_events import PreTrainingDraft
from placement.usecases.pretraining.record_attendance import Attendance
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor


class PreTrainingDaysIn(Body):
    """Where (a place code) and when; the last day lies before everybody's departure."""

    place: CodeText
    starts_on: date
    ends_on: date


class PreTrainingIn(PreTrainingDaysIn):
    """An event to be; without ``areas`` it is for the whole region."""

    programme: CodeText
    policy_version: CodeText
    session: CodeText
    areas: Codes = Field(default_factory=list)

    def draft(self) -> PreTrainingDraft:
        """As the use case takes it."""
        return PreTrainingDraft(
            programme=self.programme, policy_version=self.policy_version, session=self.session,
            areas=list(dict.fromkeys(self.areas)), place=self.place, starts_on=self.starts_on, ends_on=self.ends_on,
        )  # fmt: skip


class PreTrainingInvitationsIn(Body):
    """Who is invited; without ``participations`` all of the session and the areas who are not yet."""

    participations: Annotated[list[UUID], Field(min_length=1, max_length=1000)] | None = None


class PreTrainingAttendanceIn(Body):
    """Whether a person was there; ``excuse`` is a coded reason of the policy."""

    participation: UUID
    attended: bool
    excuse: CodeText | None = None

    def line(self) -> Attendance:
        """As the use case takes it."""
        return Attendance(participation=self.participation, attended=self.attended, excuse=self.excuse)


class PreTrainingOut(Resource):
    """An event."""

    id: UUID
    version: int
    state: PreTrainingState
    allowed_actions: list[str]
    programme: str
    policy_version: str
    session: str
    organiser: str
    areas: list[str]
    place: str
    starts_on: date
    ends_on: date
    cancel_reason: str | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, event: PreTraining, actor: Actor) -> PreTrainingOut:
        """The answer to a command."""
        members = {name: getattr(event, name) for name in cls.model_fields if hasattr(event, name)}
        return cls(**members | {"allowed_actions": event.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> PreTrainingOut:
        """A row of the table."""
        allowed = PRE_TRAINING.allowed(PreTrainingState(row.state), actor)
        return cls(**dict(row._mapping) | {"allowed_actions": allowed})


class PreTrainingInvitationOut(Resource):
    """A person's invitation and whether the person was there."""

    id: UUID
    version: int
    state: str
    pre_training: UUID
    participation: UUID
    area: str
    excuse: str | None
    recorded_on: date | None
    updated_at: datetime | None = None

    @classmethod
    def row(cls, row: Any) -> PreTrainingInvitationOut:
        """A row of the table."""
        return cls(**{name: row._mapping[name] for name in cls.model_fields})


class PreTrainingAreaOut(Resource):
    """How an area stands."""

    area: str
    invited: int = Field(description="all who were invited and not released, whatever came of it")
    attended: int
    excused: int
    absent: int
    open: int = Field(description="invited, and nothing recorded yet")


class PreTrainingStatisticsOut(Resource):
    """Attendance of one event or one session, by area."""

    areas: list[PreTrainingAreaOut]
    total: PreTrainingAreaOut
