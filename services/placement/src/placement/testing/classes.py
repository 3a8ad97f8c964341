"""The stores of short classes and missions in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from placement.domain.classes.attendance import ClassMark
from placement.domain.classes.materials import ClassCopy, ClassMaterial
from placement.domain.classes.questions import ClassQuestion, Phase
from placement.domain.classes.seats import ClassQuota, ClassSeat, ClassUnit
from placement.domain.classes.short_class import ShortClass
from placement.domain.classes.timetable import ClassSession
from placement.domain.missions.mission import Mission, MissionActivity, MissionExpert
from shared.work.memory import MemoryWork


class MemoryClassStores(MemoryWork):
    """Implements ``ClassStores`` and ``MissionStores``."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.classes = self.store(ShortClass)
        self.class_units = self.store(ClassUnit)
        self.class_quotas = self.store(ClassQuota)
        self.class_seats = self.store(ClassSeat)
        self.class_sessions = self.store(ClassSession)
        self.class_marks = self.store(ClassMark)
        self.class_materials = self.store(ClassMaterial)
        self.class_copies = self.store(ClassCopy)
        self.class_questions = self.store(ClassQuestion)
        self.missions = self.store(Mission)
        self.mission_experts = self.store(MissionExpert)
        self.mission_activities = self.store(MissionActivity)
        self.scores: Counter[tuple[UUID, str, int]] = Counter()

    async def begin_scores(self, class_id: UUID, dimensions: list[str], scale: int) -> None:
        """See ``ClassStores.begin_scores``."""
        for dimension in dimensions:
            self.scores.update({(class_id, dimension, score): 0 for score in range(1, scale + 1)})

    async def count_scores(self, class_id: UUID, scores: Mapping[str, int]) -> None:
        """See ``ClassStores.count_scores``."""
        self.scores.update((class_id, dimension, score) for dimension, score in scores.items())

    async def dissolve_team(self, mission_id: UUID) -> None:
        """See ``MissionStores.dissolve_team``."""
        experts = self.mission_experts.things
        for id in [expert.id for expert in experts.values() if expert.mission_id == mission_id]:
            del experts[id]

    async def questions_of(self, seats: list[UUID]) -> dict[UUID, dict[Phase, int]]:
        """See ``ClassStores.questions_of``."""
        asked: dict[UUID, Counter[Phase]] = {}
        for question in self.class_questions.things.values():
            if question.seat_id in seats and question.seat_id is not None:
                asked.setdefault(question.seat_id, Counter())[question.phase] += question.count
        return {seat: dict(counted) for seat, counted in asked.items()}

    async def calls_of(self, class_id: UUID) -> dict[UUID, list[tuple[str, str]]]:
        """See ``ClassStores.calls_of``."""
        found: dict[UUID, list[tuple[str, str]]] = {}
        for mark in self.class_marks.things.values():
            session = self.class_sessions.things[mark.session_id]
            if mark.class_id == class_id and not session.dropped:
                found.setdefault(mark.seat_id, []).append((session.kind, mark.mark))
        return found

    async def marked(self, class_id: UUID) -> set[tuple[UUID, UUID]]:
        """See ``ClassStores.marked``."""
        return {(m.session_id, m.seat_id) for m in self.class_marks.things.values() if m.class_id == class_id}
