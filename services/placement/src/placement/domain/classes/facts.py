"""What a short class tells the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassCompleted:
    """The class is over for one participation; shares are whole percent, rounded down."""

    participation: UUID
    programme: str
    session: str
    course: UUID
    host: str | None
    lectures_held: int
    lectures_attended: int
    attendance_share: int
    questions: int
    questions_before: int
    completed_on: date
