"""Tables of online courses and their completions."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Table, UniqueConstraint

from placement.adapters.db.tables.columns import dates, metadata, participation_of, texts
from shared.work.tables import aggregate_columns

online_course = Table(
    "online_course",
    metadata,
    *aggregate_columns(),
    *texts("code", "provider", "title_zh", "title_en", "subject"),
    Column("hours", Integer, nullable=False),
    Column("offered", Boolean, nullable=False),
    UniqueConstraint("code"),
    CheckConstraint("hours BETWEEN 1 AND 500", name="hours"),
    CheckConstraint("subject IN ('professional', 'public')", name="subject"),
    Index("ix_online_course_updated_at", "updated_at", "id"),
)

course_completion = Table(
    "course_completion",
    metadata,
    *aggregate_columns(),
    participation_of(),
    *texts("course", "provider", "reference", "subject", "recorded_by"),
    Column("hours", Integer, nullable=False),
    *dates("completed_on", null=False),
    UniqueConstraint("participation", "course"),
    UniqueConstraint("provider", "reference"),
    CheckConstraint("hours BETWEEN 1 AND 500", name="hours"),
    Index("ix_course_completion_updated_at", "updated_at", "id"),
)
