"""What placement publishes."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Code, Day, Event


class PlacementEvent(Event):
    """Common to everything on the topic of placement; the subject is always the participation."""

    service: ClassVar[str] = "placement"
    participation: UUID


class MatchProposed(PlacementEvent):
    """A host was proposed for a person (M-01)."""

    event: ClassVar[str] = "match.proposed"
    host: Code
    run: UUID


class MatchDeclined(PlacementEvent):
    """The proposed host said no."""

    event: ClassVar[str] = "match.declined"
    host: Code
    reason: Code


class Placed(PlacementEvent):
    """The placement is confirmed (M-01, M-03)."""

    event: ClassVar[str] = "placed"
    programme: Code
    batch: Code
    session: Code
    host: Code
    host_province: Code
    specialty: Code
    planned_start: Day
    planned_end: Day


class HostShare(BaseModel):
    """What one of several hosts bears, in whole percents; the leading one is the host of the placement."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    host: Code
    percent: int
    leading: bool


class AgreementInForce(PlacementEvent):
    """Every party has signed (M-04). ``shares`` of the hosts sum to 100; none when one host bears everything."""

    event: ClassVar[str] = "agreement.in_force"
    agreement: UUID
    agreement_version: int
    shares: tuple[HostShare, ...] | None = None


class MentorActive(PlacementEvent):
    """A mentor is assigned and the contact before the start is made (M-05).

    ``mentor`` is the entry in the host's register, ``account`` the opaque account by which the mentor's token names them.
    """

    event: ClassVar[str] = "mentor.active"
    mentor: UUID
    account: Code | None = None


class PlanInForce(PlacementEvent):
    """The training plan was consulted on and approved (M-06, M-07)."""

    event: ClassVar[str] = "plan.in_force"
    plan: UUID
    plan_version: int


class PlacementArrived(PlacementEvent):
    """The person is at the host; money depends on this date (M-03)."""

    event: ClassVar[str] = "placement.arrived"
    host: Code
    arrived_on: Day
    punctuality: Literal["on_time", "late"]


class PlacementChanged(PlacementEvent):
    """A placement was suspended, resumed, transferred or extended, or an actual date of it was corrected.

    With ``corrected`` the arrival (and the end, when there is one) are told anew as they should have been; a
    suspension, resumption or transfer that took effect on another day is named by ``corrects`` and ``recorded_on``.
    """

    event: ClassVar[str] = "placement.changed"
    change: Literal["suspended", "resumed", "transferred", "extended", "corrected"]
    effective_on: Day
    host: Code
    planned_end: Day
    corrects: Literal["suspended", "resumed", "transferred"] | None = None
    recorded_on: Day | None = None


class ReportAcknowledged(PlacementEvent):
    """A recipient acknowledged a study report; ``complete`` when every recipient has (D-02)."""

    event: ClassVar[str] = "report.acknowledged"
    report: UUID
    period: Code
    due_on: Day
    submitted_on: Day
    complete: bool


class ReportOverdue(PlacementEvent):
    """A study report was not there when it was due (D-02)."""

    event: ClassVar[str] = "report.overdue"
    report: UUID
    period: Code
    due_on: Day


class GroupChanged(PlacementEvent):
    """A person joined or left a study group, or began or ceased to lead it (D-01)."""

    event: ClassVar[str] = "group.changed"
    group: UUID
    change: Literal["joined", "left", "leader_appointed", "leader_replaced"]


class PlacementEnded(PlacementEvent):
    """The placement is over; ``days_served`` counts both the first and the last day."""

    event: ClassVar[str] = "placement.ended"
    host: Code | None = None
    started: bool
    ended_on: Day
    kind: Literal["normal", "early", "before_start", "no_show"]
    reason: Code
    days_served: int


class ClassCompleted(PlacementEvent):
    """A short class is over for one of its participants (K-07).

    ``attendance_share`` is whole percent of the sessions that count, rounded down; ``course`` is the class.
    ``questions_before`` are those of ``questions`` that were asked before it began; absent where nobody counted (K-04).
    """

    event: ClassVar[str] = "class.completed"
    programme: Code
    session: Code
    course: UUID
    host: Code | None = None
    lectures_held: int = Field(ge=0)
    lectures_attended: int = Field(ge=0)
    attendance_share: int = Field(ge=0, le=100)
    questions: int = Field(ge=0)
    questions_before: int | None = Field(default=None, ge=0)
    completed_on: Day


class MissionCompleted(PlacementEvent):
    """An expert mission is over for one of its experts (X-02); ``days`` are the days in the field, both ends counted."""

    event: ClassVar[str] = "mission.completed"
    programme: Code
    session: Code
    mission: UUID
    days: int = Field(ge=1)
    completed_on: Day


class InspectionClosed(Event):
    """An inspection of the delivery of training came to its end (D-03); told only then, never while it is hidden.

    ``findings`` are codes of the policy, ``severe`` how many of them were of the gravest kind.
    """

    service: ClassVar[str] = "placement"
    event: ClassVar[str] = "inspection.closed"
    subject_member: ClassVar[str] = "inspection"
    aggregate: ClassVar[str] = "inspection"
    inspection: UUID
    region: Code
    host: Code
    programme: Code
    session: Code
    conducted_on: Day
    closed_on: Day
    findings: tuple[Code, ...] = ()
    severe: int = Field(ge=0)
