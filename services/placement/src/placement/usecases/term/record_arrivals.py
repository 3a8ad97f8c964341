"""The host (or the region) records who arrived when; study reports become due from then on (M-03, D-02)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.placements.placement import Placement
from placement.domain.placements.segments import SegmentState
from placement.domain.placements.term import arrive
from placement.domain.policies import Rules
from placement.domain.reports import Report, periods
from placement.usecases.batches import Batch, grouped
from placement.usecases.ports import PlacementWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The actual day somebody arrived; money depends on it."""

    participation: UUID
    arrived_on: date


async def record_arrivals(work: PlacementWork, arrivals: Sequence[Arrival], *, alone: bool = False) -> list[Placement]:
    """Record arrivals and what is due of each person for the term.

    Raises:
        RuleViolated: ``date-in-future``, ``arrival-too-early``, ``arrival-after-term``, ``not-ready``.
        Conflict: ``wrong-state``.
    """
    batch = Batch(alone=alone)
    ids = [arrival.participation for arrival in arrivals]
    placements = await batch.load(work.placements, ids, "participation")
    segments = grouped(await work.segments.list(placement=ids, state=SegmentState.PLANNED), "placement")
    for number, arrival in enumerate(arrivals):
        with batch.at(number):
            placement = placements[arrival.participation]
            work.authorise(placement.facets)
            placement.lifecycle.next("arrive", placement.state, work.actor)
            rules = await work.rules(placement.programme, placement.policy_version)
            fact = arrive(
                placement,
                segments[placement.id],
                rules,
                on=arrival.arrived_on,
                today=work.today,
                by=work.actor,
            )
            for report in reports_due(work, placement, rules, arrival.arrived_on):
                work.reports.add(report)
            work.announce(fact)
    batch.settle()
    return [placements[id] for id in ids]


def reports_due(
    work: PlacementWork, placement: Placement, rules: Rules, start: date, *, first: int = 1
) -> Iterator[Report]:
    """The reports that the days from ``start`` to the planned end make due, numbered from ``first``."""
    for number, covers_from, covers_to, due_on in periods(start, placement.planned_end, rules.reports, first=first):
        yield Report(
            id=work.new_id(),
            participation=placement.id,
            period=str(number),
            covers_from=covers_from,
            covers_to=covers_to,
            due_on=due_on,
            recipients=list(rules.reports.recipients),
        )
