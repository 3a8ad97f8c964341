"""Agreements end: by the due clock with the planned term, or before it by the authority, with the reason (M-04)."""

from __future__ import annotations

from uuid import UUID

from placement.domain.agreements import Agreement, AgreementState
from placement.usecases.agreements.finding import SERVICE, facets_of, lapse_filings, placements_of
from placement.usecases.ports import PlacementWork


async def expire_agreements(work: PlacementWork, limit: int = 500) -> int:
    """Moved by the due clock: agreements of terms whose planned end has passed expire. Gives how many did."""
    over = await work.agreements_over_before(work.today, limit)
    for agreement in over:
        agreement.expire(on=work.today, by=SERVICE)
    await lapse_filings(work, over)
    return len(over)


async def terminate_agreement(work: PlacementWork, id: UUID, reason: str) -> Agreement:
    """End an agreement before its time; an open amendment of it ends with it, a new agreement may be drafted."""
    agreement = await work.agreements.get(id, target=True)
    placement = (await placements_of(work, [agreement]))[agreement.participation]
    work.authorise(facets_of(agreement, placement, work.actor))
    bound = agreement.binding
    agreement.terminate(reason, on=work.today, by=work.actor)
    ended = [agreement]
    for amendment in await work.agreements.list(amends=id, state=[AgreementState.DRAFT, AgreementState.OFFERED]):
        amendment.terminate(reason, on=work.today, by=SERVICE)
        ended.append(amendment)
    if bound:
        placement.agreement = placement.agreement_on = None
    elif placement.agreement == id:
        placement.agreement = agreement.amends
    await lapse_filings(work, ended)
    return agreement
