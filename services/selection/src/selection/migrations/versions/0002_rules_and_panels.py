"""Rules as data for every kind of programme, panels with quorum and minutes.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _aggregate() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    ]


def upgrade() -> None:
    """Unit categories, recorded waivers, attestations; the sum of a batch's quotas held by the database (P-02)."""
    op.add_column("organisation", sa.Column("category", sa.Text))
    op.add_column("application", sa.Column("unit_category", sa.Text))
    op.execute(
        "CREATE FUNCTION sum_of_quotas(sessions jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS "
        "$$ SELECT coalesce(sum((each ->> 'quota')::bigint), 0)::bigint FROM jsonb_array_elements(sessions) AS each $$"
    )
    op.create_check_constraint(op.f("ck_batch_target_is_sum"), "batch", "target = sum_of_quotas(sessions)")
    op.create_table(
        "waiver",
        *_aggregate(),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column(
            "application_id", sa.Uuid, sa.ForeignKey("application.id", name="fk_waiver_application_id"), nullable=False
        ),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("attested", sa.Boolean, nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawal_reason", sa.Text),
        sa.CheckConstraint("reason ~ '\\S'", name=op.f("ck_waiver_reason_given")),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_waiver_withdrawal_whole")
        ),
        sa.CheckConstraint("state IN ('granted', 'withdrawn')", name=op.f("ck_waiver_state_known")),
        sa.CheckConstraint("role IN ('local_reviewer', 'regional_officer')", name=op.f("ck_waiver_role_known")),
    )
    op.create_index(
        "uq_waiver_standing",
        "waiver",
        ["application_id", "rule"],
        unique=True,
        postgresql_where=sa.text("state = 'granted'"),
    )
    op.create_table(
        "attestation",
        *_aggregate(),
        sa.Column("call_id", sa.Uuid, sa.ForeignKey("call.id", name="fk_attestation_call_id"), nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("reserve_listed", sa.Boolean, nullable=False),
        sa.Column("attested_by", sa.Text, nullable=False),
        sa.Column("attested_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("call_id", "account", "unit", name="uq_attestation_call_id_account_unit"),
    )


def downgrade() -> None:
    """Waivers and attestations go; what applications show of waivers stays."""
    op.drop_table("attestation")
    op.drop_table("waiver")
    op.drop_constraint(op.f("ck_batch_target_is_sum"), "batch")
    op.execute("DROP FUNCTION sum_of_quotas(jsonb)")
    op.drop_column("application", "unit_category")
    op.drop_column("organisation", "category")
