"""What happens after the return: achievements that count, follow-ups that were recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AchievementChanged:
    """An achievement began or ceased to count (D-06, C-07)."""

    participation: UUID
    achievement: UUID
    change: Literal["verified", "withdrawn"]
    kind: str
    standing: str
    phase: Literal["during", "after"]
    changed_on: date


@dataclass(frozen=True, slots=True)
class FollowUpRecorded:
    """What a follow-up found; ``funds`` are fen (C-04, C-06)."""

    participation: UUID
    follow_up: UUID
    round: str
    post_fits: bool | None
    projects: int
    funds: int
    training_days: int
    recorded_on: date
