"""Budget: a plan of expense by category, approved by the chain that its amount asks for (F-02, F-03)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from funding.domain.approvals.approval import Approval
from funding.domain.approvals.chain import Step
from funding.domain.facts import BudgetAllocated, BudgetApproved
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.ledger.entries import Entry, EntryKind, gather
from funding.domain.roles import APPROVER, BOOKS, FUNDING, PREPARER
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition


class BudgetState(StrEnum):
    """How far a budget has come."""

    PLANNED = "planned"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    ALLOCATED = "allocated"
    CLOSED = "closed"


B = BudgetState
BUDGET: Lifecycle[BudgetState] = Lifecycle(
    "budget",
    initial=B.PLANNED,
    transitions=[
        Transition("amend", B.PLANNED, B.PLANNED, PREPARER),
        Transition("submit", B.PLANNED, B.IN_APPROVAL, PREPARER),
        Transition("approve", B.IN_APPROVAL, B.IN_APPROVAL, APPROVER),
        Transition("return", B.IN_APPROVAL, B.PLANNED, APPROVER),
        Transition("complete", B.IN_APPROVAL, B.APPROVED, BOOKS),
        Transition("allocate", B.APPROVED, B.ALLOCATED, PREPARER),
        Transition("close", B.ALLOCATED, B.CLOSED, APPROVER),
    ],
)


@dataclass(frozen=True, slots=True)
class Line:
    """Fen for one expense category."""

    category: str
    amount: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """Fen taken from one source."""

    source: str
    amount: int


@dataclass(kw_only=True)
class Budget(Aggregate):
    """A budget of one session.

    Attributes:
        fund: the fund it is taken from.
        session: code of the session it pays for.
        batch: code of the batch.
        programme: code of the programme.
        policy_version: version of the funding policy it is decided under.
        lines: expense by category; the sum equals that of ``contributions``.
        contributions: what each source gives.
        prepared_by: account of who planned or last submitted it.
        handlers: accounts of all who planned, amended or submitted it; none of them approves (F-01).
        submitted_on: day of submission, or None.
        rolling_amount: fen that decided the chain: all budgets of the same session and categories inside the
            window, so that splitting does not lower the tier (F-03).
        chain: the signatures asked for, in order.
        return_reason: why it was returned last, or None.
    """

    lifecycle: ClassVar[Lifecycle[BudgetState]] = BUDGET

    fund: UUID
    session: str
    batch: str
    programme: str
    policy_version: str
    lines: list[Line]
    contributions: list[Contribution]
    prepared_by: str
    handlers: list[str] = field(default_factory=list)
    submitted_on: date | None = None
    rolling_amount: int = 0
    chain: list[Step] = field(default_factory=list)
    return_reason: str | None = None
    state: BudgetState = field(default=BudgetState.PLANNED)

    @property
    def amount(self) -> int:
        """Fen of all lines."""
        return sum(line.amount for line in self.lines)

    def amend(self, lines: list[Line], contributions: list[Contribution], *, by: Actor) -> None:
        """Put other lines in place while nobody is asked to approve (F-02); whoever did so does not approve it."""
        self._advance("amend", by)
        self.lines, self.contributions = lines, contributions
        self._handled(by)

    def submit(self, *, by: Actor, today: date) -> None:
        """Hand the budget in for approval (F-03)."""
        self._advance("submit", by)
        self.submitted_on = today
        self.prepared_by = by.subject
        self.return_reason = None
        self._handled(by)

    def follow(self, approval: Approval) -> None:
        """Show the chain and the rolling sum of the approval that was asked for."""
        self.rolling_amount, self.chain = approval.rolling_amount, approval.chain

    def approve(self, approval: Approval, *, by: Actor) -> BudgetApproved | None:
        """Take in a signature that was just given; the last one approves the budget."""
        self._advance("approve", by)
        self.follow(approval)
        if not approval.is_complete:
            return None
        self._advance("complete", FUNDING)
        return BudgetApproved(self.fund, self.id, self.session, self.amount)

    def give_back(self, reason: str, *, by: Actor) -> None:
        """Return the budget to its preparer; its signatures are void."""
        self._advance("return", by)
        self.chain, self.submitted_on, self.rolling_amount = [], None, 0
        self.return_reason = reason

    def allocated(self) -> BudgetAllocated:
        """What is told when the session has the money."""
        return BudgetAllocated(
            self.fund, self.id, self.session, self.amount,
            tuple((each.source, each.amount) for each in self.contributions),
            tuple((each.category, each.amount) for each in self.lines),
        )  # fmt: skip

    def allocate(self, *, by: Actor) -> None:
        """Hand the approved money to the session (F-02)."""
        self._advance("allocate", by)

    def close(self, *, by: Actor) -> None:
        """End the budget; what its session did not use goes back to the sources."""
        self._advance("close", by)

    def approval_entry(self, *, id: UUID, on: date, by: Actor) -> Entry:
        """From the sources' grants to the approved categories."""
        return self._entry(
            EntryKind.BUDGETED,
            [
                *((Account(self.fund, AccountKind.GRANTED, c.source, None), -c.amount) for c in self.contributions),
                *((Account(self.fund, AccountKind.UNALLOCATED, "", x.category), x.amount) for x in self.lines),
            ],
            id=id,
            on=on,
            by=by,
        )

    def allocation_entry(self, *, id: UUID, on: date, by: Actor) -> Entry:
        """From the approved categories to the session."""
        lines = self.lines
        return self._entry(
            EntryKind.ALLOCATED,
            [
                *((Account(self.fund, AccountKind.UNALLOCATED, "", line.category), -line.amount) for line in lines),
                *((self.available(line.category), line.amount) for line in lines),
            ],
            id=id,
            on=on,
            by=by,
        )

    def available(self, category: str) -> Account:
        """The account of the session's free money for a category."""
        return Account(self.fund, AccountKind.AVAILABLE, self.session, category)

    def _handled(self, by: Actor) -> None:
        self.handlers = list(dict.fromkeys([*self.handlers, self.prepared_by, by.subject]))

    def _entry(self, kind: EntryKind, moves: list[tuple[Account, int]], *, id: UUID, on: date, by: Actor) -> Entry:
        key = f"budget:{self.id}:{kind}"
        return Entry(
            id=id,
            fund=self.fund,
            kind=kind,
            source_key=key,
            booked_on=on,
            postings=gather(moves),
            posted_by=by.subject,
            session=self.session,
        )
