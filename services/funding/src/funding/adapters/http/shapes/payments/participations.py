"""Shapes of the money of participations."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from funding.adapters.http.shapes.books.ledger import LedgerEntryOut
from funding.adapters.http.shapes.common import Money, money
from funding.adapters.http.shapes.payments.instalments import InstalmentOut
from funding.domain.participation import Participation
from shared.http.resources import Resource
from shared.kernel.actor import Actor


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
    entries: list[LedgerEntryOut]
