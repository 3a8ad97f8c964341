"""Study groups, their reports and meetings on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from placement.adapters.http.schemas.common import CodeText, Line, Prose
from placement.domain.groups.group import GROUP, GroupState, StudyGroup
from placement.domain.groups.meetings import MEETING, Meeting, MeetingState
from placement.domain.groups.reports import GROUP_REPORT, GroupReport, GroupReportState
from placement.usecases.groups.form_groups import Formation
from placement.usecases.groups.lead_groups import Appointment
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class GroupFormationIn(Body):
    """A group as the region wants it; ``reason`` explains a size outside the policy's."""

    name: Line
    participations: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    reason: Line | None = None

    def formation(self) -> Formation:
        """For the use case."""
        return Formation(name=self.name, participations=tuple(self.participations), reason=self.reason)


class GroupLeaderIn(Body):
    """Who leads from now on; ``reason`` is one of the policy's change reasons."""

    participation: UUID
    reason: CodeText


class GroupAppointmentIn(GroupLeaderIn):
    """Who leads which group from now on."""

    group: UUID

    def appointment(self) -> Appointment:
        """For the use case."""
        return Appointment(group=self.group, participation=self.participation, reason=self.reason)


class GroupRef(Body):
    """One group."""

    group: UUID


class GroupMemberIn(Body):
    """Who joins, and why by code."""

    participation: UUID
    reason: CodeText


class GroupOut(Resource):
    """A study group. ``size_fits`` says whether it has as many people as the policy wants now."""

    id: UUID
    version: int
    state: GroupState
    allowed_actions: list[str]
    region: str
    programme: str
    session: str
    name: str
    size: int
    smallest: int
    largest: int
    size_fits: bool
    size_reason: str | None
    leader: UUID | None
    formed_on: date
    activated_on: date | None
    dissolved_on: date | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, group: StudyGroup, actor: Actor) -> GroupOut:
        """The answer to a command."""
        members = {name: getattr(group, name) for name in cls.model_fields if hasattr(group, name)}
        fits = group.smallest <= group.size <= group.largest
        return cls(**members | {"allowed_actions": group.allowed_actions(actor), "size_fits": fits})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> GroupOut:
        """A row of the table."""
        members = dict(row._mapping)
        members["allowed_actions"] = GROUP.allowed(GroupState(row.state), actor)
        return cls(**members | {"size_fits": row.smallest <= row.size <= row.largest})


class GroupProposed(Resource):
    """A group that is proposed: who is near whom; ``fits`` says whether the size is as the policy wants."""

    provinces: list[str]
    hosts: list[str]
    participations: list[UUID]
    size: int
    fits: bool


class GroupProposal(Resource):
    """How the people without a group could be divided; the same people always give the same division."""

    session: str
    smallest: int
    largest: int
    groups: list[GroupProposed]


class GroupMemberOut(Resource):
    """Somebody who is or was in a group."""

    participation: UUID
    sending_unit: str
    leads: bool
    joined_on: date
    left_on: date | None


class GroupLogOut(Resource):
    """A line of a group's log."""

    participation: UUID
    change: str
    reason: str
    at: datetime


class GroupCollectionLine(Resource):
    """Where one study report of a member stands; never what it says."""

    participation: UUID
    period: str
    due_on: date
    state: str


class GroupList(Resource):
    """Lists that are short by nature."""

    items: list[GroupMemberOut] | list[GroupLogOut] | list[GroupCollectionLine]


class GroupMeetingIn(Body):
    """When and where a group meets."""

    starts_at: AwareDatetime
    place: Line


class GroupMeetingOut(Resource):
    """A meeting."""

    id: UUID
    version: int
    state: MeetingState
    allowed_actions: list[str]
    group: UUID
    starts_at: datetime
    place: str

    @classmethod
    def of(cls, meeting: Meeting, actor: Actor) -> GroupMeetingOut:
        """The answer to a command."""
        members = {name: getattr(meeting, name) for name in cls.model_fields if hasattr(meeting, name)}
        return cls(**members | {"allowed_actions": meeting.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> GroupMeetingOut:
        """A row of the table."""
        allowed = MEETING.allowed(MeetingState(row.state), actor)
        return cls(**dict(row._mapping) | {"allowed_actions": allowed})


class GroupReportIn(Body):
    """A group report: its text, where an attached document is kept and its hash."""

    text: Prose
    reference: Line | None = None
    attachment_sha256: Sha256 | None = None


class GroupReportOut(Resource):
    """A group report, due or done. ``acknowledged`` maps recipients to days."""

    id: UUID
    version: int
    state: GroupReportState
    allowed_actions: list[str]
    group: UUID
    period: int
    covers_from: date
    covers_to: date
    due_on: date
    recipients: list[str]
    acknowledged: dict[str, date]
    submitted_on: date | None
    text: str | None
    reference: str | None
    attachment_sha256: str | None
    return_reason: str | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, report: GroupReport, actor: Actor) -> GroupReportOut:
        """The answer to a command."""
        members = {name: getattr(report, name) for name in cls.model_fields if hasattr(report, name)}
        return cls(**members | {"allowed_actions": report.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> GroupReportOut:
        """A row of the table."""
        allowed = GROUP_REPORT.allowed(GroupReportState(row.state), actor)
        return cls(**dict(row._mapping) | {"allowed_actions": allowed})
