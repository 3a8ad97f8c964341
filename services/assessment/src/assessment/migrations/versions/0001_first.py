"""Policies, participations, assessments, certificates, number sequences, waivers, and the plumbing.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from sqlalchemy.dialects.postgresql import JSONB

from shared.work.plumbing_v1 import create_plumbing_v1, drop_plumbing_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = ("waiver", "number_sequence", "certificate", "assessment", "participation", "policy")


def _common() -> list[sa.Column[Any]]:
    now = sa.func.now()
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=now),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=now),
    ]


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _maybe(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=True) for name in names]


def upgrade() -> None:
    create_plumbing_v1(cast(Operations, op))
    op.create_table(
        "policy",
        *_common(),
        *_texts("state", "programme", "policy_version", "digest"),
        *_maybe(sa.Text(), "inherits"),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("effective", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_policy"),
        sa.UniqueConstraint("programme", "policy_version", name="uq_policy_programme_version"),
    )
    op.create_table(
        "participation",
        *_common(),
        *_texts("state", "account", "programme", "batch", "session", "unit", "origin_area", "specialty"),
        *_texts("title_level", "policy_version"),
        sa.Column("planned_start", sa.Date(), nullable=False),
        sa.Column("planned_end", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_participation"),
    )
    op.create_table(
        "assessment",
        *_common(),
        sa.Column("participation", sa.Uuid(), nullable=False),
        *_texts("state", "account", "programme", "batch", "session", "unit", "title_level"),
        *_texts("scheme", "scheme_version", "host"),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("planned_end", sa.Date(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("reports", JSONB(), nullable=False),
        sa.Column("sheets", JSONB(), nullable=False),
        *_maybe(sa.Text(), "mentor", "deferral_reason", "confirmed_by"),
        *_maybe(sa.Date(), "term_ended_on", "confirmed_on"),
        *_maybe(JSONB(), "result", "appeal", "told"),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
        sa.ForeignKeyConstraint(["participation"], ["participation.id"], name="fk_assessment_participation"),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (result IS NOT NULL AND confirmed_by IS NOT NULL)",
            name="ck_assessment_confirmed_result",
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR result IS NULL OR state <> 'confirmed' "
            "OR confirmed_by <> result ->> 'recorded_by'",
            name="ck_assessment_four_eyes",
        ),
    )
    op.create_index(
        "uq_assessment_live", "assessment", ["participation"], unique=True, postgresql_where=sa.text("state <> 'void'")
    )
    op.create_index("ix_assessment_session", "assessment", ["programme", "session", "id"])
    op.create_index("ix_assessment_updated_at", "assessment", ["updated_at", "id"])
    op.create_table(
        "certificate",
        *_common(),
        sa.Column("participation", sa.Uuid(), nullable=False),
        sa.Column("assessment", sa.Uuid(), nullable=False),
        *_texts("state", "account", "programme", "batch", "session", "unit", "scheme_version"),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("predecessor", sa.Uuid(), nullable=True),
        *_maybe(sa.Text(), "number", "issued_by", "token_digest", "signing_key", "revocation_reason"),
        *_maybe(sa.Date(), "issued_on", "valid_until", "suspended_on", "revoked_on"),
        *_maybe(sa.LargeBinary(), "card", "credential", "sealing_key"),
        sa.PrimaryKeyConstraint("id", name="pk_certificate"),
        sa.ForeignKeyConstraint(["assessment"], ["assessment.id"], name="fk_certificate_assessment"),
        sa.ForeignKeyConstraint(["predecessor"], ["certificate.id"], name="fk_certificate_predecessor"),
        sa.UniqueConstraint("predecessor", name="uq_certificate_predecessor"),
        sa.UniqueConstraint("number", name="uq_certificate_number"),
        sa.UniqueConstraint("token_digest", name="uq_certificate_token_digest"),
        sa.CheckConstraint(
            "state IN ('requested', 'cancelled') OR (number IS NOT NULL AND issued_on IS NOT NULL "
            "AND credential IS NOT NULL)",
            name="ck_certificate_issued_is_complete",
        ),
    )
    op.create_index(
        "uq_certificate_first",
        "certificate",
        ["participation"],
        unique=True,
        postgresql_where=sa.text("predecessor IS NULL"),
    )
    op.create_index("ix_certificate_session", "certificate", ["programme", "session", "state", "participation"])
    op.create_index("ix_certificate_updated_at", "certificate", ["updated_at", "id"])
    op.create_table(
        "number_sequence",
        *_common(),
        *_texts("series"),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_number_sequence"),
        sa.UniqueConstraint("series", name="uq_number_sequence_series"),
        sa.CheckConstraint("last >= 0", name="ck_number_sequence_counts_up"),
    )
    op.create_table(
        "waiver",
        *_common(),
        sa.Column("participation", sa.Uuid(), nullable=False),
        sa.Column("certificate", sa.Uuid(), nullable=False),
        *_texts("state", "account", "programme", "session", "unit", "title_level"),
        sa.Column("granted_on", sa.Date(), nullable=False),
        *_maybe(sa.Date(), "consumed_on"),
        *_maybe(sa.Text(), "application"),
        sa.PrimaryKeyConstraint("id", name="pk_waiver"),
        sa.ForeignKeyConstraint(["certificate"], ["certificate.id"], name="fk_waiver_certificate"),
        sa.CheckConstraint(
            "(state = 'consumed') = (consumed_on IS NOT NULL AND application IS NOT NULL)",
            name="ck_waiver_consumed_once",
        ),
    )
    op.create_index(
        "uq_waiver_participation",
        "waiver",
        ["participation"],
        unique=True,
        postgresql_where=sa.text("state <> 'void'"),
    )
    op.create_index("ix_waiver_certificate", "waiver", ["certificate"])
    op.create_index("ix_waiver_updated_at", "waiver", ["updated_at", "id"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    drop_plumbing_v1(cast(Operations, op))
