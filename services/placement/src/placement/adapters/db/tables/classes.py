"""Tables of short classes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid
from sqlalchemy import text as sql

from placement.adapters.db.tables.columns import dates, json, metadata, texts
from shared.work.tables import aggregate_columns, moment


def _of(table: str, column: str = "class_id", *, null: bool = False) -> Column[Any]:
    return Column(column, Uuid, ForeignKey(f"{table}.id"), nullable=null)


def _number(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Integer, nullable=null)


short_class = Table(
    "short_class",
    metadata,
    *aggregate_columns(),
    *texts("programme", "policy_version", "batch", "session", "code", "title_zh", "title_en"),
    *texts("organiser", "host", "host_province", "state"),
    *texts("group_seed", null=True),
    *dates("starts_on", "ends_on", "registers_until", null=False),
    UniqueConstraint("programme", "code"),
    CheckConstraint("starts_on <= ends_on AND registers_until <= ends_on", name="days"),
)

class_unit = Table(
    "class_unit",
    metadata,
    *aggregate_columns(),
    _of("short_class"),
    *texts("unit", "category", "province"),
    _number("most"),
    _number("registered"),
    UniqueConstraint("class_id", "unit"),
    CheckConstraint("registered BETWEEN 0 AND most", name="registered"),
)

class_quota = Table(
    "class_quota",
    metadata,
    *aggregate_columns(),
    _of("short_class"),
    *texts("category"),
    _number("units"),
    _number("seats"),
    _number("taken"),
    UniqueConstraint("class_id", "category"),
    CheckConstraint("taken BETWEEN 0 AND seats", name="taken"),
)

class_seat = Table(
    "class_seat",
    metadata,
    *aggregate_columns(),
    _of("short_class"),
    _number("number"),
    *texts("category", "unit", "province", "account", "state"),
    _of("placement", "participation", null=True),
    _number("breakout", null=True),
    Column("evaluated", Boolean, nullable=False),
    *dates("seated_on"),
    UniqueConstraint("class_id", "number"),
    Index("uq_class_seat_account", "class_id", "account", unique=True, postgresql_where=sql("state <> 'released'")),
    Index("uq_class_seat_participation", "participation", unique=True, postgresql_where=sql("state <> 'released'")),
    Index("ix_class_seat_unit", "class_id", "unit"),
    Index("ix_class_seat_updated_at", "updated_at", "id"),
)

class_session = Table(
    "class_session",
    metadata,
    *aggregate_columns(),
    _of("short_class"),
    _number("number"),
    *texts("kind", "topic_zh", "topic_en"),
    moment("starts_at"),
    moment("ends_at"),
    *json("lecturers"),
    _number("breakout", null=True),
    Column("dropped", Boolean, nullable=False),
    UniqueConstraint("class_id", "number"),
    CheckConstraint("ends_at > starts_at", name="moments"),
)

class_mark = Table(
    "class_mark",
    metadata,
    *aggregate_columns(),
    _of("short_class"),
    _of("class_session", "session_id"),
    _of("class_seat", "seat_id"),
    *texts("mark"),
    UniqueConstraint("session_id", "seat_id"),
    CheckConstraint("mark IN ('present', 'excused', 'absent')", name="mark"),
    Index("ix_class_mark_class_id", "class_id"),
)

class_material = Table(
    "class_material",
    metadata,
    *aggregate_columns(),
    _of("short_class"),
    *texts("code", "title_zh", "title_en", "reference"),
    UniqueConstraint("class_id", "code"),
)

class_copy = Table(
    "class_copy",
    metadata,
    *aggregate_columns(),
    _of("short_class"),
    _of("class_material", "material_id"),
    _of("class_seat", "seat_id"),
    *dates("handed_on", null=False),
    UniqueConstraint("material_id", "seat_id"),
    Index("ix_class_copy_class_id", "class_id"),
)

class_question = Table(
    "class_question",
    metadata,
    *aggregate_columns(),
    _of("short_class"),
    _number("number"),
    *texts("phase", "topic", "text", "precision", "state"),
    _number("count"),
    _of("class_seat", "seat_id", null=True),
    *texts("account", "unit", "answer_text", null=True),
    *dates("due_on", null=False),
    *dates("answered_on", "followed_up_on"),
    UniqueConstraint("class_id", "number"),
    CheckConstraint("count > 0", name="count"),
    CheckConstraint("state <> 'follow_up' OR followed_up_on IS NOT NULL", name="followed_up"),
    CheckConstraint("phase IN ('before', 'during')", name="phase"),
    Index("ix_class_question_due_on", "due_on", postgresql_where=sql("state = 'received'")),
)

class_score = Table(
    "class_score",
    metadata,
    _of("short_class"),
    Column("dimension", Text, nullable=False),
    _number("score"),
    _number("count"),
    UniqueConstraint("class_id", "dimension", "score"),
    CheckConstraint("count >= 0", name="count"),
)
"""How often each score was given; there is no row, moment or account of a single answer (K-09)."""
