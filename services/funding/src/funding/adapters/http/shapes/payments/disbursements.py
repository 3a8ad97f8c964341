"""Shapes of disbursements and return files."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from funding.adapters.http.shapes.common import Money, MoneyIn, Reference, SessionCode, money
from funding.domain.payments.disbursement import Disbursement, PaymentLine
from funding.domain.payments.returns import ReturnLine
from shared.http.resources import Body, CodeText, Resource
from shared.kernel.actor import Actor


class Instruct(Body):
    """What is to be paid: everything approved of a session, or its instalments (of a milestone) or claims only."""

    session: SessionCode
    milestone: CodeText | None = None
    what: Literal["all", "instalments", "claims"] = "all"


class ReturnLineBody(Body):
    """The treasury's word on one reference; amount and batch are held against the instruction where they are given."""

    reference: Reference
    outcome: Literal["paid", "rejected"]
    on: date
    reason: CodeText | None = None
    amount: MoneyIn | None = None
    batch: CodeText | None = None


class ReturnFileBody(Body):
    """The treasury's return file; batch number and total are held against the instruction where they are given."""

    lines: list[ReturnLineBody] = Field(min_length=1, max_length=20000)
    batch: CodeText | None = None
    total: MoneyIn | None = None

    def returned(self) -> list[ReturnLine]:
        """For the use case."""
        return [
            ReturnLine(
                line.reference, line.outcome, line.on, line.reason, line.amount.fen if line.amount else None, line.batch
            )
            for line in self.lines
        ]


class PaymentLineOut(Resource):
    """One payment of a batch: of an instalment or of a claim; the claim of a class or mission has no participation."""

    reference: str
    instalment: UUID | None
    claim: UUID | None
    participation: UUID | None
    payee: str
    payee_kind: str
    amount: Money
    outcome: str | None
    on: date | None
    reason: str | None

    @classmethod
    def of(cls, line: PaymentLine) -> PaymentLineOut:
        """The representation."""
        return cls(
            reference=line.reference,
            instalment=line.instalment,
            claim=line.claim,
            participation=line.participation,
            payee=line.payee,
            payee_kind=line.payee_kind,
            amount=money(line.amount),
            outcome=line.outcome,
            on=line.on,
            reason=line.reason,
        )


class DisbursementOut(Resource):
    """A batch of payments."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    number: str
    session: str
    fund: UUID
    amount: Money
    count: int
    instructed_by: str
    instructed_on: date
    lines: list[PaymentLineOut]

    @classmethod
    def of(cls, batch: Disbursement, actor: Actor) -> DisbursementOut:
        """The representation."""
        return cls(
            id=batch.id,
            version=batch.version,
            state=batch.state,
            allowed_actions=batch.allowed_actions(actor),
            number=batch.number,
            session=batch.session,
            fund=batch.fund,
            amount=money(batch.amount),
            count=len(batch.lines),
            instructed_by=batch.instructed_by,
            instructed_on=batch.instructed_on,
            lines=[PaymentLineOut.of(line) for line in batch.lines],
        )
