"""Change or close an offer (M-01)."""

from __future__ import annotations

from uuid import UUID

from placement.domain.offers import Offer, Priority
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets


async def change_offer(
    work: PlacementWork,
    id: UUID,
    capacity: int,
    specialties: list[str] | None,
    priorities: list[Priority] | None = None,
) -> Offer:
    """Offer more or fewer places. Raises ``Conflict`` ``offer-below-accepted``, ``Malformed`` ``unknown-code``."""
    offer = await _mine(work, id)
    if specialties is not None:
        rules = await work.rules(offer.programme, offer.policy_version)
        rules.must_know(offer.specialty_group, specialties)
    offer.change(capacity, specialties, priorities, by=work.actor)
    return offer


async def close_offer(work: PlacementWork, id: UUID) -> Offer:
    """Take no further proposals under this offer."""
    offer = await _mine(work, id)
    offer.close(by=work.actor)
    return offer


async def _mine(work: PlacementWork, id: UUID) -> Offer:
    offer = await work.offers.get(id, target=True)
    work.authorise(Facets(host=offer.host))
    return offer
