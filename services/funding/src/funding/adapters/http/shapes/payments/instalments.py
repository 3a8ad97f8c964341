"""Shapes of instalments and of commands on many of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from funding.adapters.http.shapes.common import CategoryAmount, Money, MoneyIn, Reference, SessionCode, money, parts_of
from funding.domain.payments.instalment import Instalment
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
    waived: Money | None
    clawback_due_on: date | None
    write_off_asked: UUID | None
    write_off_why: str | None

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
            waived=money(sum(each.waived.values())) if each.waived else None,
            clawback_due_on=each.clawback_due_on,
            write_off_asked=each.write_off_asked,
            write_off_why=each.write_off_why,
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
