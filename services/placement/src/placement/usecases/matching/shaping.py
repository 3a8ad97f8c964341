"""From cases and offers to the input of a run."""

from __future__ import annotations

from collections import Counter

from placement.domain.matching.instance import Instance, Place, Seeker
from placement.domain.offers import Offer, OfferState
from placement.domain.placements.placement import Placement
from placement.domain.placements.states import MATCHABLE, PlacementState
from placement.usecases.ports import PlacementWork


def host_path(preference: str) -> str:
    """The organisation path of a wished host, given as code or as path."""
    return preference if preference.startswith("hosts/") else f"hosts/{preference}"


async def shape(work: PlacementWork, session: str) -> tuple[Instance, dict[str, Placement], dict[str, Offer]]:
    """Lock the open cases and offers of a session and lay them out; cases and offers come back by id as text.

    Places under a proposal that waits for its host are not free. Only those are seekers who wait for a match or were
    declined, so a further run touches nobody else.
    """
    cases = await work.placements.list(session=session, state=[*MATCHABLE, PlacementState.PROPOSED])
    offers = await work.offers.list(session=session, state=OfferState.OPEN)
    pending = Counter(case.offer for case in cases if case.state is PlacementState.PROPOSED)
    seeking = [case for case in cases if case.state in MATCHABLE]
    accept: dict[tuple[str, str], bool] = {}
    for case in seeking:
        key = (case.programme, case.policy_version)
        if key not in accept:
            accept[key] = (await work.rules(*key)).matching.accept == "group"
    instance = Instance(
        seekers=(
            Seeker(
                participation=case.id,
                specialty=case.specialty,
                specialty_group=case.specialty_group,
                rank=case.rank,
                preferences=tuple(dict.fromkeys(host_path(host) for host in case.host_preferences)),
                excluded=frozenset(case.declined_hosts),
                accept_group=accept[case.programme, case.policy_version],
            )
            for case in seeking
        ),
        places=(
            Place(
                offer=offer.id,
                host=offer.host,
                specialty_group=offer.specialty_group,
                specialties=tuple(sorted(offer.specialties)),
                free=max(0, offer.free - pending[offer.id]),
            )
            for offer in offers
        ),
    )
    return instance, {str(case.id): case for case in seeking}, {str(offer.id): offer for offer in offers}
