"""Hand a claim in: it is held against the standards, and from here on its invoices and days are taken."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from funding.domain.claims.claim import Claim
from funding.domain.claims.holding import Before, hold
from funding.usecases.claims.cost_objects import bounds_of
from funding.usecases.claims.draft_claim import held
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import RuleViolated


async def submit_claim(work: FundingWork, claim_id: UUID) -> Claim:
    """Submit a claim when every line holds.

    Raises:
        NotFound, StaleVersion, Conflict (``wrong-state``, ``fund-frozen``; ``invoice-used`` or ``days-claimed`` when
        another claim was faster).
        RuleViolated: ``claim-wrong`` with everything that is wrong with every line, ``not-reimbursed``, ``too-late``,
            ``not-placed``.
    """
    claim = await held(work, claim_id)
    claim.require_possible("submit", work.actor)
    bounds = await bounds_of(work, claim)
    policy = await work.policy(claim.programme, claim.policy_version)
    if policy.reimbursement is None:
        raise RuleViolated("not-reimbursed", "This policy reimburses nothing.", rule="F-04")
    last = bounds.ends_on + timedelta(policy.reimbursement.submit_within_days)
    if work.today > last:
        raise RuleViolated("too-late", f"Claims were taken until {last}.", rule="F-04", until=last.isoformat())
    numbers = {number for line in claim.lines for each in line.evidence if (number := each.invoice_number)}
    fund = await work.funds.get(claim.fund)
    fund.require_active()
    lines, findings = hold(
        claim.lines,
        rules=policy.reimbursement,
        purposes=fund.purposes,
        bounds=bounds,
        before=Before(
            invoices=await work.used_invoices(numbers),
            lines=await work.counted_lines(claim.cost_kind, claim.cost_object),
        ),
        today=work.today,
    )
    if findings:
        raise RuleViolated("claim-wrong", "Not every line holds; see errors.", rule="F-04", findings=findings)
    work.announce(claim.submit(lines, by=work.actor, on=work.today))
    return claim
