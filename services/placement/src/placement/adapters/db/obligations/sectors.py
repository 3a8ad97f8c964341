"""Obligations of sector departments (M-02)."""

from __future__ import annotations

from placement.adapters.db.obligations.source import Source, source
from placement.adapters.db.tables import sector_task
from placement.domain.sectors import SectorTaskState
from shared.kernel.actor import Role

SECTORS: list[Source] = [
    source(
        "finish-sector-task",
        sector_task,
        owed_by="sector_department",
        due_on=sector_task.c.due_on,
        where=sector_task.c.state == SectorTaskState.OPEN,
        seen_by=frozenset({Role.SECTOR_DEPARTMENT, Role.MINISTRY_OFFICER, Role.AUDITOR}),
        department=sector_task.c.department,
    ),
]
"""What departments owe."""
