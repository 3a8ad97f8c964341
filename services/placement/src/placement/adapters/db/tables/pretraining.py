"""Tables of training before the departure: events and who was invited to them (M-11)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, Uuid, text

from placement.adapters.db.tables.columns import dates, json, metadata, participation_of, texts
from shared.work.tables import aggregate_columns

pre_training = Table(
    "pre_training",
    metadata,
    *aggregate_columns(),
    *texts("programme", "policy_version", "session", "organiser", "place", "state"),
    *texts("cancel_reason", null=True),
    *json("areas"),
    *dates("starts_on", "ends_on", null=False),
    CheckConstraint("ends_on >= starts_on", name="days"),
    Index("ix_pre_training_session", "session"),
    Index(
        "uq_pre_training_planned",
        "organiser",
        "session",
        "place",
        "starts_on",
        unique=True,
        postgresql_where=text("state = 'planned'"),
    ),
    Index("ix_pre_training_updated_at", "updated_at", "id"),
)

pre_training_invitation = Table(
    "pre_training_invitation",
    metadata,
    *aggregate_columns(),
    participation_of(),
    Column("pre_training", Uuid, ForeignKey("pre_training.id"), nullable=False),
    *texts("area", "state"),
    *texts("excuse", null=True),
    *dates("recorded_on"),
    UniqueConstraint("pre_training", "participation"),
    Index(
        "uq_pre_training_invitation_open",
        "participation",
        unique=True,
        postgresql_where=text("state IN ('invited', 'attended')"),
    ),
    Index("ix_pre_training_invitation_updated_at", "updated_at", "id"),
)
"""One open invitation of a person, one attendance: whoever has been there is not asked again."""
