"""What selection publishes."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.event import Code, Day, Event


class SelectionEvent(Event):
    """Common to everything on the topic of selection."""

    service: ClassVar[str] = "selection"


class ApplicationSubmitted(SelectionEvent):
    """A person handed in an application (S-03)."""

    event: ClassVar[str] = "application.submitted"
    participation: UUID
    account: Code
    programme: Code
    batch: Code
    session: Code
    call: UUID
    unit: Code
    origin_area: Code


class ApplicationWithdrawn(SelectionEvent):
    """A person left, before or after having been selected."""

    event: ClassVar[str] = "application.withdrawn"
    participation: UUID
    programme: Code
    session: Code
    stage: Literal["before_selection", "selected"]
    reason: Code


class Selected(SelectionEvent):
    """A person has a place on a fixed roster (S-07)."""

    event: ClassVar[str] = "selected"
    participation: UUID
    account: Code
    programme: Code
    batch: Code
    session: Code
    roster: UUID
    roster_version: int
    direction: Code
    specialty: Code
    specialty_group: Code
    study_direction: Code
    focus_area: Code | None = None
    sending_unit: Code
    origin_area: Code
    title_level: Code
    rank: int
    planned_start: Day
    planned_end: Day
    term: Code
    host_preferences: tuple[Code, ...] = Field(default=(), max_length=20)
    policy_version: Code
    position_class: Code | None = None
    destination: Code | None = None
    staff_category: Code | None = None


class Deselected(SelectionEvent):
    """An amended roster no longer holds the person."""

    event: ClassVar[str] = "deselected"
    participation: UUID
    session: Code
    roster: UUID
    roster_version: int
    reason: Code


class RosterFixed(SelectionEvent):
    """The regional authority fixed a version of a roster (S-07)."""

    event: ClassVar[str] = "roster.fixed"
    subject_member: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "roster"
    roster: UUID
    session: Code
    programme: Code
    batch: Code
    version: int
    selected_count: int
    reserve_count: int
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class RosterFiled(SelectionEvent):
    """A fixed roster went to the ministry for the record (S-07)."""

    event: ClassVar[str] = "roster.filed"
    subject_member: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "roster"
    roster: UUID
    session: Code
    version: int


class RosterAcknowledged(SelectionEvent):
    """The ministry gave a receipt for a filed roster."""

    event: ClassVar[str] = "roster.acknowledged"
    subject_member: ClassVar[str] = "roster"
    aggregate: ClassVar[str] = "roster"
    roster: UUID
    session: Code
    version: int
    receipt: Code


class ReservePromoted(SelectionEvent):
    """A person of the reserve takes a vacated place."""

    event: ClassVar[str] = "reserve.promoted"
    participation: UUID
    replaces: UUID
    session: Code
    roster: UUID
    roster_version: int


class ReserveOffered(SelectionEvent):
    """A person of the reserve is asked to take a vacated place, until a moment."""

    event: ClassVar[str] = "reserve.offered"
    participation: UUID
    replaces: UUID
    session: Code
    roster: UUID
    answer_by: AwareDatetime


class ReserveAnswered(SelectionEvent):
    """The offer to a person of the reserve ended."""

    event: ClassVar[str] = "reserve.answered"
    participation: UUID
    replaces: UUID
    session: Code
    roster: UUID
    answer: Literal["accepted", "declined", "expired", "retracted", "lapsed"]


class SlotVacant(SelectionEvent):
    """A place was vacated and nobody of the reserve could take it."""

    event: ClassVar[str] = "slot.vacant"
    subject_member: ClassVar[str] = "replaces"
    roster: UUID
    session: Code
    replaces: UUID


class StoryClosed(SelectionEvent):
    """Nothing more is to come for this participation."""

    event: ClassVar[str] = "story.closed"
    participation: UUID
    outcome: Literal["certified", "failed", "ended_early", "withdrawn", "not_selected", "rejected", "revoked"]


class AppealFiled(SelectionEvent):
    """A person objected to a decision about them; it is to be decided by a day."""

    event: ClassVar[str] = "appeal.filed"
    participation: UUID
    appeal: UUID
    decision: Code
    due_by: Day


class AppealDecided(SelectionEvent):
    """An objection was decided."""

    event: ClassVar[str] = "appeal.decided"
    participation: UUID
    appeal: UUID
    decision: Code
    outcome: Literal["upheld", "partly_upheld", "dismissed", "inadmissible"]


class PersonErased(SelectionEvent):
    """The person behind a participation was erased; whoever keeps the account or a name lets go of it."""

    event: ClassVar[str] = "person.erased"
    participation: UUID
