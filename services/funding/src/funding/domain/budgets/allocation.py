"""Allocation: which fund and policy pay for a session; how much is in the ledger (F-02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from funding.domain.budgets.sources import divided
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.ledger.entries import Entry, EntryKind, gather
from funding.domain.roles import APPROVER
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition


class AllocationState(StrEnum):
    """Whether new persons can be paid for."""

    OPEN = "open"
    CLOSED = "closed"


ALLOCATION: Lifecycle[AllocationState] = Lifecycle(
    "allocation",
    initial=AllocationState.OPEN,
    transitions=[Transition("close", AllocationState.OPEN, AllocationState.CLOSED, APPROVER)],
)


@dataclass(kw_only=True)
class Allocation(Aggregate):
    """The pot of one session.

    Attributes:
        fund: the fund it was filled from; one session, one fund (F-05).
        session: code of the session.
        programme: code of the programme.
        batch: code of the batch.
        policy_version: funding policy under which its persons are paid.
        amount: fen allocated so far, re-allocations included.
        contributions: whose money that is: fen by source, together ``amount`` (P-09).
    """

    lifecycle: ClassVar[Lifecycle[AllocationState]] = ALLOCATION

    fund: UUID
    session: str
    programme: str
    batch: str
    policy_version: str
    amount: int
    contributions: dict[str, int] = field(default_factory=dict)
    state: AllocationState = field(default=AllocationState.OPEN)

    def available(self, category: str) -> Account:
        """The account of the free money for a category."""
        return Account(self.fund, AccountKind.AVAILABLE, self.session, category)

    def take(self, contributions: Mapping[str, int]) -> None:
        """More is allocated, given by these sources."""
        self.contributions = {
            code: self.contributions.get(code, 0) + contributions.get(code, 0)
            for code in sorted({*self.contributions, *contributions})
        }
        self.amount += sum(contributions.values())

    def give(self, amount: int) -> dict[str, int]:
        """So much leaves for another session; gives whose money it is, in the shares of the pot."""
        parts = divided(amount, self.contributions)
        self.contributions = {code: part - parts.get(code, 0) for code, part in self.contributions.items()}
        self.amount -= amount
        return parts

    def closing_entry(self, unused: Mapping[str, int], *, id: UUID, on: date, by: Actor) -> Entry | None:
        """Unused money (fen by category) back to the sources by their shares, to the fen; None when all is used (F-05)."""
        total = sum(unused.values())
        if total == 0:
            return None
        moves = [(self.available(category), -amount) for category, amount in unused.items()]
        moves += [
            (Account(self.fund, AccountKind.GRANTED, source, None), part)
            for source, part in divided(total, self.contributions).items()
        ]
        return Entry(
            id=id,
            fund=self.fund,
            kind=EntryKind.RETURNED,
            source_key=f"allocation:{self.id}:returned",
            booked_on=on,
            postings=gather(moves),
            posted_by=by.subject,
        )

    def close(self, by: Actor) -> None:
        """Pay for nobody new."""
        self._advance("close", by)
