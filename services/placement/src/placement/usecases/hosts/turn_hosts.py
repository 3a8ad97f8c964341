"""Pause, resume and close hosts of the register (P-04)."""

from __future__ import annotations

from placement.domain.hosts import Host
from placement.domain.offers import OfferState
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import NotFound


async def turn_host(work: PlacementWork, code: str, action: str) -> Host:
    """Take ``action`` on the host's state; the row is locked, so that no offer is opened meanwhile.

    Raises:
        NotFound: ``not-found``.
        Conflict: ``wrong-state``, ``host-has-offers``.
    """
    known = await work.hosts.find(code=code)
    if known is None:
        raise NotFound("not-found", "There is no such host.")
    host = await work.hosts.get(known.id, target=True)
    work.authorise(Facets(host=host.path))
    offers = await work.offers.count(host=host.path, state=OfferState.OPEN)
    host.turn(action, open_offers=offers, by=work.actor)
    return host
