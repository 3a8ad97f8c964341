"""Parties sign, on screen or on paper, or refuse; with the last signature the agreement is in force (M-04)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.agreements import Agreement
from placement.domain.placements.placement import Placement
from placement.domain.placements.shares import HostShare
from placement.domain.placements.term import begin_when_ready
from placement.usecases.agreements.finding import SERVICE, facets_of, lapse_filings, placements_of
from placement.usecases.batches import Batch, by
from placement.usecases.ports import PlacementWork
from placement.usecases.term.share_hosts import share_hosts
from shared.kernel.refusals import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSignature:
    """A party signed on paper; ``page`` is the scan. ``identity`` is needed where several stand in the same role."""

    role: str
    identity: str | None
    page: UUID
    signed_on: date


async def sign_agreements(work: PlacementWork, ids: Sequence[UUID], *, alone: bool = False) -> list[Agreement]:
    """Sign for the party that the caller is or represents.

    Raises:
        Forbidden: ``not-a-party``.
        Conflict: ``wrong-state``, ``signed-already``, ``not-your-turn``.
    """
    batch = Batch(alone=alone)
    agreements = await batch.load(work.agreements, ids, "agreement")
    placements = await placements_of(work, agreements.values())
    amended = by(await work.agreements.list(id={a.amends for a in agreements.values() if a.amends}), "id")
    for number, id in enumerate(ids):
        with batch.at(number, "agreement"):
            agreement = agreements[id]
            placement = placements[agreement.participation]
            work.authorise(facets_of(agreement, placement, work.actor))
            agreement.sign(on=work.today, by=work.actor)
            if agreement.signed_by_all:
                await _enter_force(work, agreement, placement, amended)
    batch.settle()
    await lapse_filings(work, amended.values())
    return [agreements[id] for id in ids]


async def attest_signatures(work: PlacementWork, id: UUID, signatures: Sequence[PaperSignature]) -> Agreement:
    """An officer who saw the pages records who signed on them; all or none.

    Raises:
        NotFound: ``no-such-page``, ``no-such-party``.
        RuleViolated: ``attested-by-party``, ``date-in-future``, ``signed-before-offer``.
        Conflict: ``wrong-state``, ``signed-already``, ``not-your-turn``.
    """
    agreement = await work.agreements.get(id, target=True)
    placement = (await placements_of(work, [agreement]))[agreement.participation]
    work.authorise(facets_of(agreement, placement, work.actor))
    batch = Batch()
    for number, each in enumerate(signatures):
        with batch.at(number):
            if not await work.pages.count(id=each.page, agreement=id):
                raise NotFound("no-such-page", "Upload the scanned page to this agreement first.")
            agreement.attest(each.role, each.identity, each.page, on=each.signed_on, today=work.today, by=work.actor)
    batch.settle()
    if agreement.signed_by_all:
        amended = by(await work.agreements.list(id=[agreement.amends] if agreement.amends else []), "id")
        await _enter_force(work, agreement, placement, amended)
        await lapse_filings(work, amended.values())
    return agreement


async def _enter_force(
    work: PlacementWork, agreement: Agreement, placement: Placement, amended: dict[UUID, Agreement]
) -> None:
    work.announce(agreement.enter_force(on=work.today, by=SERVICE))
    if agreement.amends is not None and amended[agreement.amends].binding:
        amended[agreement.amends].supersede(on=work.today, by=SERVICE)
    before = amended[agreement.amends].shares if agreement.amends is not None else ()
    if agreement.shares != before and placement.host is not None:
        shares = [HostShare(each.host, each.percent) for each in agreement.shares] or [HostShare(placement.host, 100)]
        await share_hosts(work, placement, shares, work.today)
    placement.agreement = agreement.id
    placement.agreement_on = placement.agreement_on or work.today
    begin_when_ready(placement)


async def refuse_agreement(work: PlacementWork, id: UUID, reason: str) -> Agreement:
    """A party says no, with the reason. A new agreement may be drafted; what was in force before stays so."""
    agreement = await work.agreements.get(id, target=True)
    placement = (await placements_of(work, [agreement]))[agreement.participation]
    work.authorise(facets_of(agreement, placement, work.actor))
    agreement.refuse(reason, by=work.actor)
    if placement.agreement == agreement.id:
        placement.agreement = agreement.amends
    return agreement
