"""Instalment: one payment of a plan, from its milestone to the treasury's word and, where needed, back (F-04)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from funding.domain.facts import InstalmentDue, InstalmentPaid
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.payments.clawback import divide
from funding.domain.policy import PayeeKind
from funding.domain.roles import APPROVER, BOOKS, FUNDING, PREPARER, TREASURER
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict, Forbidden


class InstalmentState(StrEnum):
    """How far a payment has come."""

    PLANNED = "planned"
    DUE = "due"
    PREPARED = "prepared"
    APPROVED = "approved"
    INSTRUCTED = "instructed"
    PAID = "paid"
    AWAITING_CLAWBACK = "awaiting_clawback"
    CLAWED_BACK = "clawed_back"
    VOID = "void"


I = InstalmentState  # noqa: E741 - the table below reads as a table
OPEN_STATES = (I.PLANNED, I.DUE, I.PREPARED, I.APPROVED)
"""Nothing has left the fund; amount, payee and fate may still change."""
SIGNED_STATES = (I.PREPARED, I.APPROVED)
"""Somebody has put it forward; it counts to the rolling sum of its payee (F-03)."""
PAID_STATES = (I.PAID, I.AWAITING_CLAWBACK, I.CLAWED_BACK)
INSTALMENT: Lifecycle[InstalmentState] = Lifecycle(
    "instalment",
    initial=I.PLANNED,
    transitions=[
        Transition("fall_due", I.PLANNED, I.DUE, BOOKS),
        Transition("prepare", I.DUE, I.PREPARED, PREPARER),
        Transition("approve", I.PREPARED, I.APPROVED, APPROVER),
        *arrows("revise", (I.PREPARED, I.APPROVED), I.DUE, BOOKS),
        Transition("instruct", I.APPROVED, I.INSTRUCTED, TREASURER),
        Transition("pay", I.INSTRUCTED, I.PAID, TREASURER),
        Transition("reject", I.INSTRUCTED, I.DUE, TREASURER),
        *arrows("claim_back", (I.PAID, I.CLAWED_BACK), I.AWAITING_CLAWBACK, BOOKS),
        Transition("waive", I.AWAITING_CLAWBACK, I.PAID, BOOKS),
        Transition("recover", I.AWAITING_CLAWBACK, I.CLAWED_BACK, TREASURER),
        Transition("recover_part", I.AWAITING_CLAWBACK, I.AWAITING_CLAWBACK, TREASURER),
        Transition("ask_write_off", I.AWAITING_CLAWBACK, I.AWAITING_CLAWBACK, PREPARER),
        *arrows("void", OPEN_STATES, I.VOID, BOOKS),
    ],
)


@dataclass(kw_only=True)
class Instalment(Aggregate):
    """One instalment; amounts in fen.

    Attributes:
        participation: whose money.
        session: code of the session.
        fund: the fund.
        milestone: code of the milestone.
        sequence: place in the plan, from 1.
        revision: 1, or more when an earlier instalment of this place was voided or is paid and more became owed.
        parts: fen by category.
        payee: organisation that receives it.
        payee_kind: what the payee is to the person.
        due_on: when it fell or will fall due; None while the milestone has no date.
        prepared_by: account of the preparer.
        approved_by: account of the last approver, who is another person (F-01).
        approvers: accounts of all who stand behind its approval, delegators included.
        instructed_by: account of the treasurer, who is yet another person (F-01).
        attempts: how often it was instructed; part of the payment reference.
        reference: reference of the last instruction.
        paid_on: the treasury's date.
        clawback: fen by category that must come back, in all.
        recovered: fen by category that came back.
        recovered_on: the day of the last recovery.
        waived: fen by category that were given up and stay where they were paid.
        clawback_due_on: the day by which it must be back, days of grace counted; None while nothing is outstanding.
        write_off_asked: id under which approval is asked to give up what is outstanding, or None.
        write_off_why: why, or None.
    """

    lifecycle: ClassVar[Lifecycle[InstalmentState]] = INSTALMENT

    participation: UUID
    session: str
    fund: UUID
    milestone: str
    sequence: int
    revision: int
    parts: dict[str, int]
    payee: str
    payee_kind: PayeeKind
    due_on: date | None = None
    prepared_by: str | None = None
    approved_by: str | None = None
    approvers: list[str] = field(default_factory=list)
    instructed_by: str | None = None
    attempts: int = 0
    reference: str | None = None
    paid_on: date | None = None
    clawback: dict[str, int] = field(default_factory=dict)
    recovered: dict[str, int] = field(default_factory=dict)
    recovered_on: date | None = None
    waived: dict[str, int] = field(default_factory=dict)
    clawback_due_on: date | None = None
    write_off_asked: UUID | None = None
    write_off_why: str | None = None
    state: InstalmentState = field(default=InstalmentState.PLANNED)

    @property
    def amount(self) -> int:
        """Fen of all parts."""
        return sum(self.parts.values())

    @property
    def is_open(self) -> bool:
        """True while nothing has left the fund."""
        return self.state in OPEN_STATES

    @property
    def was_paid(self) -> bool:
        """True when the treasury paid it, whatever came back since."""
        return self.state in PAID_STATES

    @property
    def kept(self) -> dict[str, int]:
        """Fen by category that were paid, or will be, and did not come back."""
        return {category: amount - self.recovered.get(category, 0) for category, amount in self.parts.items()}

    @property
    def outstanding(self) -> dict[str, int]:
        """Fen by category that are still to come back."""
        rest = {
            category: owed - self.recovered.get(category, 0) - self.waived.get(category, 0)
            for category, owed in self.clawback.items()
        }
        return {category: amount for category, amount in rest.items() if amount > 0}

    def fall_due(self, on: date) -> InstalmentDue:
        """Its milestone was reached."""
        self._advance("fall_due", FUNDING)
        self.due_on = on
        return self._due(on)

    def revise(self, parts: dict[str, int], payee: str) -> InstalmentDue | None:
        """Take a recomputed amount or payee; whoever signed the old one has to sign again. Says so when it is due."""
        self.parts, self.payee = parts, payee
        if self.state in SIGNED_STATES:
            self._advance("revise", FUNDING)
            self._unsign()
        return self._due(self.due_on) if self.state is I.DUE and self.due_on else None

    def prepare(self, by: Actor) -> None:
        """Put it forward for payment."""
        self._advance("prepare", by)
        self.prepared_by = by.subject

    def approve(self, by: Actor, approvers: list[str]) -> None:
        """The last signature of its chain was given. Raises ``Forbidden``: ``same-person`` for its preparer (F-01)."""
        self._advance("approve", by)
        if self.prepared_by in (by.subject, *approvers):
            raise Forbidden("same-person", "Who prepared a payment does not approve it.", rule="F-01")
        self.approved_by, self.approvers = by.subject, approvers

    def instruct(self, by: Actor, reference: str) -> None:
        """Hand it to the treasury. Raises ``Forbidden``: ``same-person`` for its preparer or approver (F-01)."""
        self._advance("instruct", by)
        if by.subject in (self.prepared_by, self.approved_by, *self.approvers):
            raise Forbidden("same-person", "Who prepared or approved a payment does not pay it.", rule="F-01")
        self.attempts += 1
        self.reference, self.instructed_by = reference, by.subject

    def pay(self, by: Actor, on: date) -> InstalmentPaid:
        """The treasury has paid it."""
        self._advance("pay", by)
        self.paid_on = on
        return InstalmentPaid(self.participation, self.id, self.milestone, self.amount, on)

    def reject(self, by: Actor, on: date) -> InstalmentDue:
        """The treasury could not pay it: it is due again and is signed again."""
        self._advance("reject", by)
        self._unsign()
        self.due_on = self.due_on or on
        return self._due(self.due_on)

    def owe_back(self, parts: dict[str, int]) -> int:
        """State what must come back in all, what did included; gives the change of what is outstanding, in fen."""
        before = sum(self.outstanding.values())
        self.clawback = {category: amount for category, amount in parts.items() if amount}
        after = sum(self.outstanding.values())
        if after and self.state in (I.PAID, I.CLAWED_BACK):
            self._advance("claim_back", FUNDING)
        elif not after and self.state is I.AWAITING_CLAWBACK:
            self._advance("waive", FUNDING)
            self.clawback_due_on = None
        return after - before

    def recover(self, by: Actor, on: date, amount: int) -> dict[str, int]:
        """``amount`` fen of what is outstanding came back, over the categories in proportion; gives it by category."""
        outstanding = self.outstanding
        whole = amount == sum(outstanding.values())
        self._advance("recover" if whole else "recover_part", by)
        parts = divide(amount, outstanding)
        self.recovered = {c: self.recovered.get(c, 0) + parts.get(c, 0) for c in {*self.recovered, *parts}}
        self.recovered_on = on
        if whole:
            self.clawback_due_on = None
        return parts

    def ask_write_off(self, subject: UUID, reason: str, *, by: Actor) -> dict[str, int]:
        """Ask to give up what is outstanding, fen by category. Raises ``Conflict``: ``wrong-state``, ``write-off-asked``."""
        self._advance("ask_write_off", by)
        if self.write_off_asked is not None:
            raise Conflict("write-off-asked", "It is asked already; sign it or drop it.")
        self.write_off_asked, self.write_off_why = subject, reason
        return self.outstanding

    def drop_write_off(self) -> None:
        """Claim it back after all."""
        self.write_off_asked = self.write_off_why = None

    def write_off(self) -> dict[str, int]:
        """Give up what is outstanding; gives it by category."""
        parts = self.outstanding
        self._advance("waive", FUNDING)
        self.waived = {c: self.waived.get(c, 0) + parts.get(c, 0) for c in {*self.waived, *parts}}
        self.clawback_due_on = self.write_off_asked = None
        return parts

    def void(self) -> None:
        """It will not be paid."""
        self._advance("void", FUNDING)

    def account(self, kind: AccountKind, category: str) -> Account:
        """The person's account of a kind for a category; money in transit is kept by person too."""
        return Account(self.fund, kind, str(self.participation), category)

    def move(self, source: AccountKind, target: AccountKind, parts: dict[str, int]) -> list[tuple[Account, int]]:
        """Moves of ``parts`` between two of the person's accounts."""
        return [
            move
            for category, amount in parts.items()
            for move in ((self.account(source, category), -amount), (self.account(target, category), amount))
        ]

    def _unsign(self) -> None:
        self.prepared_by = self.approved_by = self.instructed_by = None
        self.approvers = []

    def _due(self, on: date) -> InstalmentDue:
        return InstalmentDue(self.participation, self.id, self.milestone, self.amount, on)
