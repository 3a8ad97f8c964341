"""Shapes of the ledger, its statement and its trial balance."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from funding.adapters.http.shapes.common import Money
from funding.domain.ledger.accounts import Account
from funding.domain.ledger.entries import Entry
from shared.http.resources import Resource
from shared.kernel.actor import Actor
from shared.kernel.money import yuan


class PostingOut(Resource):
    """One side of an entry; ``amount`` is positive into the account (debit), negative out of it (credit)."""

    account: UUID
    kind: str
    owner: str
    category: str | None
    amount: str


class LedgerEntryOut(Resource):
    """A journal entry."""

    id: UUID
    fund: UUID
    kind: str
    source_key: str
    booked_on: date
    period: str
    participation: UUID | None
    reverses: UUID | None
    posted_by: str
    memo: str | None
    session: str | None
    subject: UUID | None
    payee: str | None
    postings: list[PostingOut]

    @classmethod
    def of(cls, entry: Entry, _: Actor | None = None) -> LedgerEntryOut:
        """The representation."""
        return cls(
            id=entry.id,
            fund=entry.fund,
            kind=entry.kind,
            source_key=entry.source_key,
            booked_on=entry.booked_on,
            period=entry.period,
            participation=entry.participation,
            reverses=entry.reverses,
            posted_by=entry.posted_by,
            memo=entry.memo,
            session=entry.session,
            subject=entry.subject,
            payee=entry.payee,
            postings=[
                PostingOut(
                    account=side.account.id,
                    kind=side.account.kind,
                    owner=side.account.owner,
                    category=side.account.category,
                    amount=yuan(side.amount),
                )
                for side in entry.postings
            ],
        )


class AccountOut(Resource):
    """An account; ``balance`` is signed, negative for sources only."""

    id: UUID
    kind: str
    owner: str
    category: str | None
    balance: str

    @classmethod
    def of(cls, account: Account, balance: int) -> AccountOut:
        """The representation."""
        return cls(
            id=account.id, kind=account.kind, owner=account.owner, category=account.category, balance=yuan(balance)
        )


class AccountPostingOut(Resource):
    """One posting on an account, with the entry it belongs to."""

    entry: UUID
    kind: str
    booked_on: date
    participation: UUID | None
    source_key: str
    amount: str


class KindBalance(Resource):
    """The sum of all accounts of a kind, signed."""

    kind: str
    balance: str


class TrialBalance(Resource):
    """Proof that the books are in balance: the total is zero and every balance is the sum of its postings."""

    as_of: datetime
    balanced: bool
    total: str
    debit: Money
    credit: Money
    mismatches: int
    by_kind: list[KindBalance]


class Figures(Resource):
    """The figures of a statement."""

    approved: Money
    allocated: Money
    available: Money
    reserved: Money
    committed: Money
    instructed: Money
    disbursed: Money
    clawback_due: Money
    clawed_back: Money


class CategoryFigures(Figures):
    """The figures of an expense category."""

    category: str


class SessionFigures(Figures):
    """The figures of a session."""

    session: str


class SourceFigures(Resource):
    """What a source gave and how much of it is budgeted."""

    source: str
    granted: Money
    approved: Money
    returned: Money
    unbudgeted: Money


class StatementOut(Figures):
    """The statement of a fund; ``balance`` is everything granted that was neither disbursed nor is to come back."""

    fund: UUID
    as_of: datetime
    granted: Money
    returned: Money
    balance: Money
    by_category: list[CategoryFigures]
    by_session: list[SessionFigures]
    by_source: list[SourceFigures]
