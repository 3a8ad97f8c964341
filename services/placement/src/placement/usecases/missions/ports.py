"""What the use cases of expert missions need of the unit of work."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from placement.domain.missions.mission import Mission, MissionActivity, MissionExpert
from shared.kernel.work import Store


class MissionStores(Protocol):
    """The stores of expert missions; a command locks the mission first."""

    @property
    def missions(self) -> Store[Mission]:
        """Missions."""
        ...

    @property
    def mission_experts(self) -> Store[MissionExpert]:
        """Teams."""
        ...

    @property
    def mission_activities(self) -> Store[MissionActivity]:
        """What the teams did."""
        ...

    async def dissolve_team(self, mission_id: UUID) -> None:
        """Let go of everybody in the team, so that another can be formed; only before the approval."""
        ...
