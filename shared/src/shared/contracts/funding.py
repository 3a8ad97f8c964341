"""What funding publishes."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.event import Code, Day, Event, Money


class FundingEvent(Event):
    """Common to everything on the topic of funding."""

    service: ClassVar[str] = "funding"


class BudgetApproved(FundingEvent):
    """A budget passed its chain of approval (F-03)."""

    event: ClassVar[str] = "budget.approved"
    subject_member: ClassVar[str] = "budget"
    aggregate: ClassVar[str] = "budget"
    fund: UUID
    budget: UUID
    session: Code
    amount: Money


class BudgetShare(BaseModel):
    """A part of a budget: ``code`` is a source or an expense category."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: Code
    amount: Money


class BudgetAllocated(FundingEvent):
    """An approved budget was handed to its session (F-02, F-05): what each source gives, and what it is for."""

    event: ClassVar[str] = "budget.allocated"
    subject_member: ClassVar[str] = "budget"
    aggregate: ClassVar[str] = "budget"
    fund: UUID
    budget: UUID
    session: Code
    amount: Money
    sources: tuple[BudgetShare, ...]
    purposes: tuple[BudgetShare, ...]


class FundingReserved(FundingEvent):
    """Money of the session's allocation is held for a selected person."""

    event: ClassVar[str] = "funding.reserved"
    participation: UUID
    fund: UUID
    amount: Money


class FundingCommitted(FundingEvent):
    """Money is promised to a placement (F-04)."""

    event: ClassVar[str] = "funding.committed"
    participation: UUID
    commitment: UUID
    fund: UUID
    amount: Money


class FundingReleased(FundingEvent):
    """Held or promised money went back to the allocation."""

    event: ClassVar[str] = "funding.released"
    participation: UUID
    amount: Money
    reason: Code


class InstalmentDue(FundingEvent):
    """An instalment's milestone was reached."""

    event: ClassVar[str] = "instalment.due"
    participation: UUID
    instalment: UUID
    milestone: Code
    amount: Money
    due_on: Day


class InstalmentPaid(FundingEvent):
    """The treasury confirmed a payment (F-04)."""

    event: ClassVar[str] = "instalment.paid"
    participation: UUID
    instalment: UUID
    milestone: Code
    amount: Money
    paid_on: Day


class ClawbackDue(FundingEvent):
    """More was paid than is due; the difference is to come back."""

    event: ClassVar[str] = "funding.clawback_due"
    participation: UUID
    amount: Money
    reason: Code


class ClawedBack(FundingEvent):
    """Money came back."""

    event: ClassVar[str] = "funding.clawed_back"
    participation: UUID
    amount: Money
    recovered_on: Day


class FundingSettled(FundingEvent):
    """Nothing more will be paid or recovered for this participation."""

    event: ClassVar[str] = "funding.settled"
    participation: UUID
    entitled: Money
    paid: Money
    clawed_back: Money
    settled_on: Day


class ClaimSubmitted(FundingEvent):
    """A reimbursement claim was handed in; that of a class or mission has no participation (F-04)."""

    event: ClassVar[str] = "claim.submitted"
    subject_member: ClassVar[str] = "claim"
    aggregate: ClassVar[str] = "claim"
    claim: UUID
    participation: UUID | None = None
    session: Code
    claimed: Money


class ClaimApproved(FundingEvent):
    """A claim passed its chain of approval; ``amount`` may be less than was claimed (F-03, F-04)."""

    event: ClassVar[str] = "claim.approved"
    subject_member: ClassVar[str] = "claim"
    aggregate: ClassVar[str] = "claim"
    claim: UUID
    participation: UUID | None = None
    session: Code
    claimed: Money
    amount: Money


class ClaimPaid(FundingEvent):
    """The treasury confirmed the payment of a claim (F-04)."""

    event: ClassVar[str] = "claim.paid"
    subject_member: ClassVar[str] = "claim"
    aggregate: ClassVar[str] = "claim"
    claim: UUID
    participation: UUID | None = None
    session: Code
    amount: Money
    paid_on: Day


class FundFrozen(FundingEvent):
    """The finance authority stopped a fund (F-07)."""

    event: ClassVar[str] = "fund.frozen"
    subject_member: ClassVar[str] = "fund"
    aggregate: ClassVar[str] = "fund"
    fund: UUID


class MoneyFrozen(FundingEvent):
    """The finance authority stopped the money of a fund, budget, allocation, participation, payee or claim (F-07)."""

    event: ClassVar[str] = "money.frozen"
    subject_member: ClassVar[str] = "freeze"
    aggregate: ClassVar[str] = "freeze"
    freeze: UUID
    kind: Code
    thing: Code


class MoneyThawed(FundingEvent):
    """The finance authority let frozen money go on."""

    event: ClassVar[str] = "money.thawed"
    subject_member: ClassVar[str] = "freeze"
    aggregate: ClassVar[str] = "freeze"
    freeze: UUID
    kind: Code
    thing: Code


class FundThawed(FundingEvent):
    """The finance authority let a frozen fund go on."""

    event: ClassVar[str] = "fund.thawed"
    subject_member: ClassVar[str] = "fund"
    aggregate: ClassVar[str] = "fund"
    fund: UUID


class FindingChanged(FundingEvent):
    """An audit finding was opened or went one step on (F-06); never what was found or who answers for it."""

    event: ClassVar[str] = "finding.changed"
    subject_member: ClassVar[str] = "finding"
    aggregate: ClassVar[str] = "finding"
    finding: UUID
    fund: UUID | None = None
    severity: Literal["low", "medium", "high", "critical"]
    state: Literal["open", "responded", "corrective_action", "verified", "closed", "disputed"]
    changed_on: Day
