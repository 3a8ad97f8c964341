"""A confirmed placement that never begins: the person does not come, or it is cancelled."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from placement.domain.placements.placement import Placement
from placement.domain.placements.segments import SegmentState
from placement.domain.placements.term import not_in_future
from placement.usecases.cases.winding_up import give_place_back, wind_up
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Malformed, RuleViolated


async def record_no_show(work: PlacementWork, id: UUID, noted_on: date, reason: str) -> Placement:
    """The person did not come; possible once the days of grace are over (M-03).

    Raises:
        RuleViolated: ``grace-not-over`` or ``date-in-future``.
        Malformed: ``unknown-reason``.
    """
    placement = await _theirs(work, id, reason)
    placement.lifecycle.next("no-show", placement.state, work.actor)
    not_in_future(noted_on, work.today)
    rules = await work.rules(placement.programme, placement.policy_version)
    last = placement.planned_start + timedelta(days=rules.arrival.grace_days)
    if noted_on <= last:
        raise RuleViolated("grace-not-over", f"The person may still arrive until {last}.", rule="M-03")
    return await _never_begins(work, placement, "no-show", "no_show", reason, noted_on)


async def cancel_placement(work: PlacementWork, id: UUID, reason: str) -> Placement:
    """Region or ministry cancel a confirmed placement before the arrival; the place is free again."""
    placement = await _theirs(work, id, reason)
    return await _never_begins(work, placement, "cancel", "before_start", reason, work.today)


async def _theirs(work: PlacementWork, id: UUID, reason: str) -> Placement:
    placement = await work.placements.get(id, target=True)
    work.authorise(placement.facets)
    rules = await work.rules(placement.programme, placement.policy_version)
    if reason not in rules.end_reasons:
        raise Malformed("unknown-reason", f"Use one of: {', '.join(rules.end_reasons)}.")
    return placement


async def _never_begins(
    work: PlacementWork, placement: Placement, action: str, kind: str, reason: str, on: date
) -> Placement:
    work.announce(placement.not_started(action, kind, reason, on, by=work.actor))
    for segment in await work.segments.list(placement=placement.id, state=SegmentState.PLANNED):
        segment.void()
    if placement.offer is not None:
        await give_place_back(work, [placement.offer])
    await wind_up(work, [placement])
    return placement
