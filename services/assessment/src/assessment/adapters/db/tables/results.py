"""Tables of schemes, assessments, certificates and waivers."""

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

from assessment.adapters.db.tables.columns import json_of, metadata, text_of
from shared.work.tables import aggregate_columns

policy = Table(
    "policy",
    metadata,
    *aggregate_columns(),
    text_of("state"),
    text_of("programme"),
    text_of("policy_version"),
    text_of("inherits", nullable=True),
    json_of("content"),
    json_of("effective"),
    text_of("digest"),
    UniqueConstraint("programme", "policy_version", name="uq_policy_programme_version"),
)

participation = Table(
    "participation",
    metadata,
    *aggregate_columns(),
    text_of("state"),
    *(text_of(name) for name in ("account", "programme", "batch", "session", "unit", "origin_area", "specialty")),
    text_of("title_level"),
    Column("planned_start", Date, nullable=False),
    Column("planned_end", Date, nullable=False),
    text_of("policy_version"),
)

assessment = Table(
    "assessment",
    metadata,
    *aggregate_columns(),
    text_of("state"),
    Column("participation", Uuid, ForeignKey("participation.id"), nullable=False),
    *(text_of(name) for name in ("account", "programme", "batch", "session", "unit", "title_level")),
    *(text_of(name) for name in ("scheme", "scheme_version", "host")),
    text_of("mentor", nullable=True),
    Column("opened_on", Date, nullable=False),
    Column("planned_end", Date, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("term_ended_on", Date),
    json_of("reports"),
    json_of("sheets"),
    text_of("deferral_reason", nullable=True),
    json_of("result", nullable=True),
    text_of("confirmed_by", nullable=True),
    Column("confirmed_on", Date),
    json_of("appeal", nullable=True),
    json_of("told", nullable=True),
    json_of("attendance", nullable=True),
    text_of("authority", nullable=True),
    Column("deferred_on", Date),
    *(Column(name, Integer, nullable=False, server_default=text("0"))
      for name in ("deferrals", "resits", "extensions", "confirmations")),
    Column("resit_until", Date),
    json_of("correction", nullable=True),
    Column("past", JSONB, nullable=False, server_default=text("'[]'")),
    CheckConstraint("state <> 'decided' OR appeal ->> 'decided_by' IS DISTINCT FROM appeal ->> 'opened_by'",
                    name="other_decider"),
    CheckConstraint("state <> 'corrected' OR (correction IS NOT NULL AND jsonb_array_length(past) > 0)",
                    name="correction_keeps_the_past"),
    CheckConstraint("resits >= 0 AND deferrals >= 0 AND extensions >= 0", name="counts_up"),
    CheckConstraint("state <> 'deferred' OR deferral_reason IS NOT NULL", name="deferred_why"),
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
    text_of("state"),
    Column("participation", Uuid, nullable=False),
    Column("assessment", Uuid, ForeignKey("assessment.id"), nullable=False),
    *(text_of(name) for name in ("account", "programme", "batch", "session", "unit", "scheme_version")),
    Column("requested_on", Date, nullable=False),
    Column("predecessor", Uuid, ForeignKey("certificate.id"), unique=True),
    Column("number", Text, unique=True),
    Column("issued_on", Date),
    text_of("issued_by", nullable=True),
    Column("valid_until", Date),
    Column("card", LargeBinary),
    Column("credential", LargeBinary),
    Column("sealing_key", LargeBinary),
    Column("token_digest", Text, unique=True),
    Column("token", LargeBinary),
    text_of("signing_key", nullable=True),
    Column("embedded", LargeBinary),
    Column("slip", LargeBinary),
    Column("status_list", Integer, ForeignKey("status_list.number")),
    Column("status_index", Integer),
    Column("suspended_on", Date),
    Column("revoked_on", Date),
    text_of("revocation_reason", nullable=True),
    text_of("reissue_wanted", nullable=True),
    CheckConstraint("state IN ('requested', 'cancelled') OR (number IS NOT NULL AND issued_on IS NOT NULL "
                    "AND credential IS NOT NULL)", name="issued_is_complete"),
    CheckConstraint("(status_list IS NULL) = (status_index IS NULL)", name="status_slot_whole"),
    CheckConstraint("status_index BETWEEN 0 AND 131071", name="status_index_in_list"),
    UniqueConstraint("status_list", "status_index", name="uq_certificate_status_slot"),
    Index("ix_certificate_marked", "status_list", "state", "status_index",
          postgresql_where=text("state IN ('suspended', 'revoked', 'reissued')")),
    Index("uq_certificate_first", "participation", unique=True, postgresql_where=text("predecessor IS NULL")),
    Index("ix_certificate_session", "programme", "session", "state", "participation"),
    Index("ix_certificate_updated_at", "updated_at", "id"),
)  # fmt: skip

number_sequence = Table(
    "number_sequence",
    metadata,
    *aggregate_columns(),
    text_of("series"),
    Column("last", Integer, nullable=False),
    UniqueConstraint("series"),
    CheckConstraint("last >= 0", name="counts_up"),
)

waiver = Table(
    "waiver",
    metadata,
    *aggregate_columns(),
    text_of("state"),
    Column("participation", Uuid, nullable=False),
    Column("certificate", Uuid, ForeignKey("certificate.id"), nullable=False),
    *(text_of(name) for name in ("account", "programme", "session", "unit", "title_level")),
    Column("granted_on", Date, nullable=False),
    Column("consumed_on", Date),
    text_of("application", nullable=True),
    text_of("consumed_by", nullable=True),
    CheckConstraint(
        "(state = 'consumed') = (consumed_on IS NOT NULL AND application IS NOT NULL)", name="consumed_once"
    ),
    Index("uq_waiver_participation", "participation", unique=True, postgresql_where=text("state <> 'void'")),
    Index(
        "uq_waiver_application",
        "consumed_by",
        "application",
        unique=True,
        postgresql_where=text("state = 'consumed' AND consumed_by IS NOT NULL"),
    ),
    Index("ix_waiver_certificate", "certificate"),
    Index("ix_waiver_updated_at", "updated_at", "id"),
)
