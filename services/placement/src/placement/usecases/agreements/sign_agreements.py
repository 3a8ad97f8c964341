"""Parties sign or refuse; with the last signature the agreement is in force (M-04)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from placement.domain.agreements import Agreement
from placement.domain.placements.placement import Placement
from placement.domain.placements.term import begin_when_ready
from placement.usecases.agreements.draft_agreements import facets_of, placements_of
from placement.usecases.batches import Batch, by
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import system

_SERVICE = system("placement")


async def sign_agreements(work: PlacementWork, ids: Sequence[UUID], *, alone: bool = False) -> list[Agreement]:
    """Sign for the party that the caller is or represents.

    Raises:
        Forbidden: ``not-a-party``.
        Conflict: ``wrong-state``, ``signed-already``.
    """
    batch = Batch(alone=alone)
    agreements = await batch.load(work.agreements, ids, "agreement")
    placements = await placements_of(work, agreements.values())
    amended = by(await work.agreements.list(id={a.amends for a in agreements.values() if a.amends}), "id")
    for number, id in enumerate(ids):
        with batch.at(number, "agreement"):
            agreement = agreements[id]
            placement = placements[agreement.participation]
            work.authorise(facets_of(agreement, placement))
            agreement.sign(on=work.today, by=work.actor)
            if agreement.signed_by_all:
                _enter_force(work, agreement, placement, amended)
    batch.settle()
    return [agreements[id] for id in ids]


def _enter_force(
    work: PlacementWork, agreement: Agreement, placement: Placement, amended: dict[UUID, Agreement]
) -> None:
    work.announce(agreement.enter_force(on=work.today, by=_SERVICE))
    if agreement.amends is not None and amended[agreement.amends].binding:
        amended[agreement.amends].supersede(by=_SERVICE)
    placement.agreement = agreement.id
    placement.agreement_on = placement.agreement_on or work.today
    begin_when_ready(placement)


async def refuse_agreement(work: PlacementWork, id: UUID, reason: str) -> Agreement:
    """A party says no, with the reason. A new agreement may be drafted; what was in force before stays so."""
    agreement = await work.agreements.get(id, target=True)
    placement = (await placements_of(work, [agreement]))[agreement.participation]
    work.authorise(facets_of(agreement, placement))
    agreement.refuse(reason, by=work.actor)
    if placement.agreement == agreement.id:
        placement.agreement = agreement.amends
    return agreement
