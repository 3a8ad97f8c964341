"""The ministry asks one host for one person, for those whom no run could place."""

from __future__ import annotations

import hashlib
from uuid import UUID

from placement.domain.offers import OfferState
from placement.domain.placements.placement import Placement
from placement.domain.runs import MatchingRun, ProposedMatch, RunState
from placement.usecases.matching.shaping import host_path
from placement.usecases.pairing.checking import hosts_by_path, must_pair
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Conflict, RuleViolated


async def propose_by_hand(work: PlacementWork, participation: UUID, host: str) -> Placement:
    """Propose a host; the decision is kept as a run of one line, method ``by_hand``.

    Raises:
        RuleViolated: ``specialty-not-offered`` when the host has no open offer that fits (M-03), or what
            the pairing rules say against it (W-02 to W-07).
        Conflict: ``no-place-left``.
    """
    case = await work.placements.get(participation, target=True)
    work.authorise(case.facets)
    offer = await work.offers.find(
        host=host, session=case.session, specialty_group=case.specialty_group, state=OfferState.OPEN
    )
    fit = offer.fit(case.specialty, case.specialty_group) if offer else None
    rules = await work.rules(case.programme, case.policy_version)
    if offer is None or fit is None or (fit == "group" and rules.matching.accept == "specialty"):
        raise RuleViolated("specialty-not-offered", "This host offers no place for that specialty.", rule="M-03")
    must_pair(rules.pairings, case, (await hosts_by_path(work, [host])).get(host))
    if offer.free == 0:
        raise Conflict("no-place-left", "All places of this offer are taken.", rule="M-01")
    wishes = [host_path(wish) for wish in case.host_preferences]
    choice = wishes.index(host) + 1 if host in wishes else None
    run = MatchingRun(
        id=work.new_id(),
        session=case.session,
        method="by_hand",
        policy_version=case.policy_version,
        input_sha256=hashlib.sha256(f"{case.id} {offer.id}".encode()).hexdigest(),
        report={"cases": 1, "matched": 1, "unmatched": 0},
        proposals=[ProposedMatch(participation=case.id, host=host, offer=offer.id, fit=fit, choice=choice)],
        unmatched=[],
        made_by=work.actor.subject,
        decided_by=work.actor.subject,
        state=RunState.CONFIRMED,
    )
    work.runs.add(run)
    work.announce(case.propose(host=host, offer=offer.id, run=run.id, on=work.today, by=work.actor))
    return case
