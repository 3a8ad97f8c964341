"""The stores of expert missions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete

from placement.adapters.db.tables import missions as tables
from placement.domain.missions.mission import Mission, MissionActivity, MissionExpert
from shared.work.unit import UnitOfWork

_RETRY = "Somebody else was faster; read it again."
MISSION_CONSTRAINTS: dict[str, tuple[str, str]] = {
    "uq_mission_expert_participation": ("expert-taken", "This expert is in another team with this application."),
    "uq_mission_expert_mission_id_account": ("lost-race", _RETRY),
    "uq_mission_expert_leads": ("lost-race", _RETRY),
    "uq_mission_activity_mission_id_number": ("lost-race", _RETRY),
}
"""Constraint → the conflict it means."""


class SqlMissionStores(UnitOfWork):
    """Implements ``placement.usecases.missions.ports.MissionStores``."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.missions = self.store(Mission, tables.mission)
        self.mission_experts = self.store(MissionExpert, tables.mission_expert)
        self.mission_activities = self.store(MissionActivity, tables.mission_activity)

    async def dissolve_team(self, mission_id: UUID) -> None:
        """See ``MissionStores.dissolve_team``."""
        table = tables.mission_expert
        await self.connection.execute(delete(table).where(table.c.mission_id == mission_id))
