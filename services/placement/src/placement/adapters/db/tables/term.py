"""Tables of sector tasks, escalations and calendars."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, UniqueConstraint, Uuid, text

from placement.adapters.db.tables.columns import dates, json, metadata, participation_of, texts
from shared.work.tables import aggregate_columns

sector_task = Table(
    "sector_task",
    metadata,
    *aggregate_columns(),
    participation_of(),
    *texts("department", "host", "code", "state"),
    *texts("reason", null=True),
    *dates("due_on", null=False),
    *dates("done_on"),
    CheckConstraint("state NOT IN ('done', 'not_needed') OR done_on IS NOT NULL", name="done"),
    Index("uq_sector_task_open", "participation", "host", "code", unique=True, postgresql_where=text("state = 'open'")),
    Index("ix_sector_task_owed", "due_on", postgresql_where=text("state = 'open'")),
    Index("ix_sector_task_department", "department", postgresql_ops={"department": "text_pattern_ops"}),
)

escalation = Table(
    "escalation",
    metadata,
    *aggregate_columns(),
    *(Column(name, Uuid, nullable=False) for name in ("obligation", "subject")),
    Column("participation", Uuid),
    *texts("kind", "subject_kind", "owed_by", "office"),
    *texts("session", null=True),
    Column("step", Integer, nullable=False),
    *dates("due_on", "raised_on", null=False),
    UniqueConstraint("obligation", "step"),
    CheckConstraint("raised_on > due_on", name="overdue"),
    Index("ix_escalation_raised_on", "raised_on"),
)

calendar = Table(
    "calendar",
    metadata,
    *aggregate_columns(),
    *texts("account", "organisation", "token_sha256", "state"),
    *json("roles"),
    *dates("expires_on", null=False),
    UniqueConstraint("token_sha256"),
    Index("uq_calendar_account", "account", unique=True, postgresql_where=text("state = 'active'")),
)
