"""Shapes of participations, instalments and disbursements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from funding.adapters.http.shapes.common import CategoryAmount, Money, MoneyIn, Reference, SessionCode, money, parts_of
from funding.adapters.http.shapes.ledger import EntryOut
from funding.domain.disbursement import Disbursement, PaymentLine, ReturnLine
from funding.domain.instalment import Instalment
from funding.domain.participation import Participation
from funding.usecases.payments.book_return import Booked
from funding.usecases.payments.sign import Choice
from shared.http.resources import Body, CodeText, Resource
from shared.kernel.actor import Actor


class Choose(Body):
    """Which instalments: all of a session (and milestone) in the right state, or those named."""

    session: SessionCode | None = None
    milestone: CodeText | None = None
    instalments: list[UUID] | None = Field(default=None, min_length=1, max_length=5000)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.session is None) == (self.instalments is None):
            raise ValueError("give either session or instalments")
        if self.milestone is not None and self.session is None:
            raise ValueError("milestone narrows a session")
        return self

    def choice(self) -> Choice:
        """For the use case."""
        return Choice(self.session, self.milestone, tuple(self.instalments or ()))


class RaiseDue(Body):
    """Which dated instalments; all when no session is given."""

    session: SessionCode | None = None


class RecoveryBody(Body):
    """Money of one instalment that came back."""

    instalment: UUID
    amount: MoneyIn
    recovered_on: date
    reference: Reference


class Recover(Body):
    """Money that came back."""

    lines: list[RecoveryBody] = Field(min_length=1, max_length=5000)


class Instruct(Body):
    """What is to be paid: everything approved of a session (and milestone)."""

    session: SessionCode
    milestone: CodeText | None = None


class ReturnLineBody(Body):
    """The treasury's word on one reference."""

    reference: Reference
    outcome: Literal["paid", "rejected"]
    on: date
    reason: CodeText | None = None


class ReturnFile(Body):
    """The treasury's return file."""

    lines: list[ReturnLineBody] = Field(min_length=1, max_length=20000)

    def returned(self) -> list[ReturnLine]:
        """For the use case."""
        return [ReturnLine(line.reference, line.outcome, line.on, line.reason) for line in self.lines]


class InstalmentOut(Resource):
    """An instalment."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    participation: UUID
    session: str
    fund: UUID
    milestone: str
    sequence: int
    revision: int
    amount: Money
    parts: list[CategoryAmount]
    payee: str
    payee_kind: str
    due_on: date | None
    paid_on: date | None
    prepared_by: str | None
    approved_by: str | None
    reference: str | None
    clawback: Money | None
    clawed_back: Money | None

    @classmethod
    def of(cls, each: Instalment, actor: Actor) -> InstalmentOut:
        """The representation; ``clawback`` is what is still to come back."""
        owed, back = sum(each.outstanding.values()), sum(each.recovered.values())
        return cls(
            id=each.id,
            version=each.version,
            state=each.state,
            allowed_actions=each.allowed_actions(actor),
            participation=each.participation,
            session=each.session,
            fund=each.fund,
            milestone=each.milestone,
            sequence=each.sequence,
            revision=each.revision,
            amount=money(each.amount),
            parts=parts_of(each.parts),
            payee=each.payee,
            payee_kind=each.payee_kind,
            due_on=each.due_on,
            paid_on=each.paid_on,
            prepared_by=each.prepared_by,
            approved_by=each.approved_by,
            reference=each.reference,
            clawback=money(owed) if owed else None,
            clawed_back=money(back) if back else None,
        )


class BulkOut(Resource):
    """What a command on many instalments did."""

    count: int
    amount: Money
    items: list[InstalmentOut]

    @classmethod
    def of(cls, done: Sequence[Instalment], actor: Actor) -> BulkOut:
        """The representation."""
        items = [InstalmentOut.of(each, actor) for each in done]
        return cls(count=len(items), amount=money(sum(each.amount for each in done)), items=items)


class PaymentLineOut(Resource):
    """One payment of a batch."""

    reference: str
    instalment: UUID
    participation: UUID
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


class ReturnOut(Resource):
    """What a return file said."""

    paid: int
    rejected: int
    unchanged: int
    disbursement: DisbursementOut

    @classmethod
    def of(cls, booked: Booked, actor: Actor) -> ReturnOut:
        """The representation."""
        return cls(
            paid=booked.paid,
            rejected=booked.rejected,
            unchanged=booked.unchanged,
            disbursement=DisbursementOut.of(booked.disbursement, actor),
        )


class ParticipationOut(Resource):
    """The money of a participation."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    fund: UUID | None
    session: str | None
    programme: str | None
    batch: str | None
    host: str | None
    sending_unit: str | None
    policy_version: str | None
    entitled: Money
    reserved: Money
    committed: Money
    instructed: Money
    paid: Money
    clawback_due: Money
    clawed_back: Money
    lacking: Money
    settled_on: date | None

    @classmethod
    def of(
        cls, each: Participation, actor: Actor, *, committed: int, instructed: int, receivable: int
    ) -> ParticipationOut:
        """The representation; balances in fen from the ledger."""
        return cls(
            id=each.id,
            version=each.version,
            state=each.state,
            allowed_actions=each.allowed_actions(actor),
            fund=each.fund,
            session=each.session,
            programme=each.programme,
            batch=each.batch,
            host=each.host,
            sending_unit=each.sending_unit,
            policy_version=each.policy_version,
            entitled=money(each.entitled),
            reserved=money(sum(each.reserved.values())),
            committed=money(committed),
            instructed=money(instructed),
            paid=money(each.paid),
            clawback_due=money(receivable),
            clawed_back=money(each.clawed_back),
            lacking=money(each.lacking),
            settled_on=each.settled_on,
        )


class ParticipationDetail(ParticipationOut):
    """The money of a participation with its instalments and every entry of the ledger."""

    instalments: list[InstalmentOut]
    entries: list[EntryOut]
