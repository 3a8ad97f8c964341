"""What the use cases of short classes need of the unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from placement.domain.classes.attendance import ClassMark
from placement.domain.classes.materials import ClassCopy, ClassMaterial
from placement.domain.classes.questions import ClassQuestion, Phase
from placement.domain.classes.seats import ClassQuota, ClassSeat, ClassUnit
from placement.domain.classes.short_class import ShortClass
from placement.domain.classes.timetable import ClassSession
from shared.kernel.work import Store


class ClassStores(Protocol):
    """The stores of short classes; a command locks the class first, so that commands about one class queue."""

    @property
    def classes(self) -> Store[ShortClass]:
        """Classes."""
        ...

    @property
    def class_units(self) -> Store[ClassUnit]:
        """The roll of units of each class."""
        ...

    @property
    def class_quotas(self) -> Store[ClassQuota]:
        """Seats by unit category."""
        ...

    @property
    def class_seats(self) -> Store[ClassSeat]:
        """Delegates."""
        ...

    @property
    def class_sessions(self) -> Store[ClassSession]:
        """Timetables."""
        ...

    @property
    def class_marks(self) -> Store[ClassMark]:
        """Attendance."""
        ...

    @property
    def class_materials(self) -> Store[ClassMaterial]:
        """Materials."""
        ...

    @property
    def class_copies(self) -> Store[ClassCopy]:
        """Materials given out."""
        ...

    @property
    def class_questions(self) -> Store[ClassQuestion]:
        """Question registers."""
        ...

    async def begin_scores(self, class_id: UUID, dimensions: list[str], scale: int) -> None:
        """Counts of nought for every score of every dimension."""
        ...

    async def count_scores(self, class_id: UUID, scores: Mapping[str, int]) -> None:
        """Raise the count of each score by one; nothing else of the answer is kept."""
        ...

    async def questions_of(self, seats: list[UUID]) -> dict[UUID, dict[Phase, int]]:
        """How many questions each of these delegates put into the register, by phase; who asked none is left out."""
        ...

    async def calls_of(self, class_id: UUID) -> dict[UUID, list[tuple[str, str]]]:
        """Delegate → (kind of session, mark) of every session that was held."""
        ...

    async def marked(self, class_id: UUID) -> set[tuple[UUID, UUID]]:
        """(session, delegate) of every mark."""
        ...
