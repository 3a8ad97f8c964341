"""Suspend, resume, transfer and extend a term that runs: ``placement.changed``."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from placement.domain.offers import OfferState
from placement.domain.placements import term
from placement.domain.placements.placement import Placement
from placement.domain.plans import PlanState
from placement.usecases.cases.winding_up import end_mentors
from placement.usecases.pairing.checking import must_pair
from placement.usecases.ports import PlacementWork
from placement.usecases.sectors.give_tasks import give_tasks, lapse_tasks
from placement.usecases.term.record_arrivals import reports_due
from shared.kernel.actor import system
from shared.kernel.refusals import Malformed, RuleViolated


async def suspend_placement(work: PlacementWork, id: UUID, effective_on: date, reason: str) -> Placement:
    """Interrupt the term from a day that is not in the future."""
    placement = await _theirs(work, id, reason)
    segments = await work.segments.list(placement=id)
    work.announce(term.suspend(placement, segments, on=effective_on, today=work.today, by=work.actor))
    return placement


async def resume_placement(work: PlacementWork, id: UUID, effective_on: date) -> Placement:
    """Go on with an interrupted term."""
    placement = await _theirs(work, id, None)
    segments = await work.segments.list(placement=id)
    opened, fact = term.resume(
        placement, segments, on=effective_on, today=work.today, new_id=work.new_id, by=work.actor
    )
    for segment in opened:
        work.segments.add(segment)
    work.announce(fact)
    return placement


async def transfer_placement(
    work: PlacementWork, id: UUID, effective_on: date, offer_id: UUID, reason: str
) -> Placement:
    """Go on at another host; its place is taken, the old one is free, mentor and plan are made anew there.

    Raises:
        Malformed: ``unknown-offer``.
        RuleViolated: ``specialty-not-offered`` (M-03), or what the pairing rules say against it.
        Conflict: ``no-place-left``, ``offer-closed``.
    """
    placement = await _theirs(work, id, reason)
    placement.lifecycle.next("transfer", placement.state, work.actor)
    offers = {offer.id: offer for offer in await work.offers.list(id=[i for i in (offer_id, placement.offer) if i])}
    target = offers.get(offer_id)
    if target is None or target.session != placement.session or target.state is not OfferState.OPEN:
        raise Malformed("unknown-offer", "Name an open offer of the same session.")
    if target.fit(placement.specialty, placement.specialty_group) is None:
        raise RuleViolated("specialty-not-offered", "This host offers no place for that specialty.", rule="M-03")
    hosts = await work.hosts.list(path=[target.host])
    rules = await work.rules(placement.programme, placement.policy_version)
    must_pair(rules.pairings, placement, hosts[0])
    segments = await work.segments.list(placement=id)
    left = offers.get(placement.offer) if placement.offer else None
    opened, fact = term.transfer(
        placement,
        segments,
        on=effective_on,
        today=work.today,
        host=target.host,
        province=hosts[0].province,
        offer=target.id,
        new_id=work.new_id,
        by=work.actor,
    )
    target.take_place()
    if left is not None:
        left.free_place()
    for segment in opened:
        work.segments.add(segment)
    await end_mentors(work, [placement])
    await lapse_tasks(work, [id])
    await give_tasks(work, [placement], since=effective_on)
    for plan in await work.plans.list(
        participation=id, state=[PlanState.DRAFT, PlanState.TRAINEE_CONSULTED, PlanState.IN_FORCE]
    ):
        plan.finish(by=system("placement"))
    work.announce(fact)
    return placement


async def extend_placement(work: PlacementWork, id: UUID, planned_end: date, reason: str) -> Placement:
    """Let the term last longer; further reports become due for the days added (D-02)."""
    placement = await _theirs(work, id, reason)
    rules = await work.rules(placement.programme, placement.policy_version)
    before = placement.planned_end
    segments = await work.segments.list(placement=id)
    opened, fact = term.extend(placement, segments, until=planned_end, rules=rules, new_id=work.new_id, by=work.actor)
    for segment in opened:
        work.segments.add(segment)
    first = await work.reports.count(participation=id) + 1
    for report in reports_due(work, placement, rules, before + timedelta(days=1), first=first):
        work.reports.add(report)
    work.announce(fact)
    return placement


async def _theirs(work: PlacementWork, id: UUID, reason: str | None) -> Placement:
    placement = await work.placements.get(id, target=True)
    work.authorise(placement.facets)
    rules = await work.rules(placement.programme, placement.policy_version)
    if reason is not None and reason not in rules.change_reasons:
        raise Malformed("unknown-reason", f"Use one of: {', '.join(rules.change_reasons)}.")
    return placement
