"""Rules as data for every kind of programme, panels with quorum and minutes.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

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


def _to(table: str, name: str, target: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid, sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}"), nullable=False)


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
    _panels()


def _panels() -> None:
    """Members, chair, assignments, results and minutes of panels (S-05)."""
    op.add_column("panel", sa.Column("members", JSONB, nullable=False, server_default=sa.text("'[]'")))
    op.add_column("panel", sa.Column("replacements", JSONB, nullable=False, server_default=sa.text("'[]'")))
    op.add_column("panel", sa.Column("chair", sa.Text))
    op.add_column("panel", sa.Column("seed", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("panel", sa.Column("assigned", sa.Boolean, nullable=False, server_default=sa.text("false")))
    op.add_column("application", sa.Column("panel_raw_mean", sa.Numeric(8, 4)))
    op.create_table(
        "panel_assignment",
        *_aggregate(),
        sa.Column("state", sa.Text, nullable=False),
        _to("panel_assignment", "panel_id", "panel"),
        _to("panel_assignment", "application_id", "application"),
        sa.Column("expert", sa.Text, nullable=False),
        sa.Column("cause", sa.Text),
        sa.UniqueConstraint(
            "panel_id", "application_id", "expert", name="uq_panel_assignment_panel_id_application_id_expert"
        ),
        sa.CheckConstraint("state IN ('assigned', 'released')", name=op.f("ck_panel_assignment_state_known")),
    )
    op.create_index("ix_panel_assignment_panel_id_expert", "panel_assignment", ["panel_id", "expert"])
    op.create_table(
        "panel_result",
        *_aggregate(),
        _to("panel_result", "panel_id", "panel"),
        _to("panel_result", "application_id", "application"),
        sa.Column("sheets", sa.Integer, nullable=False),
        sa.Column("raw_mean", sa.Numeric(8, 4), nullable=False),
        sa.Column("calibrated_mean", sa.Numeric(8, 4), nullable=False),
        sa.Column("spread", sa.Numeric(8, 4), nullable=False),
        sa.Column("flagged", sa.Boolean, nullable=False),
        sa.Column("opinion", sa.Text),
        sa.Column("note", sa.Text),
        sa.UniqueConstraint("panel_id", "application_id", name="uq_panel_result_panel_id_application_id"),
        sa.CheckConstraint("raw_mean BETWEEN 0 AND 100", name=op.f("ck_panel_result_raw_mean_range")),
        sa.CheckConstraint("calibrated_mean BETWEEN 0 AND 100", name=op.f("ck_panel_result_calibrated_mean_range")),
        sa.CheckConstraint("sheets > 0", name=op.f("ck_panel_result_sheets_positive")),
        sa.CheckConstraint("NOT flagged OR note ~ '\\S'", name=op.f("ck_panel_result_flag_explained")),
    )
    op.create_table(
        "panel_minutes",
        *_aggregate(),
        _to("panel_minutes", "panel_id", "panel"),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("signed_by", sa.Text, nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("panel_id", name="uq_panel_minutes_panel_id"),
        sa.CheckConstraint(
            "sha256 = encode(sha256(convert_to(document, 'UTF8')), 'hex')",
            name=op.f("ck_panel_minutes_sha256_of_document"),
        ),
    )
    op.execute(
        "CREATE TRIGGER panel_minutes_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON panel_minutes "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER panel_result_is_not_changed BEFORE UPDATE ON panel_result "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Waivers and attestations go; what applications show of waivers stays."""
    for table in ("panel_minutes", "panel_result", "panel_assignment"):
        op.drop_table(table)
    op.drop_column("application", "panel_raw_mean")
    for column in ("assigned", "seed", "chair", "replacements", "members"):
        op.drop_column("panel", column)
    op.drop_table("attestation")
    op.drop_table("waiver")
    op.drop_constraint(op.f("ck_batch_target_is_sum"), "batch")
    op.execute("DROP FUNCTION sum_of_quotas(jsonb)")
    op.drop_column("application", "unit_category")
    op.drop_column("organisation", "category")
