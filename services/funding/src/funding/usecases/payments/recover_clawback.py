"""Book money that came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from funding.domain import facts
from funding.domain.ledger.accounts import Account, AccountKind
from funding.domain.ledger.entries import Entry, EntryKind, gather
from funding.domain.participation import Participation
from funding.domain.payments.instalment import Instalment
from funding.usecases.participations.keep_position import keep_positions
from funding.usecases.ports import FundingWork
from shared.kernel.money import yuan
from shared.kernel.refusals import Finding, RuleViolated


@dataclass(frozen=True, slots=True)
class Recovery:
    """The clawback of one instalment came back, whole or in part: fen, day and document number, used once each."""

    instalment: UUID
    amount: int
    on: date
    reference: str


async def recover_clawbacks(work: FundingWork, recoveries: Sequence[Recovery]) -> list[Instalment]:
    """Book recoveries, all or none, each whole or a part; the money is free for the session again.

    A document number counts once for an instalment, so that the same slip is not booked twice.

    Raises:
        NotFound, Conflict (``already-posted``).
        RuleViolated: ``recovery-wrong`` with a finding for every wrong state, amount, date or doubled line.
    """
    found = await _held(work, [each.instalment for each in recoveries])
    findings: list[Finding] = []
    entries: list[Entry] = []
    whose: dict[UUID, Participation] = {}
    seen: set[UUID] = set()
    for nth, (recovery, (instalment, holder)) in enumerate(zip(recoveries, found, strict=True)):
        wrong = _objection(recovery, instalment, work.today, seen)
        seen.add(recovery.instalment)
        if wrong is not None:
            findings.append(Finding(wrong[0], wrong[1], f"/lines/{nth}", "F-04"))
            continue
        parts = instalment.recover(work.actor, recovery.on, recovery.amount)
        holder.clawed_back += recovery.amount
        whose[holder.id] = holder
        entries.append(_entry(work, recovery, instalment, parts))
        work.announce(facts.ClawedBack(holder.id, recovery.amount, recovery.on))
    if findings:
        raise RuleViolated("recovery-wrong", "Not every line fits; nothing was booked.", findings=findings)
    await work.books.post(entries)
    await keep_positions(work, list(whose.values()), cause=str(work.new_id()))
    return [instalment for instalment, _ in found]


async def _held(work: FundingWork, ids: list[UUID]) -> list[tuple[Instalment, Participation]]:
    """The instalments and their participations, the latter locked first."""
    holders = await work.holders(ids)
    participations = {each.id: each for each in await work.participations.get_many(set(holders.values()))}
    return [(each, participations[each.participation]) for each in await work.instalments.get_many(ids)]


def _objection(recovery: Recovery, instalment: Instalment, today: date, seen: set[UUID]) -> tuple[str, str] | None:
    owed = sum(instalment.outstanding.values())
    if recovery.instalment in seen:
        return "twice", "The instalment is named twice."
    if not owed:
        return "wrong-state", "Nothing is to come back of this instalment."
    if not 0 < recovery.amount <= owed:
        return "wrong-amount", f"{yuan(owed)} yuan are to come back, at most."
    if recovery.on > today:
        return "impossible-date", "The day is still to come."
    return None


def _entry(work: FundingWork, recovery: Recovery, instalment: Instalment, parts: dict[str, int]) -> Entry:
    moves: list[tuple[Account, int]] = []
    for category, amount in parts.items():
        moves.append((instalment.account(AccountKind.RECEIVABLE, category), -amount))
        moves.append((Account(instalment.fund, AccountKind.AVAILABLE, instalment.session, category), amount))
    return Entry(
        id=work.new_id(),
        fund=instalment.fund,
        kind=EntryKind.CLAWED_BACK,
        source_key=f"instalment:{instalment.id}:clawed_back:{recovery.reference}",
        booked_on=work.today,
        postings=gather(moves),
        posted_by=work.actor.subject,
        participation=instalment.participation,
        session=instalment.session,
        subject=instalment.id,
        payee=instalment.payee,
        memo=recovery.reference,
    )
