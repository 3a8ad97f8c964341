"""The tables of this service; migration 0001 makes the same."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.work.tables import aggregate_columns, service_metadata

metadata = service_metadata()


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, JSONB, nullable=nullable)


policy = Table(
    "policy",
    metadata,
    *aggregate_columns(),
    _text("state"),
    _text("programme"),
    _text("policy_version"),
    _text("inherits", nullable=True),
    _json("content"),
    _json("effective"),
    _text("digest"),
    UniqueConstraint("programme", "policy_version", name="uq_policy_programme_version"),
)

participation = Table(
    "participation",
    metadata,
    *aggregate_columns(),
    _text("state"),
    *(_text(name) for name in ("account", "programme", "batch", "session", "unit", "origin_area", "specialty")),
    _text("title_level"),
    Column("planned_start", Date, nullable=False),
    Column("planned_end", Date, nullable=False),
    _text("policy_version"),
)

assessment = Table(
    "assessment",
    metadata,
    *aggregate_columns(),
    _text("state"),
    Column("participation", Uuid, ForeignKey("participation.id"), nullable=False),
    *(_text(name) for name in ("account", "programme", "batch", "session", "unit", "title_level")),
    *(_text(name) for name in ("scheme", "scheme_version", "host")),
    _text("mentor", nullable=True),
    Column("opened_on", Date, nullable=False),
    Column("planned_end", Date, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("term_ended_on", Date),
    _json("reports"),
    _json("sheets"),
    _text("deferral_reason", nullable=True),
    _json("result", nullable=True),
    _text("confirmed_by", nullable=True),
    Column("confirmed_on", Date),
    _json("appeal", nullable=True),
    _json("told", nullable=True),
    CheckConstraint("state <> 'confirmed' OR (result IS NOT NULL AND confirmed_by IS NOT NULL)", name="confirmed_result"),
    CheckConstraint("confirmed_by IS NULL OR result IS NULL OR state <> 'confirmed' "
                    "OR confirmed_by <> result ->> 'recorded_by'", name="four_eyes"),
    Index("uq_assessment_live", "participation", unique=True, postgresql_where=text("state <> 'void'")),
    Index("ix_assessment_session", "programme", "session", "id"),
    Index("ix_assessment_updated_at", "updated_at", "id"),
)  # fmt: skip

certificate = Table(
    "certificate",
    metadata,
    *aggregate_columns(),
    _text("state"),
    Column("participation", Uuid, nullable=False),
    Column("assessment", Uuid, ForeignKey("assessment.id"), nullable=False),
    *(_text(name) for name in ("account", "programme", "batch", "session", "unit", "scheme_version")),
    Column("requested_on", Date, nullable=False),
    Column("predecessor", Uuid, ForeignKey("certificate.id"), unique=True),
    Column("number", Text, unique=True),
    Column("issued_on", Date),
    _text("issued_by", nullable=True),
    Column("valid_until", Date),
    Column("card", LargeBinary),
    Column("credential", LargeBinary),
    Column("sealing_key", LargeBinary),
    Column("token_digest", Text, unique=True),
    _text("signing_key", nullable=True),
    Column("suspended_on", Date),
    Column("revoked_on", Date),
    _text("revocation_reason", nullable=True),
    CheckConstraint("state IN ('requested', 'cancelled') OR (number IS NOT NULL AND issued_on IS NOT NULL "
                    "AND credential IS NOT NULL)", name="issued_is_complete"),
    Index("uq_certificate_first", "participation", unique=True, postgresql_where=text("predecessor IS NULL")),
    Index("ix_certificate_session", "programme", "session", "state", "participation"),
    Index("ix_certificate_updated_at", "updated_at", "id"),
)  # fmt: skip

number_sequence = Table(
    "number_sequence",
    metadata,
    *aggregate_columns(),
    _text("series"),
    Column("last", Integer, nullable=False),
    UniqueConstraint("series"),
    CheckConstraint("last >= 0", name="counts_up"),
)

waiver = Table(
    "waiver",
    metadata,
    *aggregate_columns(),
    _text("state"),
    Column("participation", Uuid, nullable=False),
    Column("certificate", Uuid, ForeignKey("certificate.id"), nullable=False),
    *(_text(name) for name in ("account", "programme", "session", "unit", "title_level")),
    Column("granted_on", Date, nullable=False),
    Column("consumed_on", Date),
    _text("application", nullable=True),
    CheckConstraint(
        "(state = 'consumed') = (consumed_on IS NOT NULL AND application IS NOT NULL)", name="consumed_once"
    ),
    Index("uq_waiver_participation", "participation", unique=True, postgresql_where=text("state <> 'void'")),
    Index("ix_waiver_certificate", "certificate"),
    Index("ix_waiver_updated_at", "updated_at", "id"),
)
