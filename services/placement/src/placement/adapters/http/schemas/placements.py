"""Cases, runs and terms on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from placement.adapters.http.schemas.common import CodeText, HostPath
from placement.domain.placements.correcting import Correction
from placement.domain.placements.moving import MovedChange
from placement.domain.placements.placement import Placement
from placement.domain.placements.states import PLACEMENT, PlacementState
from placement.domain.runs import RUN, MatchingRun, RunState
from placement.usecases.cases.decide_proposals import Decision
from placement.usecases.term.end_placements import Ending, HomeComing
from placement.usecases.term.record_arrivals import Arrival
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor


class RunIn(Body):
    """Which session to match."""

    session: CodeText


class ProposedMatchOut(Resource):
    """One line of a proposal; ``choice`` is 1 for the first wish."""

    participation: UUID
    host: str
    offer: UUID
    fit: Literal["specialty", "group"]
    choice: int | None


class UnmatchedOut(Resource):
    """Somebody without a place, and why."""

    participation: UUID
    reason: str


class MatchingRunOut(Resource):
    """A matching run: what it proposes, from what, and how good it is."""

    id: UUID
    version: int
    state: RunState
    allowed_actions: list[str]
    session: str
    method: str
    policy_version: str
    input_sha256: str
    proposal_sha256: str | None
    report: dict[str, Any]
    proposals: list[ProposedMatchOut]
    unmatched: list[UnmatchedOut]
    made_by: str
    decided_by: str | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, run: MatchingRun, actor: Actor) -> MatchingRunOut:
        """The answer to a command."""
        members = {name: getattr(run, name) for name in cls.model_fields if hasattr(run, name)}
        members["proposals"] = [ProposedMatchOut.model_validate(line, from_attributes=True) for line in run.proposals]
        members["unmatched"] = [UnmatchedOut.model_validate(line, from_attributes=True) for line in run.unmatched]
        return cls(**members | {"allowed_actions": run.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> MatchingRunOut:
        """A row of the table."""
        return cls(**dict(row._mapping) | {"allowed_actions": RUN.allowed(RunState(row.state), actor)})


class SegmentOut(Resource):
    """Days at one host, first and last counted."""

    host: str
    starts_on: date
    ends_on: date
    share: int = Field(description="percent of these days that belong to this host")
    state: str


class PlacementOut(Resource):
    """A placement; its id is the participation."""

    id: UUID
    version: int
    state: PlacementState
    allowed_actions: list[str]
    programme: str
    batch: str
    session: str
    direction: str
    specialty: str
    specialty_group: str
    study_direction: str
    focus_area: str | None
    sending_unit: str
    origin_area: str
    rank: int
    term: str
    planned_start: date
    planned_end: date
    position_class: str | None
    destination: str | None
    staff_category: str | None
    host_preferences: list[str]
    host: str | None
    host_province: str | None
    offer: UUID | None
    run: UUID | None
    declined_hosts: list[str]
    decline_reason: str | None
    agreement: UUID | None
    agreement_on: date | None
    mentorship: UUID | None
    mentor_on: date | None
    plan: UUID | None
    plan_on: date | None
    arrived_on: date | None
    punctuality: str | None
    ended_on: date | None
    end_kind: str | None
    end_reason: str | None
    days_served: int | None
    returned_on: date | None
    formalities_on: date | None = Field(
        description="since when the host-side formalities are done; nothing more is kept"
    )
    policy_version: str
    updated_at: datetime | None = None
    segments: list[SegmentOut] | None = Field(default=None, description="only when one placement is read")

    @classmethod
    def of(cls, placement: Placement, actor: Actor) -> PlacementOut:
        """The answer to a command."""
        members = {name: getattr(placement, name) for name in cls.model_fields if hasattr(placement, name)}
        return cls(**members | {"allowed_actions": placement.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor, segments: list[SegmentOut] | None = None) -> PlacementOut:
        """A row of the table."""
        allowed = PLACEMENT.allowed(PlacementState(row.state), actor)
        return cls(**dict(row._mapping) | {"allowed_actions": allowed, "segments": segments})


class HostAsked(Body):
    """The host that is asked."""

    host: HostPath


class DecisionIn(Body):
    """A host's answer to one proposal; a decline needs a ``reason`` of the policy's list."""

    participation: UUID
    decision: Literal["accept", "decline"]
    reason: CodeText | None = None

    def taken(self) -> Decision:
        """As the use case takes it."""
        return Decision(participation=self.participation, accepted=self.decision == "accept", reason=self.reason)


class ParticipationIn(Body):
    """One placement by its participation."""

    participation: UUID


class ArriveIn(Body):
    """The actual day of arrival."""

    arrived_on: date


class ArrivalIn(ArriveIn):
    """Who arrived, and when."""

    participation: UUID

    def arrival(self) -> Arrival:
        """As the use case takes it."""
        return Arrival(participation=self.participation, arrived_on=self.arrived_on)


class NoShowIn(Body):
    """The day it was noted that the person did not come; ``reason`` of the policy's list."""

    noted_on: date
    reason: CodeText = "other"


class SuspendIn(Body):
    """First day that is not served; ``reason`` of the policy's list."""

    effective_on: date
    reason: CodeText


class ResumeIn(Body):
    """First day that is served again."""

    effective_on: date


class TransferIn(Body):
    """First day at the other host, whose offer is named."""

    effective_on: date
    offer: UUID
    reason: CodeText


class ExtendIn(Body):
    """The new last day."""

    planned_end: date
    reason: CodeText


class PlacementMovedIn(Body):
    """A suspension, resumption or transfer that took effect on another day than the one on record."""

    change: Literal["suspended", "resumed", "transferred"]
    recorded_on: date
    effective_on: date


class PlacementCorrectIn(Body):
    """Dates as they really were, with a ``reason`` of the policy's list; ``end_reason`` when the end was early."""

    arrived_on: date | None = None
    ended_on: date | None = None
    returned_on: date | None = None
    end_reason: CodeText | None = None
    moved: PlacementMovedIn | None = None
    reason: CodeText

    def correction(self) -> Correction:
        """As the use case takes it."""
        moved = None if self.moved is None else MovedChange(**self.moved.model_dump())
        return Correction(
            arrived_on=self.arrived_on, ended_on=self.ended_on, returned_on=self.returned_on,
            end_reason=self.end_reason, moved=moved,
        )  # fmt: skip


class PlacementFormalitiesIn(Body):
    """Whether the host-side administrative formalities are done: yes or no, never which or why (domain.md 7.4)."""

    done: bool


class EndIn(Body):
    """The last day at the host; an early end needs a ``reason`` of the policy's list."""

    ended_on: date
    reason: CodeText | None = None


class EndingIn(EndIn):
    """Whose term ended."""

    participation: UUID

    def ending(self) -> Ending:
        """As the use case takes it."""
        return Ending(participation=self.participation, ended_on=self.ended_on, reason=self.reason)


class ReturnIn(Body):
    """The day of the return to the sending unit."""

    returned_on: date


class HomeComingIn(ReturnIn):
    """Who returned, and when."""

    participation: UUID

    def home_coming(self) -> HomeComing:
        """As the use case takes it."""
        return HomeComing(participation=self.participation, returned_on=self.returned_on)
