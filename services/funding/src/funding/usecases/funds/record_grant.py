"""Record money that comes in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from funding.domain.ledger.entries import Entry
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Malformed


async def record_grant(
    work: FundingWork, fund_id: UUID, *, source: str, amount: int, reference: str, granted_on: date
) -> Entry:
    """Book an appropriation of ``amount`` fen; its document number counts once per fund.

    Raises:
        Malformed: ``unknown-source``, ``not-positive``, ``in-the-future``.
        Conflict: ``fund-frozen``, ``already-posted``, ``period-closed``.
    """
    fund = await work.funds.get(fund_id)
    if granted_on > work.today:
        raise Malformed("in-the-future", "The day of the grant is still to come.", pointer="/granted_on")
    fund.require_open(work.today)
    entry = fund.grant(source, amount, reference, id=work.new_id(), on=work.today, by=work.actor)
    await work.books.post([entry])
    return entry


async def reverse_entry(work: FundingWork, entry_id: UUID, *, reason: str) -> Entry:
    """Reverse a grant that was recorded wrongly; the reversal names the original.

    Raises:
        NotFound, Forbidden (``same-person``), RuleViolated (``not-reversible``, ``overdrawn``).
        Conflict: ``already-reversed``.
    """
    original = await work.books.entry(entry_id)
    fund = await work.funds.get(original.fund)
    undone = fund.undo_grant(original, id=work.new_id(), on=work.today, by=work.actor, reason=reason)
    await work.books.post([undone])
    return undone
