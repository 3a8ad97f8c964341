"""What the use cases of agreements load together, and who stands how to an agreement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from placement.domain.agreements import Agreement
from placement.domain.agreements.filings import OPEN
from placement.domain.placements.placement import Placement
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Actor, Facets, system

SERVICE = system("placement")


async def placements_of(work: PlacementWork, agreements: Iterable[Agreement]) -> dict[UUID, Placement]:
    """The placements that agreements belong to, by id."""
    ids = {agreement.participation for agreement in agreements}
    return {placement.id: placement for placement in await work.placements.list(id=ids)}


def facets_of(agreement: Agreement, placement: Placement, by: Actor) -> Facets:
    """Who stands how to the agreement: those of the placement, and of its hosts the one that asks, if it is a party."""
    hosts = [party.identity for party in agreement.parties if party.role == "host"]
    own = by.organisation if by.organisation in hosts else next(iter(hosts), None)
    return replace(placement.facets, host=own)


async def lapse_filings(work: PlacementWork, agreements: Iterable[Agreement]) -> None:
    """Files of editions that ended before they were acknowledged go no further."""
    ended = [agreement.id for agreement in agreements if not agreement.binding]
    if not ended:
        return
    for filing in await work.filings.list(agreement=ended, state=OPEN):
        filing.lapse(by=SERVICE)
