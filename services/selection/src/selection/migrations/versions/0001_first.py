"""The first schema of selection: organisations, policies, sessions, people, applications, panels, rosters.

Revision ID: 0001
"""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from sqlalchemy.dialects.postgresql import JSONB

from shared.work.plumbing_v1 import create_plumbing_v1, drop_plumbing_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "batch", "organisation", "person", "registered_policy", "session", "balancing_run", "call", "panel",
    "application", "recommendation", "roster", "conflict_of_interest", "roster_edition", "score_sheet", "vacancy",
)  # fmt: skip


def _aggregate() -> list[sa.Column[object]]:
    """The columns every aggregate's table has, as they were in this version."""
    return [
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    ]


def upgrade() -> None:
    create_plumbing_v1(cast(Operations, op))
    op.create_table(
        "batch",
        *_aggregate(),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("batch", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("target", sa.Integer, nullable=False),
        sa.Column("sessions", JSONB, nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
        sa.UniqueConstraint("programme", "batch", name="uq_batch_programme_batch"),
    )
    op.create_table(
        "organisation",
        *_aggregate(),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_bo", sa.Text),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("unit_class", sa.Text, nullable=False),
        sa.Column("area", sa.Text),
        sa.UniqueConstraint("path", name="uq_organisation_path"),
    )
    op.create_table(
        "person",
        *_aggregate(),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_bo", sa.Text),
        sa.Column("name_latin", sa.Text),
        sa.Column("birth_date", sa.Date, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("identity_sealed", sa.LargeBinary, nullable=False),
        sa.Column("identity_index", sa.LargeBinary, nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary),
        sa.UniqueConstraint("account", name="uq_person_account"),
        sa.UniqueConstraint("identity_index", name="uq_person_identity_index"),
    )
    op.create_table(
        "registered_policy",
        *_aggregate(),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("inherits", sa.Text),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("resolved", JSONB, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
        sa.UniqueConstraint("programme", "policy_version", name="uq_registered_policy_programme_policy_version"),
    )
    op.create_table(
        "session",
        *_aggregate(),
        sa.Column("batch_id", sa.Uuid, sa.ForeignKey("batch.id", name="fk_session_batch_id"), nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("batch", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("quota", sa.Integer, nullable=False),
        sa.Column("planned_start", sa.Date, nullable=False),
        sa.Column("planned_end", sa.Date, nullable=False),
        sa.Column("term", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("quota_nodes", JSONB, nullable=False),
        sa.CheckConstraint("quota > 0", name=op.f("ck_session_quota_positive")),
        sa.CheckConstraint("planned_start < planned_end", name=op.f("ck_session_term_positive")),
        sa.UniqueConstraint("batch_id", "session", name="uq_session_batch_id_session"),
    )
    op.create_table(
        "balancing_run",
        *_aggregate(),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column(
            "session_id", sa.Uuid, sa.ForeignKey("session.id", name="fk_balancing_run_session_id"), nullable=False
        ),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("input_sha256", sa.Text, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("candidates", sa.Integer, nullable=False),
        sa.Column("selected_count", sa.Integer, nullable=False),
        sa.Column("reserve_count", sa.Integer, nullable=False),
        sa.Column("total_score", sa.Numeric(14, 4), nullable=False),
        sa.Column("nodes", JSONB, nullable=False),
        sa.Column("targets", JSONB, nullable=False),
        sa.Column("outcomes", JSONB, nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'confirmed', 'superseded')", name=op.f("ck_balancing_run_state_known")
        ),
        sa.CheckConstraint("selected_count <= places", name=op.f("ck_balancing_run_within_places")),
    )
    op.create_table(
        "call",
        *_aggregate(),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.id", name="fk_call_session_id"), nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("batch", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("required_steps", JSONB, nullable=False),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.CheckConstraint("state IN ('published', 'closed')", name=op.f("ck_call_state_known")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_call_window_positive")),
    )
    op.create_table(
        "panel",
        *_aggregate(),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.id", name="fk_panel_session_id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("experts", JSONB, nullable=False),
        sa.Column("specialty_groups", JSONB, nullable=False),
        sa.Column("sheets_required", sa.Integer, nullable=False),
        sa.Column("criteria", JSONB, nullable=False),
        sa.Column("minutes", sa.Text),
        sa.Column("concluded_count", sa.Integer),
        sa.CheckConstraint("state IN ('open', 'concluded')", name=op.f("ck_panel_state_known")),
    )
    op.create_table(
        "application",
        *_aggregate(),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("person.id", name="fk_application_person_id"), nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("call_id", sa.Uuid, sa.ForeignKey("call.id", name="fk_application_call_id"), nullable=False),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.id", name="fk_application_session_id"), nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("batch", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("unit_class", sa.Text, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("origin_area", sa.Text, nullable=False),
        sa.Column("birth_date", sa.Date, nullable=False),
        sa.Column("required_steps", JSONB, nullable=False),
        sa.Column("form", JSONB, nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True)),
        sa.Column("correct_by", sa.Date),
        sa.Column("eligibility", JSONB, nullable=False),
        sa.Column("preference_points", sa.Numeric(8, 4), nullable=False),
        sa.Column("waivers", JSONB, nullable=False),
        sa.Column("local_decision", JSONB),
        sa.Column("panel_score", sa.Numeric(8, 4)),
        sa.Column("study_direction", sa.Text),
        sa.Column("rank", sa.Integer),
        sa.Column("explanation", JSONB),
        sa.Column("started_on", sa.Date),
        sa.Column("outcome", sa.Text),
        sa.Column("reason", sa.Text),
        sa.CheckConstraint("panel_score BETWEEN 0 AND 100", name=op.f("ck_application_panel_score_range")),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned_for_correction', 'local_approved', 'panel_reviewed', 'classified', 'selected', 'reserve', 'not_selected', 'rejected', 'withdrawn', 'deselected', 'completed')",
            name=op.f("ck_application_state_known"),
        ),
        sa.UniqueConstraint("call_id", "account", name="uq_application_call_id_account"),
        sa.UniqueConstraint("call_id", "person_id", name="uq_application_call_id_person_id"),
    )
    op.create_index("ix_application_account", "application", ["account"])
    op.create_index("ix_application_reviewer_id", "application", ["reviewer", "id"])
    op.create_index("ix_application_session_id_state", "application", ["session_id", "state"])
    op.create_index("ix_application_unit_id", "application", ["unit", "id"])
    op.create_index("ix_application_updated_at_id", "application", ["updated_at", "id"])
    op.create_table(
        "recommendation",
        *_aggregate(),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("call_id", sa.Uuid, sa.ForeignKey("call.id", name="fk_recommendation_call_id"), nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("given_by", sa.Text),
        sa.Column("given_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state IN ('asked', 'given', 'refused', 'withdrawn')", name=op.f("ck_recommendation_state_known")
        ),
        sa.UniqueConstraint("call_id", "account", "unit", name="uq_recommendation_call_id_account_unit"),
    )
    op.create_index("ix_recommendation_unit_id", "recommendation", ["unit", "id"])
    op.create_table(
        "roster",
        *_aggregate(),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.id", name="fk_roster_session_id"), nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("batch", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("run_id", sa.Uuid, sa.ForeignKey("balancing_run.id", name="fk_roster_run_id"), nullable=False),
        sa.Column("roster_version", sa.Integer, nullable=False),
        sa.Column("entries", JSONB, nullable=False),
        sa.Column("swaps", JSONB, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("filings", JSONB, nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'fixed', 'filed', 'acknowledged', 'filing_returned', 'amended', 'discarded')",
            name=op.f("ck_roster_state_known"),
        ),
    )
    op.create_index(
        "uq_roster_open_session_id",
        "roster",
        ["session_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'discarded'"),
    )
    op.create_table(
        "conflict_of_interest",
        *_aggregate(),
        sa.Column(
            "panel_id", sa.Uuid, sa.ForeignKey("panel.id", name="fk_conflict_of_interest_panel_id"), nullable=False
        ),
        sa.Column(
            "application_id",
            sa.Uuid,
            sa.ForeignKey("application.id", name="fk_conflict_of_interest_application_id"),
            nullable=False,
        ),
        sa.Column("expert", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "panel_id", "expert", "application_id", name="uq_conflict_of_interest_panel_id_expert_application_id"
        ),
    )
    op.create_table(
        "roster_edition",
        *_aggregate(),
        sa.Column("roster_id", sa.Uuid, sa.ForeignKey("roster.id", name="fk_roster_edition_roster_id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.UniqueConstraint("roster_id", "number", name="uq_roster_edition_roster_id_number"),
    )
    op.create_table(
        "score_sheet",
        *_aggregate(),
        sa.Column("panel_id", sa.Uuid, sa.ForeignKey("panel.id", name="fk_score_sheet_panel_id"), nullable=False),
        sa.Column(
            "application_id",
            sa.Uuid,
            sa.ForeignKey("application.id", name="fk_score_sheet_application_id"),
            nullable=False,
        ),
        sa.Column("expert", sa.Text, nullable=False),
        sa.Column("scores", JSONB, nullable=False),
        sa.Column("total", sa.Numeric(8, 4), nullable=False),
        sa.Column("comment", sa.Text),
        sa.CheckConstraint("total BETWEEN 0 AND 100", name=op.f("ck_score_sheet_total_range")),
        sa.UniqueConstraint(
            "panel_id", "expert", "application_id", name="uq_score_sheet_panel_id_expert_application_id"
        ),
    )
    op.create_table(
        "vacancy",
        *_aggregate(),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("session.id", name="fk_vacancy_session_id"), nullable=False),
        sa.Column("roster_id", sa.Uuid, sa.ForeignKey("roster.id", name="fk_vacancy_roster_id"), nullable=False),
        sa.Column(
            "participation", sa.Uuid, sa.ForeignKey("application.id", name="fk_vacancy_participation"), nullable=False
        ),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("promoted", sa.Uuid, sa.ForeignKey("application.id", name="fk_vacancy_promoted")),
        sa.Column("roster_version", sa.Integer, nullable=False),
        sa.Column("vacated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("promoted <> participation", name=op.f("ck_vacancy_not_oneself")),
        sa.UniqueConstraint("participation", name="uq_vacancy_participation"),
        sa.UniqueConstraint("promoted", name="uq_vacancy_promoted"),
    )
    op.execute(
        "CREATE TRIGGER roster_edition_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON roster_edition "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    drop_plumbing_v1(cast(Operations, op))
