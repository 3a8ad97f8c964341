"""What an expert mission tells the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionCompleted:
    """The mission is over for one expert; ``days`` are calendar days in the field, both ends counted."""

    participation: UUID
    programme: str
    session: str
    mission: UUID
    days: int
    completed_on: date
