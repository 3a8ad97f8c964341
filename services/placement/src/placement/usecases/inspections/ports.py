"""What the use cases of inspections need besides the stores of cases."""

from __future__ import annotations

from typing import Protocol

from placement.domain.inspections.drawing import InspectionDraw
from placement.domain.inspections.inspection import Inspection
from placement.usecases.ports import PlacementWork
from shared.kernel.work import Store


class InspectionWork(PlacementWork, Protocol):
    """The unit of work with inspections."""

    @property
    def inspections(self) -> Store[Inspection]:
        """Inspections."""
        ...

    @property
    def inspection_draws(self) -> Store[InspectionDraw]:
        """Draws."""
        ...

    async def hosts_with_trainees(self, region: str, programme: str, session: str) -> dict[str, str]:
        """Hosts where people of the region are or will be in the session → the policy version of their placements."""
        ...
