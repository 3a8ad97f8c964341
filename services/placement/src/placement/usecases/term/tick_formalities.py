"""The host says whether its administrative formalities for a person are done (D-05, domain.md 7.4)."""

from __future__ import annotations

from uuid import UUID

from placement.domain.placements.placement import Placement
from placement.usecases.ports import PlacementWork


async def tick_formalities(work: PlacementWork, id: UUID, done: bool) -> Placement:
    """Tick the line, or take the tick back; no reason is asked for and none is kept.

    Raises:
        Conflict: ``never-started``, ``formalities-so``.
    """
    placement = await work.placements.get(id, target=True)
    work.authorise(placement.facets)
    placement.tick_formalities(done, work.today)
    return placement
