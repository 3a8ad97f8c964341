"""Check, approve, return, refuse, revoke, freeze and thaw a claim."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.claims.booking import entry
from funding.domain.claims.claim import Claim
from funding.domain.claims.lines import Cut
from funding.domain.freezing.freeze import FreezeKind, Thing
from funding.domain.ledger.entries import EntryKind
from funding.usecases.approvals.ask import Request, ask_approvals, withdraw_approvals
from funding.usecases.approvals.sign import sign_approvals
from funding.usecases.claims.draft_claim import held
from funding.usecases.freezing.free_payments import free_payments
from funding.usecases.freezing.freeze import freeze_thing, thaw_thing
from funding.usecases.ports import FundingWork


async def check_claim(work: FundingWork, claim_id: UUID, cuts: Sequence[Cut]) -> Claim:
    """Confirm the documents of a claim, as far as they bear it out, and send it up the chain its rolling sum asks for.

    The sum is that of the payee's claims for the same categories in the window, so that splitting a claim does not
    lower the tier (F-03).

    Raises:
        NotFound, StaleVersion, Forbidden (``same-person``), Conflict (``wrong-state``, ``claim-frozen``,
        ``fund-frozen``), RuleViolated (``cut-wrong``).
    """
    claim = await held(work, claim_id)
    (await work.funds.get(claim.fund)).require_active()
    await free_payments(work, [claim], named=True)
    claim.check(cuts, by=work.actor)
    request = Request(
        kind=ApprovalKind.CLAIM,
        subject=claim.id,
        fund=claim.fund,
        programme=claim.programme,
        policy_version=claim.policy_version,
        payee=claim.payee,
        parts=claim.parts,
        handlers=claim.handlers,
    )
    [asked] = await ask_approvals(work, [request])
    claim.follow(asked)
    return claim


async def approve_claim(work: FundingWork, claim_id: UUID, cuts: Sequence[Cut]) -> Claim:
    """Sign the next step; the last one commits the session's money to the claim (F-03).

    Raises:
        NotFound, StaleVersion, Forbidden (``same-person``, ``not-your-step``), Conflict (``wrong-state``,
        ``claim-frozen``, ``fund-frozen``), RuleViolated (``cut-wrong``, ``nothing-granted``, ``overdrawn``).
    """
    claim = await held(work, claim_id)
    (await work.funds.get(claim.fund)).require_active()
    claim.require_possible("approve", work.actor)
    await free_payments(work, [claim], named=True)
    [signed] = await sign_approvals(work, ApprovalKind.CLAIM, [claim.id])
    approved = claim.approve(cuts, signed, by=work.actor)
    if approved is not None:
        made = entry(claim, EntryKind.COMMITTED, id=work.new_id(), on=work.today, by=work.actor.subject)
        await work.books.post([made])
        work.announce(approved)
    return claim


async def return_claim(work: FundingWork, claim_id: UUID, reason: str) -> Claim:
    """Give a claim back to be mended. Raises ``NotFound``, ``StaleVersion``, ``Conflict``: ``wrong-state``."""
    claim = await held(work, claim_id)
    claim.give_back(reason, by=work.actor)
    await withdraw_approvals(work, ApprovalKind.CLAIM, [claim.id])
    return claim


async def refuse_claim(work: FundingWork, claim_id: UUID, reason: str) -> Claim:
    """Refuse a claim for good. Raises ``NotFound``, ``StaleVersion``, ``Conflict``: ``wrong-state``."""
    claim = await held(work, claim_id)
    claim.refuse(reason, by=work.actor)
    await withdraw_approvals(work, ApprovalKind.CLAIM, [claim.id])
    return claim


async def revoke_claim(work: FundingWork, claim_id: UUID, reason: str) -> Claim:
    """Take an approval back; its money is free for the session again.

    Raises:
        NotFound, StaleVersion, Forbidden (``same-person``), Conflict (``wrong-state``).
    """
    claim = await held(work, claim_id)
    claim.revoke(reason, by=work.actor)
    await withdraw_approvals(work, ApprovalKind.CLAIM, [claim.id])
    made = entry(claim, EntryKind.RELEASED, id=work.new_id(), on=work.today, by=work.actor.subject)
    await work.books.post([made])
    return claim


async def freeze_claim(work: FundingWork, claim_id: UUID, reason: str) -> Claim:
    """Stop a claim where it is (F-07). Raises ``NotFound``, ``StaleVersion``, ``Conflict``."""
    claim = await held(work, claim_id)
    await freeze_thing(work, Thing(FreezeKind.CLAIM, str(claim.id)), reason=reason)
    return claim


async def thaw_claim(work: FundingWork, claim_id: UUID) -> Claim:
    """Let a frozen claim go on. Raises ``NotFound``, ``StaleVersion``, ``Conflict``."""
    claim = await held(work, claim_id)
    if not await thaw_thing(work, Thing(FreezeKind.CLAIM, str(claim.id)), reason="thawed"):
        claim.thaw(by=work.actor)
    return claim
