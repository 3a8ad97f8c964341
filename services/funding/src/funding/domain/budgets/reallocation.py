"""Reallocation: free money moves between sessions and categories of one fund, by the approval matrix (F-02)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from funding.domain.budgets.allocation import Allocation
from funding.domain.ledger.accounts import Account
from funding.domain.ledger.entries import Entry, EntryKind, gather
from funding.domain.roles import APPROVER, BOOKS, FUNDING
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.money import yuan
from shared.kernel.refusals import Finding, RuleViolated


class ReallocationState(StrEnum):
    """How far it has come."""

    IN_APPROVAL = "in_approval"
    BOOKED = "booked"
    REFUSED = "refused"


R = ReallocationState
REALLOCATION: Lifecycle[ReallocationState] = Lifecycle(
    "reallocation",
    initial=R.IN_APPROVAL,
    transitions=[
        Transition("approve", R.IN_APPROVAL, R.IN_APPROVAL, APPROVER),
        Transition("book", R.IN_APPROVAL, R.BOOKED, BOOKS),
        Transition("refuse", R.IN_APPROVAL, R.REFUSED, APPROVER),
    ],
)


@dataclass(frozen=True, slots=True)
class Shift:
    """Fen out of one expense category of the giving session into one of the taking session."""

    source: str
    target: str
    amount: int


@dataclass(kw_only=True)
class Reallocation(Aggregate):
    """A request to move free money; nothing moves before the last signature.

    Attributes:
        fund: the one fund it stays in (F-05).
        giver: code of the session that gives.
        taker: code of the session that takes; the same one to move between categories only.
        shifts: what moves.
        reason: why.
        asked_by: account of the preparer.
        asked_on: day.
        sources: fen by source that moved along, in the giver's shares (P-09); empty before it is booked.
        refusal: why it was refused, or None.
    """

    lifecycle: ClassVar[Lifecycle[ReallocationState]] = REALLOCATION

    fund: UUID
    giver: str
    taker: str
    shifts: list[Shift]
    reason: str
    asked_by: str
    asked_on: date
    sources: dict[str, int] = field(default_factory=dict)
    refusal: str | None = None
    state: ReallocationState = field(default=ReallocationState.IN_APPROVAL)

    @property
    def amount(self) -> int:
        """Fen of all shifts."""
        return sum(shift.amount for shift in self.shifts)

    def taken(self) -> dict[str, int]:
        """Fen by category of the taking session."""
        parts: dict[str, int] = {}
        for shift in self.shifts:
            parts[shift.target] = parts.get(shift.target, 0) + shift.amount
        return parts

    def require_sense(self, giver: Allocation, taker: Allocation, purposes: list[str]) -> None:
        """See that it moves something, inside one fund, between its purposes.

        Raises:
            RuleViolated: ``reallocation-wrong`` with every finding.
        """
        findings = []
        if giver.fund != taker.fund:
            detail = "Money does not leave its fund."
            findings.append(Finding("other-fund", detail, "/taker", "F-05"))
        for nth, shift in enumerate(self.shifts):
            if shift.amount <= 0:
                findings.append(Finding("not-positive", "The amount must be above zero.", f"/shifts/{nth}/amount"))
            if giver.session == taker.session and shift.source == shift.target:
                findings.append(Finding("no-move", "This moves nothing.", f"/shifts/{nth}"))
            for member, category in (("source", shift.source), ("target", shift.target)):
                if category not in purposes:
                    detail = "This fund may not be used for this expense category."
                    findings.append(Finding("purpose-locked", detail, f"/shifts/{nth}/{member}", "F-05"))
        if findings:
            raise RuleViolated("reallocation-wrong", "This cannot be re-allocated.", findings=findings)

    def approve(self, by: Actor) -> None:
        """A signature was given; the last one is followed by ``book``."""
        self._advance("approve", by)

    def refuse(self, reason: str, *, by: Actor) -> None:
        """It does not happen."""
        self._advance("refuse", by)
        self.refusal = reason

    def book(self, giver: Allocation, taker: Allocation, *, id: UUID, on: date, by: Actor) -> Entry:
        """Move it: only what is free, so never below what is held or promised; the sources' shares move along.

        Raises:
            RuleViolated: ``overdrawn`` when the giver was allocated less than that; the ledger refuses what is not free.
        """
        self._advance("book", FUNDING)
        if giver.session != taker.session:
            if self.amount > giver.amount:
                short = yuan(self.amount - giver.amount)
                raise RuleViolated("overdrawn", "There is not enough money for this.", rule="F-02", short=short)
            self.sources = giver.give(self.amount)
            taker.take(self.sources)
        moves: list[tuple[Account, int]] = []
        for shift in self.shifts:
            moves.append((giver.available(shift.source), -shift.amount))
            moves.append((taker.available(shift.target), shift.amount))
        return Entry(
            id=id,
            fund=self.fund,
            kind=EntryKind.REALLOCATED,
            source_key=f"reallocation:{self.id}",
            booked_on=on,
            postings=gather(moves),
            posted_by=by.subject,
        )
