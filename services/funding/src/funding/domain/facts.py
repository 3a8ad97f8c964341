"""What happened, inside funding; amounts in fen. ``adapters/events/publishing`` says what of it the world hears."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BudgetApproved:
    """A budget passed its chain (F-03)."""

    fund: UUID
    budget: UUID
    session: str
    amount: int


@dataclass(frozen=True, slots=True)
class BudgetAllocated:
    """A budget was handed to its session: fen by source and by purpose (F-02, F-05)."""

    fund: UUID
    budget: UUID
    session: str
    amount: int
    sources: tuple[tuple[str, int], ...]
    purposes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class FindingChanged:
    """An audit finding was opened or went one step on; ``fund`` is that of its sample or entry (F-06)."""

    finding: UUID
    fund: UUID | None
    severity: str
    state: str
    changed_on: date


@dataclass(frozen=True, slots=True)
class FundingReserved:
    """Money of the session is held for a selected person."""

    participation: UUID
    fund: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class FundingCommitted:
    """Money is promised to a placement; told again when the amount changes (F-04)."""

    participation: UUID
    commitment: UUID
    fund: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class FundingReleased:
    """Held or promised money went back to the session."""

    participation: UUID
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class InstalmentDue:
    """An instalment is due, for the first time or again after a rejection or a changed amount."""

    participation: UUID
    instalment: UUID
    milestone: str
    amount: int
    due_on: date


@dataclass(frozen=True, slots=True)
class InstalmentPaid:
    """The treasury confirmed a payment (F-04)."""

    participation: UUID
    instalment: UUID
    milestone: str
    amount: int
    paid_on: date


@dataclass(frozen=True, slots=True)
class ClawbackDue:
    """More was paid than is owed."""

    participation: UUID
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class ClawedBack:
    """Money came back."""

    participation: UUID
    amount: int
    recovered_on: date


@dataclass(frozen=True, slots=True)
class FundingSettled:
    """Nothing more is paid or recovered, as things stand."""

    participation: UUID
    entitled: int
    paid: int
    clawed_back: int
    settled_on: date


@dataclass(frozen=True, slots=True)
class ClaimSubmitted:
    """A claim was handed in; ``participation`` is None for a class or mission (F-04)."""

    claim: UUID
    participation: UUID | None
    session: str
    claimed: int


@dataclass(frozen=True, slots=True)
class ClaimApproved:
    """A claim passed its chain; ``amount`` may be less than ``claimed`` (F-03, F-04)."""

    claim: UUID
    participation: UUID | None
    session: str
    claimed: int
    amount: int


@dataclass(frozen=True, slots=True)
class ClaimPaid:
    """The treasury confirmed the payment of a claim (F-04)."""

    claim: UUID
    participation: UUID | None
    session: str
    amount: int
    paid_on: date


@dataclass(frozen=True, slots=True)
class FundFrozen:
    """A fund was stopped (F-07)."""

    fund: UUID


@dataclass(frozen=True, slots=True)
class MoneyFrozen:
    """Something's money was stopped (F-07)."""

    freeze: UUID
    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class MoneyThawed:
    """Something's money goes on."""

    freeze: UUID
    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class FundThawed:
    """A stopped fund goes on."""

    fund: UUID
