"""Hand approved instalments to the treasury."""

from __future__ import annotations

from funding.domain.ledger.accounts import AccountKind
from funding.domain.ledger.entries import Entry, EntryKind, gather
from funding.domain.payments.disbursement import Disbursement, PaymentLine, payment_line
from funding.domain.payments.instalment import Instalment, InstalmentState
from funding.usecases.payments.sign import Choice, choose, each_of
from funding.usecases.ports import FundingWork


async def instruct_disbursement(work: FundingWork, session: str, milestone: str | None) -> Disbursement:
    """Instruct every approved instalment of a session (and milestone) in one batch (F-04).

    Raises:
        Conflict: ``nothing-to-do``, ``fund-frozen``.
        Forbidden: ``same-person`` for who prepared or approved any of them (F-01).
    """
    chosen = await choose(work, Choice(session=session, milestone=milestone), InstalmentState.APPROVED)
    fund = await work.funds.get(chosen[0].fund)
    number = f"{fund.code}-{await work.disbursements.count(fund=fund.id) + 1:05d}"
    lines: list[PaymentLine] = []
    numbered = {each.id: nth for nth, each in enumerate(chosen, start=1)}
    each_of(chosen, lambda each: lines.append(payment_line(number, numbered[each.id], each, work.actor)))
    batch = Disbursement(
        id=work.new_id(),
        fund=fund.id,
        session=session,
        number=number,
        instructed_by=work.actor.subject,
        instructed_on=work.today,
        lines=lines,
    )
    work.disbursements.add(batch)
    await work.books.post([_entry(work, each) for each in chosen])
    return batch


def _entry(work: FundingWork, each: Instalment) -> Entry:
    return Entry(
        id=work.new_id(),
        fund=each.fund,
        kind=EntryKind.INSTRUCTED,
        source_key=f"instalment:{each.id}:instructed:{each.attempts}",
        booked_on=work.today,
        postings=gather(each.move(AccountKind.COMMITTED, AccountKind.IN_TRANSIT, each.parts)),
        posted_by=work.actor.subject,
        participation=each.participation,
        memo=each.reference,
    )
