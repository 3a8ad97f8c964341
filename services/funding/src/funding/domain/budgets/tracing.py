"""Tracing: whose money each posting of an entry moved, to the fen and in balance by source (P-09)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funding.domain.budgets.sources import divided
from funding.domain.ledger.accounts import PURPOSELESS
from funding.domain.ledger.entries import Posting


def traced(postings: Sequence[Posting], basis: Mapping[str, int]) -> list[dict[str, int]]:
    """Fen by source of each posting, signed like it; ``basis`` are the shares of the money that the entry moves.

    Accounts of a source are that source's. The others are divided by running totals of each side, so the parts of a
    posting add up to it and every source's debits equal its credits.
    """
    found: list[dict[str, int]] = []
    reached = {True: 0, False: 0}
    given: dict[bool, dict[str, int]] = {True: {}, False: {}}
    for posting in postings:
        if posting.account.kind in PURPOSELESS:
            found.append({posting.account.owner: posting.amount})
            continue
        side = posting.amount > 0
        reached[side] += abs(posting.amount)
        upto = divided(reached[side], basis) if sum(basis.values()) else {}
        parts = {code: upto.get(code, 0) - given[side].get(code, 0) for code in {*upto, *given[side]}}
        given[side] = upto
        found.append({code: part if side else -part for code, part in sorted(parts.items()) if part})
    return found
