"""End terms, normally or early, and record the return to post (P-03, D-08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from placement.domain.placements.placement import Placement
from placement.domain.placements.term import end
from placement.usecases.batches import Batch, grouped
from placement.usecases.cases.winding_up import wind_up
from placement.usecases.ports import PlacementWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The last day at the host; before the planned end it needs a coded ``reason``."""

    participation: UUID
    ended_on: date
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeComing:
    """The day a person took up work at the sending unit again."""

    participation: UUID
    returned_on: date


async def end_placements(work: PlacementWork, endings: Sequence[Ending], *, alone: bool = False) -> list[Placement]:
    """End terms; the days served are counted from the actual dates.

    Raises:
        RuleViolated: ``date-in-future``, ``end-after-term``, ``reason-missing``, ``unknown-reason`` or
            ``end-before-change``.
        Conflict: ``wrong-state``.
    """
    batch = Batch(alone=alone)
    ids = [ending.participation for ending in endings]
    placements = await batch.load(work.placements, ids, "participation")
    segments = grouped(await work.segments.list(placement=ids), "placement")
    for number, ending in enumerate(endings):
        with batch.at(number):
            placement = placements[ending.participation]
            work.authorise(placement.facets)
            fact = end(
                placement,
                segments.get(placement.id, []),
                on=ending.ended_on,
                today=work.today,
                reason=ending.reason,
                rules=await work.rules(placement.programme, placement.policy_version),
                by=work.actor,
            )
            work.announce(fact)
    batch.settle()
    await wind_up(work, list(placements.values()))
    return [placements[id] for id in ids]


async def record_returns(work: PlacementWork, returns: Sequence[HomeComing], *, alone: bool = False) -> list[Placement]:
    """The sending unit has its people back.

    Raises:
        RuleViolated: ``return-before-end``, ``date-in-future``.
        Conflict: ``wrong-state``, ``never-started``.
    """
    batch = Batch(alone=alone)
    ids = [item.participation for item in returns]
    placements = await batch.load(work.placements, ids, "participation")
    for number, item in enumerate(returns):
        with batch.at(number):
            placement = placements[item.participation]
            work.authorise(placement.facets)
            placement.come_home(item.returned_on, work.today, by=work.actor)
    batch.settle()
    return [placements[id] for id in ids]
