"""Tables of accreditations, talent cards and their use."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from assessment.adapters.db.tables.columns import json_of, metadata, text_of
from shared.work.tables import aggregate_columns

accreditation = Table(
    "accreditation",
    metadata,
    *aggregate_columns(),
    text_of("state"),
    Column("participation", Uuid, nullable=False, unique=True),
    *(text_of(name) for name in ("account", "programme", "policy_version", "unit")),
    *(text_of(name, nullable=True) for name in ("asked_tier", "proposed_tier", "tier", "reason")),
    *(text_of(name, nullable=True) for name in ("reviewed_by", "decided_by")),
    json_of("evidence"),
    Column("applied_on", Date, nullable=False),
    *(Column(name, Date) for name in ("reviewed_on", "decided_on")),
    Column("supersedes", Uuid, ForeignKey("accreditation.id")),
    CheckConstraint("decided_by IS NULL OR state <> 'tier_assigned' OR decided_by <> reviewed_by", name="four_eyes"),
    CheckConstraint(
        "state <> 'tier_assigned' OR (tier IS NOT NULL AND decided_on IS NOT NULL AND reviewed_by IS NOT NULL)",
        name="assigned_is_complete",
    ),
    Index(
        "uq_accreditation_open", "account", "programme", unique=True,
        postgresql_where=text("state IN ('applied', 'reviewed')"),
    ),
    Index(
        "uq_accreditation_held", "account", "programme", unique=True, postgresql_where=text("state = 'tier_assigned'")
    ),
    Index("ix_accreditation_programme", "programme", "state", "id"),
    Index("ix_accreditation_updated_at", "updated_at", "id"),
)  # fmt: skip

talent_card = Table(
    "talent_card",
    metadata,
    *aggregate_columns(),
    text_of("state"),
    Column("participation", Uuid, nullable=False),
    Column("accreditation", Uuid, ForeignKey("accreditation.id"), nullable=False, unique=True),
    *(text_of(name) for name in ("account", "unit", "programme", "policy_version", "tier")),
    Column("number", Text, nullable=False, unique=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("renewals", Integer, nullable=False),
    Column("renewed_on", Date),
    text_of("reason", nullable=True),
    CheckConstraint("valid_until > valid_from", name="validity"),
    Index("uq_talent_card_live", "account", "programme", unique=True, postgresql_where=text("state <> 'revoked'")),
    Index("ix_talent_card_over", "valid_until", postgresql_where=text("state IN ('active', 'suspended')")),
    Index("ix_talent_card_updated_at", "updated_at", "id"),
)

allowance = Table(
    "card_allowance",
    metadata,
    *aggregate_columns(),
    Column("card", Uuid, ForeignKey("talent_card.id"), nullable=False),
    text_of("service"),
    Column("year", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("at_most", Integer),
    UniqueConstraint("card", "service", "year"),
    CheckConstraint("used >= 0 AND (at_most IS NULL OR used <= at_most)", name="used"),
)

card_use = Table(
    "card_use",
    metadata,
    *aggregate_columns(),
    Column("card", Uuid, ForeignKey("talent_card.id"), nullable=False),
    *(text_of(name) for name in ("account", "unit", "programme", "tier", "service", "area", "provider", "receipt")),
    Column("used_on", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("provider", "receipt"),
    Index("ix_card_use_card", "card", "id"),
    Index("ix_card_use_programme", "programme", "used_on"),
    Index("ix_card_use_updated_at", "updated_at", "id"),
)
