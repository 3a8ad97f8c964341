"""Where the money of a claim goes in the ledger: committed, in transit, disbursed, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from funding.domain.claims.claim import Claim
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.ledger.entries import Entry, EntryKind, gather

_MOVES = {
    EntryKind.COMMITTED: (AccountKind.AVAILABLE, AccountKind.COMMITTED),
    EntryKind.RELEASED: (AccountKind.COMMITTED, AccountKind.AVAILABLE),
    EntryKind.INSTRUCTED: (AccountKind.COMMITTED, AccountKind.IN_TRANSIT),
    EntryKind.REJECTED: (AccountKind.IN_TRANSIT, AccountKind.COMMITTED),
    EntryKind.PAID: (AccountKind.IN_TRANSIT, AccountKind.DISBURSED),
    EntryKind.CLAWBACK_DUE: (AccountKind.DISBURSED, AccountKind.RECEIVABLE),
    EntryKind.CLAWED_BACK: (AccountKind.RECEIVABLE, AccountKind.AVAILABLE),
}


def account(claim: Claim, kind: AccountKind, category: str) -> Account:
    """The claim's account of a kind; what is available is the session's."""
    owner = claim.session if kind is AccountKind.AVAILABLE else str(claim.id)
    return Account(claim.fund, kind, owner, category)


def entry(
    claim: Claim,
    kind: EntryKind,
    *,
    id: UUID,
    on: date,
    by: str,
    parts: Mapping[str, int] | None = None,
    key: str = "",
    memo: str | None = None,
) -> Entry:
    """An entry that moves ``parts`` (fen by category; all that is granted when not given) of a claim.

    ``key`` tells apart what may happen more than once; what has none happens once for ever.
    """
    source, target = _MOVES[kind]
    moved = claim.parts if parts is None else parts
    moves = [
        move
        for category, amount in moved.items()
        for move in ((account(claim, source, category), -amount), (account(claim, target, category), amount))
    ]
    return Entry(
        id=id,
        fund=claim.fund,
        kind=kind,
        source_key=f"claim:{claim.id}:{kind}{key and ':' + key}",
        booked_on=on,
        postings=gather(moves),
        posted_by=by,
        participation=claim.participation,
        memo=memo or claim.reference,
        session=claim.session,
        subject=claim.id,
        payee=claim.payee,
    )
