"""What happened inside selection; adapters decide what of it the world hears."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from selection.domain.eligibility.rules import RuleResult
from shared.kernel.refusals import Finding


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted:
    """A person handed in an application, for the first time or corrected."""

    participation: UUID
    account: str
    programme: str
    batch: str
    session: str
    call: UUID
    unit: str
    origin_area: str


@dataclass(frozen=True, slots=True)
class ApplicationWithdrawn:
    """A person left; ``stage`` is ``before_selection`` or ``selected``."""

    participation: UUID
    programme: str
    session: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class CandidateSelected:
    """A person has a place on a fixed roster; codes only, no personal values."""

    participation: UUID
    account: str
    programme: str
    batch: str
    session: str
    roster: UUID
    roster_version: int
    direction: str
    specialty: str
    specialty_group: str
    study_direction: str
    focus_area: str | None
    sending_unit: str
    origin_area: str
    title_level: str
    rank: int
    planned_start: date
    planned_end: date
    term: str
    host_preferences: tuple[str, ...]
    policy_version: str
    position_class: str | None = None
    destination: str | None = None
    staff_category: str | None = None


@dataclass(frozen=True, slots=True)
class CandidateDeselected:
    """An amended roster no longer holds the person."""

    participation: UUID
    session: str
    roster: UUID
    roster_version: int
    reason: str


@dataclass(frozen=True, slots=True)
class RosterFixed:
    """A version of a roster was fixed, the first or an amended one."""

    roster: UUID
    session: str
    programme: str
    batch: str
    version: int
    selected_count: int
    reserve_count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RosterFiled:
    """A fixed roster went to the ministry for the record."""

    roster: UUID
    session: str
    version: int


@dataclass(frozen=True, slots=True)
class RosterAcknowledged:
    """The ministry gave a receipt."""

    roster: UUID
    session: str
    version: int
    receipt: str


@dataclass(frozen=True, slots=True)
class ReservePromoted:
    """A person of the reserve takes the place of another."""

    participation: UUID
    replaces: UUID
    session: str
    roster: UUID
    roster_version: int


@dataclass(frozen=True, slots=True)
class ReserveOffered:
    """A person of the reserve is asked to take a vacated place, until ``answer_by``."""

    participation: UUID
    replaces: UUID
    session: str
    roster: UUID
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class ReserveAnswered:
    """The offer to a person of the reserve ended: ``answer`` is accepted, declined, expired, retracted or lapsed."""

    participation: UUID
    replaces: UUID
    session: str
    roster: UUID
    answer: str


@dataclass(frozen=True, slots=True)
class SlotVacant:
    """A place was vacated and nobody could take it."""

    roster: UUID
    session: str
    replaces: UUID


@dataclass(frozen=True, slots=True)
class StoryClosed:
    """Nothing more is to come for this participation."""

    participation: UUID
    outcome: str


@dataclass(frozen=True, slots=True)
class AppealFiled:
    """A person objected to a decision about them; to be decided by ``due_by``."""

    participation: UUID
    appeal: UUID
    decision: str
    due_by: date


@dataclass(frozen=True, slots=True)
class AppealDecided:
    """An appeal was decided: ``upheld``, ``partly_upheld``, ``dismissed`` or ``inadmissible``."""

    participation: UUID
    appeal: UUID
    decision: str
    outcome: str


@dataclass(frozen=True, slots=True)
class PersonErased:
    """The key of the person behind a participation was destroyed; whoever holds the account lets go of it."""

    participation: UUID


def finding_of(result: RuleResult) -> Finding:
    """An unmet rule as a finding with its citation."""
    return Finding(
        "rule-unmet",
        result.message_en,
        rule=result.rule,
        zh=result.message_zh,
        values={
            "document": result.document,
            "clause": result.clause,
            "waiver_role": result.waiver_role.value if result.waiver_role else None,
        },
    )
