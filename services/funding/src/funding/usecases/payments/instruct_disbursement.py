"""Hand approved instalments and claims to the treasury."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from funding.domain.budgets.fund import Fund
from funding.domain.claims.booking import entry as claim_entry
from funding.domain.claims.claim import Claim
from funding.domain.claims.states import GRANTED
from funding.domain.ledger.accounts import AccountKind
from funding.domain.ledger.entries import Entry, EntryKind, gather
from funding.domain.payments.disbursement import Disbursement, PaymentLine, claim_payment_line, payment_line
from funding.domain.payments.instalment import Instalment, InstalmentState
from funding.usecases.freezing.free_payments import Payment, free_payments
from funding.usecases.payments.sign import each_of
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Conflict

What = Literal["all", "instalments", "claims"]


async def instruct_disbursement(
    work: FundingWork, session: str, milestone: str | None, what: What = "all"
) -> Disbursement:
    """Instruct everything approved of a session in one batch: instalments (of a milestone) and claims (F-04).

    Raises:
        Conflict: ``nothing-to-do``, ``fund-frozen``, ``frozen``; of a session, what is frozen waits (F-07).
        Forbidden: ``same-person`` for who prepared or approved any of them (F-01).
    """
    instalments = [] if what == "claims" else await _instalments(work, session, milestone)
    claims = [] if what == "instalments" or milestone else await _claims(work, session)
    if not instalments and not claims:
        raise Conflict("nothing-to-do", f"Nothing of '{session}' is approved.", state="approved")
    fund = await _fund(work, {*(each.fund for each in instalments), *(each.fund for each in claims)})
    payments: list[Payment] = [*instalments, *claims]
    free = {each.id for each in await free_payments(work, payments)}
    instalments = [each for each in instalments if each.id in free]
    claims = [each for each in claims if each.id in free]
    number = f"{fund.code}-{await work.disbursements.count(fund=fund.id) + 1:05d}"
    lines: list[PaymentLine] = []
    places = {each.id: nth for nth, each in enumerate((*instalments, *claims), start=1)}
    each_of(instalments, lambda each: lines.append(payment_line(number, places[each.id], each, work.actor)))
    each_of(claims, lambda each: lines.append(claim_payment_line(number, places[each.id], each, work.actor)), "claim")
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
    await work.books.post([*(_entry(work, each) for each in instalments), *(_claimed(work, each) for each in claims)])
    return batch


async def _instalments(work: FundingWork, session: str, milestone: str | None) -> list[Instalment]:
    named = {"session": session} | ({"milestone": milestone} if milestone else {})
    return await work.instalments.list(state=InstalmentState.APPROVED, **named)


async def _claims(work: FundingWork, session: str) -> list[Claim]:
    found = await work.claims.list(session=session, state=GRANTED)
    return [each for each in found if each.frozen_by is None]


async def _fund(work: FundingWork, funds: set[UUID]) -> Fund:
    """The one fund that pays for a session, when it is not frozen."""
    (found,) = [await work.funds.get(fund) for fund in sorted(funds)]
    found.require_active()
    return found


def _claimed(work: FundingWork, each: Claim) -> Entry:
    return claim_entry(
        each,
        EntryKind.INSTRUCTED,
        id=work.new_id(),
        on=work.today,
        by=work.actor.subject,
        key=str(each.attempts),
    )


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
        session=each.session,
        subject=each.id,
        payee=each.payee,
        memo=each.reference,
    )
