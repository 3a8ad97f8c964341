"""Disbursement: a batch of payments handed to the treasury, and the treasury's word on each of them (F-04)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from funding.domain.claims.claim import Claim
from funding.domain.payments.instalment import Instalment
from funding.domain.payments.returns import FileMark, Outcome, ReturnLine, Sorted, sort_out
from funding.domain.roles import BOOKS, FUNDING, TREASURER
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition


class DisbursementState(StrEnum):
    """Whether the treasury has spoken on every line."""

    INSTRUCTED = "instructed"
    CONFIRMED = "confirmed"


DISBURSEMENT: Lifecycle[DisbursementState] = Lifecycle(
    "disbursement",
    initial=DisbursementState.INSTRUCTED,
    transitions=[
        Transition("book_return", DisbursementState.INSTRUCTED, DisbursementState.INSTRUCTED, TREASURER),
        Transition("complete", DisbursementState.INSTRUCTED, DisbursementState.CONFIRMED, BOOKS),
    ],
)


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment of the batch; ``reference`` names it for the treasury and is never used again. Amount in fen.

    It pays an instalment or a claim; the claim of a class or mission has no participation.
    """

    reference: str
    instalment: UUID | None
    participation: UUID | None
    payee: str
    payee_kind: str
    amount: int
    outcome: Outcome | None = None
    on: date | None = None
    reason: str | None = None
    claim: UUID | None = None
    attempt: int = 1
    """How often this instalment or claim was instructed, this time included; with it unique for ever."""


@dataclass(kw_only=True)
class Disbursement(Aggregate):
    """A batch of payments of one session.

    Attributes:
        fund: the fund.
        session: code of the session.
        number: unique number, the stem of the references.
        instructed_by: account of the treasurer.
        instructed_on: day of the instruction.
        lines: the payments.
    """

    lifecycle: ClassVar[Lifecycle[DisbursementState]] = DISBURSEMENT

    fund: UUID
    session: str
    number: str
    instructed_by: str
    instructed_on: date
    lines: list[PaymentLine]
    state: DisbursementState = field(default=DisbursementState.INSTRUCTED)

    @property
    def amount(self) -> int:
        """Fen of all lines."""
        return sum(line.amount for line in self.lines)

    def sort_out(self, returned: Sequence[ReturnLine], today: date, mark: FileMark | None = None) -> Sorted:
        """Hold a return file against the batch. Raises ``RuleViolated``: ``return-file-wrong`` with every finding."""
        return sort_out(self, returned, today, mark)

    def take(self, fresh: Sequence[ReturnLine], by: Actor) -> list[PaymentLine]:
        """Keep the treasury's word; gives the lines as they now stand. The last word confirms the batch."""
        self._advance("book_return", by)
        said = {line.reference: line for line in fresh}
        self.lines = [
            replace(line, outcome=word.outcome, on=word.on, reason=word.reason)
            if (word := said.get(line.reference)) is not None
            else line
            for line in self.lines
        ]
        if all(line.outcome is not None for line in self.lines):
            self._advance("complete", FUNDING)
        return [line for line in self.lines if line.reference in said]


def payment_line(number: str, nth: int, instalment: Instalment, by: Actor) -> PaymentLine:
    """Instruct an instalment as the ``nth`` line of the batch ``number``."""
    reference = f"{number}-{nth:04d}"
    instalment.instruct(by, reference)
    return PaymentLine(
        reference,
        instalment.id,
        instalment.participation,
        instalment.payee,
        instalment.payee_kind.value,
        instalment.amount,
        attempt=instalment.attempts,
    )


def claim_payment_line(number: str, nth: int, claim: Claim, by: Actor) -> PaymentLine:
    """Instruct a claim as the ``nth`` line of the batch ``number``."""
    reference = f"{number}-{nth:04d}"
    claim.instruct(by, reference)
    return PaymentLine(
        reference,
        None,
        claim.participation,
        claim.payee,
        claim.payee_kind,
        claim.amount,
        claim=claim.id,
        attempt=claim.attempts,
    )
