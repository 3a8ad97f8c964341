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
from funding.domain.payments.disbursement import Disbursement, PaymentLine
from funding.domain.payments.instalment import Instalment
from funding.domain.payments.returns import Discrepancy, FileMark, ReturnFile, ReturnLine
from funding.usecases.approvals.ask import withdraw_approvals
from funding.usecases.participations.keep_position import keep_positions
from funding.usecases.ports import FundingWork


@dataclass(frozen=True, slots=True)
class Booked:
    """What this call did: how many lines said what, the batch, and the file as it was taken in, now or before."""

    disbursement: Disbursement
    paid: int
    rejected: int
    unchanged: int
    discrepancies: int = 0
    file: ReturnFile | None = None


async def book_return(
    work: FundingWork, disbursement_id: UUID, returned: Sequence[ReturnLine], mark: FileMark | None = None
) -> Booked:
    """Book payments and rejections; a wrong file posts nothing (F-04).

    A file that came before changes nothing; ``mark`` recognises it by its hash. A line that contradicts what was booked
    becomes a discrepancy for a person to look into, and is never booked. A frozen fund still takes a file: it says what
    the treasury did, not what it should do.

    Raises:
        NotFound, StaleVersion, RuleViolated (``return-file-wrong``).
    """
    batch = await work.disbursements.get(disbursement_id, target=True)
    if mark is not None and (before := await work.return_files.find(disbursement=batch.id, sha256=mark.sha256)):
        return Booked(batch, 0, 0, len(returned), file=before)
    found = batch.sort_out(returned, work.today, mark)
    noted = await _note(work, batch, found.contradictions)
    spoken = await _book_lines(work, batch, found.fresh) if found.fresh else []
    paid = sum(line.outcome == "paid" for line in spoken)
    rejected = len(spoken) - paid
    file = None
    if mark is not None:
        file = ReturnFile(
            id=work.new_id(),
            disbursement=batch.id,
            sha256=mark.sha256,
            lines=len(returned),
            paid=paid,
            rejected=rejected,
            unchanged=len(returned) - len(spoken) - len(found.contradictions),
            discrepancies=len(found.contradictions),
            taken_by=work.actor.subject,
            taken_on=work.today,
        )
        work.return_files.add(file)
    return Booked(batch, paid, rejected, len(returned) - len(spoken) - len(found.contradictions), noted, file)


async def _note(
    work: FundingWork, batch: Disbursement, contradictions: Sequence[tuple[PaymentLine, ReturnLine]]
) -> int:
    """Keep every contradiction once, whatever file repeats it; gives how many the file holds."""
    if not contradictions:
        return 0
    known = {
        (each.reference, each.said_outcome, each.said_on)
        for each in await work.discrepancies.list(disbursement=batch.id)
    }
    for sent, said in contradictions:
        if (said.reference, said.outcome, said.on) in known or sent.outcome is None or sent.on is None:
            continue
        made = Discrepancy(
            id=work.new_id(),
            disbursement=batch.id,
            reference=said.reference,
            booked_outcome=sent.outcome,
            booked_on=sent.on,
            said_outcome=said.outcome,
            said_on=said.on,
            reason=said.reason,
            taken_by=work.actor.subject,
            noted_on=work.today,
        )
        work.discrepancies.add(made)
        work.note("disbursement.discrepancy", "discrepancy", str(made.id), reference=said.reference)
    return len(contradictions)


async def _book_lines(work: FundingWork, batch: Disbursement, fresh: Sequence[ReturnLine]) -> list[PaymentLine]:
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
    return spoken


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
