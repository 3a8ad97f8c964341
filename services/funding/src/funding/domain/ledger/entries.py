"""Entries: what happened to the money, for ever; a correction is a new entry that names the one it reverses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from funding.domain.ledger.accounts import Account


class EntryKind(StrEnum):
    """What an entry records."""

    GRANTED = "granted"
    BUDGETED = "budgeted"
    ALLOCATED = "allocated"
    REALLOCATED = "reallocated"
    RESERVED = "reserved"
    COMMITTED = "committed"
    RECOMPUTED = "recomputed"
    RELEASED = "released"
    INSTRUCTED = "instructed"
    PAID = "paid"
    REJECTED = "rejected"
    CLAWBACK_DUE = "clawback_due"
    CLAWED_BACK = "clawed_back"
    WAIVED = "waived"
    RETURNED = "returned"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry: fen into (positive, debit) or out of (negative, credit) an account."""

    account: Account
    amount: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal entry.

    Attributes:
        id: its id.
        fund: the one fund it touches.
        kind: what it records.
        source_key: event or command id and kind; unique for ever, so that nothing is booked twice.
        booked_on: day of the books.
        postings: at least two, sum zero, one per account.
        posted_by: account of the person, or ``system:funding``.
        participation: whose money, or None.
        reverses: id of the entry this one undoes, or None.
        memo: document number or reason, a code or short text without personal data.
        session: code of the session it belongs to, or None for the fund as a whole.
        subject: the instalment or claim it is about, or None; one subject is paid once (rule 4 of funding.md).
        payee: code of the organisation that is paid or pays back, or None.
    """

    id: UUID
    fund: UUID
    kind: EntryKind
    source_key: str
    booked_on: date
    postings: tuple[Posting, ...]
    posted_by: str
    participation: UUID | None = None
    reverses: UUID | None = None
    memo: str | None = None
    session: str | None = None
    subject: UUID | None = None
    payee: str | None = None

    def __post_init__(self) -> None:
        if len(self.postings) < 2:
            raise ValueError("an entry has at least two postings")
        if any(type(posting.amount) is not int or posting.amount == 0 for posting in self.postings):
            raise ValueError("a posting is a whole number of fen and never zero")
        if sum(posting.amount for posting in self.postings) != 0:
            raise ValueError("the postings of an entry sum to zero")
        if {posting.account.fund for posting in self.postings} != {self.fund}:
            raise ValueError("an entry touches exactly one fund (F-05)")
        if len({posting.account for posting in self.postings}) != len(self.postings):
            raise ValueError("an entry posts once to an account")

    @property
    def period(self) -> str:
        """The accounting month, ``2024-07``."""
        return period_of(self.booked_on)

    def reversal(self, **members: Any) -> Entry:
        """The entry that undoes this one; ``members`` give id, source_key, booked_on, posted_by and memo."""
        undone = tuple(Posting(posting.account, -posting.amount) for posting in self.postings)
        return Entry(
            fund=self.fund,
            kind=EntryKind.REVERSED,
            postings=undone,
            participation=self.participation,
            reverses=self.id,
            session=self.session,
            subject=self.subject,
            payee=self.payee,
            **members,
        )


def period_of(day: date) -> str:
    """The accounting month of a day, ``2024-07``."""
    return f"{day:%Y-%m}"


def postings(*moves: tuple[Account, int]) -> tuple[Posting, ...]:
    """Postings of several moves; moves on one account are added up and what comes to nothing is left out."""
    return gather(moves)


def gather(moves: Iterable[tuple[Account, int]]) -> tuple[Posting, ...]:
    """Like ``postings`` for any iterable of (account, fen)."""
    totals: dict[Account, int] = defaultdict(int)
    for account, amount in moves:
        totals[account] += amount
    return tuple(Posting(account, amount) for account, amount in totals.items() if amount)
