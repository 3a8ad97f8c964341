"""The stores of short classes, and the counts of their evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, tuple_, update

from placement.adapters.db.tables import classes as tables
from placement.domain.classes.attendance import ClassMark
from placement.domain.classes.materials import ClassCopy, ClassMaterial
from placement.domain.classes.questions import ClassQuestion, Phase
from placement.domain.classes.seats import ClassQuota, ClassSeat, ClassUnit
from placement.domain.classes.short_class import ShortClass
from placement.domain.classes.timetable import ClassSession
from shared.work.unit import UnitOfWork

_RETRY = "Somebody else was faster; read it again."
CLASS_CONSTRAINTS: dict[str, tuple[str, str]] = {
    "uq_short_class_programme_code": ("class-exists", "The programme has a class of this code."),
    "ck_class_quota_taken": ("no-seat-left", "All seats of this category are taken."),
    "ck_class_unit_registered": ("unit-seats-taken", "This unit has as many delegates as it may have."),
    "uq_class_seat_account": ("registered-already", "This delegate is registered already."),
    "uq_class_seat_participation": ("registered-already", "This delegate is registered already."),
    "uq_class_material_class_id_code": ("material-exists", "There is a material of this code."),
    "uq_class_copy_material_id_seat_id": ("handed-already", "This delegate was given it already."),
    **dict.fromkeys(
        (
            "uq_class_unit_class_id_unit", "uq_class_seat_class_id_number", "uq_class_session_class_id_number",
            "uq_class_mark_session_id_seat_id", "uq_class_question_class_id_number", "uq_class_quota_class_id_category",
        ),
        ("lost-race", _RETRY),
    ),
}  # fmt: skip
"""Constraint → the conflict it means."""


class SqlClassStores(UnitOfWork):
    """Implements ``placement.usecases.classes.ports.ClassStores``."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.classes = self.store(ShortClass, tables.short_class)
        self.class_units = self.store(ClassUnit, tables.class_unit)
        self.class_quotas = self.store(ClassQuota, tables.class_quota)
        self.class_seats = self.store(ClassSeat, tables.class_seat)
        self.class_sessions = self.store(ClassSession, tables.class_session)
        self.class_marks = self.store(ClassMark, tables.class_mark)
        self.class_materials = self.store(ClassMaterial, tables.class_material)
        self.class_copies = self.store(ClassCopy, tables.class_copy)
        self.class_questions = self.store(ClassQuestion, tables.class_question)

    async def begin_scores(self, class_id: UUID, dimensions: list[str], scale: int) -> None:
        """See ``ClassStores.begin_scores``."""
        await self.flush()
        rows = [
            {"class_id": class_id, "dimension": dimension, "score": score, "count": 0}
            for dimension in dimensions
            for score in range(1, scale + 1)
        ]
        await self.connection.execute(insert(tables.class_score), rows)

    async def count_scores(self, class_id: UUID, scores: Mapping[str, int]) -> None:
        """See ``ClassStores.count_scores``."""
        table = tables.class_score
        await self.connection.execute(
            update(table)
            .where(table.c.class_id == class_id, tuple_(table.c.dimension, table.c.score).in_(list(scores.items())))
            .values(count=table.c.count + 1)
        )

    async def questions_of(self, seats: list[UUID]) -> dict[UUID, dict[Phase, int]]:
        """See ``ClassStores.questions_of``."""
        table = tables.class_question
        rows = await self.connection.execute(
            select(table.c.seat_id, table.c.phase, func.sum(table.c.count))
            .where(table.c.seat_id.in_(seats))
            .group_by(table.c.seat_id, table.c.phase)
        )
        found: dict[UUID, dict[Phase, int]] = {}
        for seat, phase, count in rows:
            found.setdefault(seat, {})[Phase(phase)] = int(count)
        return found

    async def calls_of(self, class_id: UUID) -> dict[UUID, list[tuple[str, str]]]:
        """See ``ClassStores.calls_of``."""
        mark, session = tables.class_mark, tables.class_session
        rows = await self.connection.execute(
            select(mark.c.seat_id, session.c.kind, mark.c.mark)
            .join(session, session.c.id == mark.c.session_id)
            .where(mark.c.class_id == class_id, session.c.dropped.is_(False))
        )
        found: dict[UUID, list[tuple[str, str]]] = {}
        for row in rows:
            found.setdefault(row.seat_id, []).append((row.kind, row.mark))
        return found

    async def marked(self, class_id: UUID) -> set[tuple[UUID, UUID]]:
        """See ``ClassStores.marked``."""
        table = tables.class_mark
        rows = await self.connection.execute(
            select(table.c.session_id, table.c.seat_id).where(table.c.class_id == class_id)
        )
        return {(row.session_id, row.seat_id) for row in rows}
