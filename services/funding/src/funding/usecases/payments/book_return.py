"""Book what the treasury says of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.claims.booking import entry as claim_entry
from funding.domain.claims.claim import Claim
from funding.domain.ledger.accounts import AccountKind
from funding.domain.ledger.entries import Entry, EntryKind, gather
from funding.domain.participation import Participation
from funding.domain.payments.disbursement import Disbursement, PaymentLine, ReturnLine
from funding.domain.payments.instalment import Instalment
from funding.usecases.approvals.ask import withdraw_approvals
from funding.usecases.participations.keep_position import keep_positions
from funding.usecases.ports import FundingWork


@dataclass(frozen=True, slots=True)
class Booked:
    """How many lines of a return file said what, and the batch."""

    disbursement: Disbursement
    paid: int
    rejected: int
    unchanged: int


async def book_return(work: FundingWork, disbursement_id: UUID, returned: Sequence[ReturnLine]) -> Booked:
    """Book payments and rejections; the same file again changes nothing, a wrong one posts nothing (F-04).

    A frozen fund still takes it: the file says what the treasury did, not what it should do.

    Raises:
        NotFound, StaleVersion, RuleViolated (``return-file-wrong``), Conflict (``already-returned``).
    """
    batch = await work.disbursements.get(disbursement_id, target=True)
    fresh = batch.sort_out(returned, work.today)
    if not fresh:
        return Booked(batch, 0, 0, len(returned))
    spoken = batch.take(fresh, work.actor)
    participations = await work.participations.get_many(
        _named(line.participation for line in spoken if line.instalment)
    )
    concerned = {each.id: each for each in participations}
    instalments = {each.id: each for each in await work.instalments.get_many(_named(x.instalment for x in spoken))}
    claims = {each.id: each for each in await work.claims.get_many(_named(line.claim for line in spoken))}
    entries: list[Entry] = []
    for line in spoken:
        if line.claim is not None:
            entries.append(_book_claim(work, line, claims[line.claim]))
        elif line.instalment is not None and line.participation is not None:
            entries.append(_book(work, line, instalments[line.instalment], concerned[line.participation]))
    rejected = [line.instalment for line in spoken if line.outcome == "rejected" and line.instalment is not None]
    await withdraw_approvals(work, ApprovalKind.PAYMENT, rejected)
    await work.books.post(entries)
    await keep_positions(work, participations, cause=f"{batch.id}:{len(batch.lines) - _unspoken(batch)}")
    paid = sum(line.outcome == "paid" for line in spoken)
    return Booked(batch, paid, len(spoken) - paid, len(returned) - len(spoken))


def _named(ids: Iterable[UUID | None]) -> list[UUID]:
    return list(dict.fromkeys(id for id in ids if id is not None))


def _book_claim(work: FundingWork, line: PaymentLine, claim: Claim) -> Entry:
    if line.outcome == "paid":
        work.announce(claim.pay(work.actor, line.on or work.today))
        kind, key = EntryKind.PAID, ""
    else:
        claim.reject(work.actor)
        kind, key = EntryKind.REJECTED, line.reference
    return claim_entry(
        claim, kind, id=work.new_id(), on=work.today, by=work.actor.subject, key=key, memo=line.reference
    )


def _book(work: FundingWork, line: PaymentLine, instalment: Instalment, whose: Participation) -> Entry:
    on = line.on or work.today
    if line.outcome == "paid":
        work.announce(instalment.pay(work.actor, on))
        whose.paid += instalment.amount
        kind, target = EntryKind.PAID, AccountKind.DISBURSED
    else:
        work.announce(instalment.reject(work.actor, on))
        kind, target = EntryKind.REJECTED, AccountKind.COMMITTED
    key = f"instalment:{instalment.id}:paid" if kind is EntryKind.PAID else f"payment:{line.reference}:rejected"
    return Entry(
        id=work.new_id(),
        fund=instalment.fund,
        kind=kind,
        source_key=key,
        booked_on=work.today,
        postings=gather(instalment.move(AccountKind.IN_TRANSIT, target, instalment.parts)),
        posted_by=work.actor.subject,
        participation=instalment.participation,
        session=instalment.session,
        subject=instalment.id,
        payee=instalment.payee,
        memo=line.reference,
    )


def _unspoken(batch: Disbursement) -> int:
    return sum(line.outcome is None for line in batch.lines)
