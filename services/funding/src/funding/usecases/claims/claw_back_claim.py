"""Ask money of a paid claim back, and book what comes."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from funding.domain.claims.booking import entry
from funding.domain.claims.claim import Claim
from funding.domain.ledger.entries import EntryKind
from funding.usecases.claims.draft_claim import held
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import RuleViolated


async def claw_back_claim(work: FundingWork, claim_id: UUID, amount: int, reason: str) -> Claim:
    """Ask ``amount`` fen back, within the days of grace of the policy (F-04).

    Raises:
        NotFound, StaleVersion, Conflict (``wrong-state``), Forbidden (``same-person``), RuleViolated (``wrong-amount``).
    """
    claim = await held(work, claim_id)
    policy = await work.policy(claim.programme, claim.policy_version)
    due_on = work.today + timedelta(policy.clawback.grace_days)
    parts = claim.claim_back(amount, reason, due_on, by=work.actor)
    total = str(sum(claim.clawback.values()))
    made = entry(
        claim, EntryKind.CLAWBACK_DUE, id=work.new_id(), on=work.today, by=work.actor.subject, parts=parts, key=total
    )
    await work.books.post([made])
    return claim


async def recover_claim(work: FundingWork, claim_id: UUID, amount: int, on: date, reference: str) -> Claim:
    """Book that ``amount`` fen came back, whole or in part; a document number counts once for a claim.

    Raises:
        NotFound, StaleVersion, Conflict (``wrong-state``, ``already-posted``), RuleViolated (``wrong-amount``,
        ``impossible-date``).
    """
    claim = await held(work, claim_id)
    if on > work.today:
        raise RuleViolated("impossible-date", "The day is still to come.", rule="F-04")
    parts = claim.recover(amount, by=work.actor)
    made = entry(
        claim,
        EntryKind.CLAWED_BACK,
        id=work.new_id(),
        on=work.today,
        by=work.actor.subject,
        parts=parts,
        key=reference,
        memo=reference,
    )
    await work.books.post([made])
    return claim
