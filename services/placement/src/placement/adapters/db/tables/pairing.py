"""Tables of what secondments are linked with and contribute."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, Uuid

from placement.adapters.db.tables.columns import dates, metadata, participation_of, texts
from shared.work.tables import aggregate_columns

paired_object = Table(
    "paired_object",
    metadata,
    *aggregate_columns(),
    *texts("programme", "policy_version", "scheme", "kind", "code", "area", "title"),
    UniqueConstraint("programme", "code"),
    CheckConstraint("kind IN ('project', 'fund', 'technology')", name="kind"),
    Index("ix_paired_object_scheme", "programme", "scheme"),
)

secondment_link = Table(
    "secondment_link",
    metadata,
    *aggregate_columns(),
    participation_of(),
    Column("object", Uuid, ForeignKey("paired_object.id"), nullable=False, index=True),
    UniqueConstraint("participation", "object"),
)

contribution = Table(
    "contribution",
    metadata,
    *aggregate_columns(),
    participation_of(),
    *texts("kind", "summary", "recorded_by"),
    *dates("made_on", null=False),
    Column("object", Uuid, ForeignKey("paired_object.id")),
    UniqueConstraint("participation", "kind", "made_on"),
)
