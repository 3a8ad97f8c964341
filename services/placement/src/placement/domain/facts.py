"""What happens in placement: facts that aggregates return and use cases announce.

``participation`` is the application's id and the id of the placement. ``host`` is always an organisation path.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MatchProposed:
    """A host was asked to take a person."""

    participation: UUID
    host: str
    run: UUID


@dataclass(frozen=True, slots=True)
class MatchDeclined:
    """A host said no, with a coded reason."""

    participation: UUID
    host: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlacementConfirmed:
    """The ministry confirmed the host of a person; published as ``placed``."""

    participation: UUID
    programme: str
    batch: str
    session: str
    host: str
    host_province: str
    specialty: str
    planned_start: date
    planned_end: date


@dataclass(frozen=True, slots=True)
class Share:
    """What one of several hosts bears, in percent; the leading one is the host of the placement (M-04)."""

    host: str
    percent: int
    leading: bool


@dataclass(frozen=True, slots=True)
class AgreementInForce:
    """The last party signed an edition of the agreement; ``shares`` sum to 100 or are none (M-04)."""

    participation: UUID
    agreement: UUID
    edition: int
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class MentorActivated:
    """A mentor took up the person after a dated pre-contact (M-05). ``mentor`` is the entry in the register."""

    participation: UUID
    mentor: UUID
    account: str


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """An edition of the training plan entered force (M-06, M-07)."""

    participation: UUID
    plan: UUID
    edition: int


@dataclass(frozen=True, slots=True)
class TraineeArrived:
    """The person arrived at the host on a date; ``punctuality`` is ``on_time`` or ``late`` (M-03)."""

    participation: UUID
    host: str
    arrived_on: date
    punctuality: str


@dataclass(frozen=True, slots=True)
class PlacementChanged:
    """The term was suspended, resumed, transferred or extended, or a date of it corrected.

    A correction of a suspension, resumption or transfer says which (``corrects``) and the day that was on record.
    """

    participation: UUID
    change: str
    effective_on: date
    host: str
    planned_end: date
    corrects: str | None = None
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True)
class ReportAcknowledged:
    """One of the recipients acknowledged a study report; ``complete`` when all have (D-02)."""

    participation: UUID
    report: UUID
    period: str
    due_on: date
    submitted_on: date
    complete: bool


@dataclass(frozen=True, slots=True)
class ReportOverdue:
    """The due date of a study report passed without a report (D-02)."""

    participation: UUID
    report: UUID
    period: str
    due_on: date


@dataclass(frozen=True, slots=True)
class PlacementEnded:
    """The placement is over. ``kind`` is normal, early, before_start or no_show; days are calendar days served."""

    participation: UUID
    host: str
    started: bool
    ended_on: date
    kind: str
    reason: str | None
    days_served: int


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """A person joined, left, or began or ceased to lead a study group (D-01); ``reason`` is a code."""

    participation: UUID
    group: UUID
    change: str
    reason: str


@dataclass(frozen=True, slots=True)
class InspectionClosed:
    """An inspection came to its end: nothing was found, or everything was put right (D-03)."""

    inspection: UUID
    region: str
    host: str
    programme: str
    session: str
    conducted_on: date
    closed_on: date
    findings: tuple[str, ...]
    severe: int
