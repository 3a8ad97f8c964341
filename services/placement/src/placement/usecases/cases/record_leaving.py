"""Moved by ``application.withdrawn`` and ``deselected``: the person leaves, before or after anything else."""

from __future__ import annotations

from uuid import UUID

from placement.domain.placements.closing import Leaving, leave
from placement.domain.placements.states import HOLDING_A_PLACE
from placement.usecases.cases.winding_up import give_place_back, wind_up
from placement.usecases.classes.register_delegates import leave_class
from placement.usecases.ports import PlacementWork


async def record_leaving(
    work: PlacementWork, participation: UUID, *, withdrawn: bool, roster_version: int | None, reason: str
) -> None:
    """Remember the leaving and apply it to the case, when there is one; the order of events does not matter.

    A person who has not arrived gives the place back to the host's offer; one who has ends the term today.
    """
    known = await work.leavings.list(id=[participation])
    if known:
        leaving = known[0]
        leaving.learn(withdrawn=withdrawn, roster_version=roster_version, reason=reason)
    else:
        leaving = Leaving(id=participation, withdrawn=withdrawn, roster_version=roster_version, reason=reason)
        work.leavings.add(leaving)
    placements = await work.placements.list(id=[participation])
    if not placements or not leaving.holds_against(placements[0].roster_version):
        return
    placement = placements[0]
    holds, offer = placement.state in HOLDING_A_PLACE, placement.offer
    await leave_class(work, participation)
    segments = await work.segments.list(placement=participation)
    ended = leave(placement, segments, leaving, work.today)
    if holds and offer is not None:
        await give_place_back(work, [offer])
    if ended is not None:
        work.announce(ended)
        await wind_up(work, [placement])
