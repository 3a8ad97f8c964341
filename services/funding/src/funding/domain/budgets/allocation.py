"""Allocation: which fund and policy pay for a session; how much is in the ledger (F-02)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from funding.domain.ledger.accounts import Account, AccountKind
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
        amount: fen allocated so far.
    """

    lifecycle: ClassVar[Lifecycle[AllocationState]] = ALLOCATION

    fund: UUID
    session: str
    programme: str
    batch: str
    policy_version: str
    amount: int
    state: AllocationState = field(default=AllocationState.OPEN)

    def available(self, category: str) -> Account:
        """The account of the free money for a category."""
        return Account(self.fund, AccountKind.AVAILABLE, self.session, category)

    def close(self, by: Actor) -> None:
        """Pay for nobody new."""
        self._advance("close", by)
