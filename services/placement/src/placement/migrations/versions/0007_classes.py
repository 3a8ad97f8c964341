"""Short classes and expert missions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    "class_question",
    "class_mark",
    "class_copy",
    "mission_expert",
    "mission_activity",
    "class_unit",
    "class_session",
    "class_seat",
    "class_score",
    "class_quota",
    "class_material",
    "short_class",
    "mission",
)


def _aggregate() -> list[sa.Column[Any]]:
    moment = sa.DateTime(timezone=True)
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", moment, server_default=sa.text("now()"), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "mission",
        *_aggregate(),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("leader", sa.Text(), nullable=True),
        sa.Column("report_text", sa.Text(), nullable=True),
        sa.Column("report_reference", sa.Text(), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("needs", JSONB(), nullable=False),
        sa.Column("itinerary", JSONB(), nullable=False),
        sa.Column("team", JSONB(), nullable=False),
        sa.Column("outcomes", JSONB(), nullable=False),
        sa.Column("wanted_from", sa.Date(), nullable=False),
        sa.Column("wanted_until", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("departed_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("report_due_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.CheckConstraint("departed_on <= returned_on", name=op.f("ck_mission_field")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_mission_days")),
        sa.CheckConstraint("wanted_from <= wanted_until", name=op.f("ck_mission_wanted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission")),
    )
    op.create_index("ix_mission_programme", "mission", ["programme", "year"], unique=False)
    op.create_index(
        "ix_mission_region", "mission", ["region"], unique=False, postgresql_ops={"region": "text_pattern_ops"}
    )
    op.create_table(
        "short_class",
        *_aggregate(),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("host_province", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("group_seed", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("registers_until", sa.Date(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on AND registers_until <= ends_on", name=op.f("ck_short_class_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_short_class")),
        sa.UniqueConstraint("programme", "code", name=op.f("uq_short_class_programme_code")),
    )
    op.create_table(
        "class_material",
        *_aggregate(),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["short_class.id"], name=op.f("fk_class_material_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_material")),
        sa.UniqueConstraint("class_id", "code", name=op.f("uq_class_material_class_id_code")),
    )
    op.create_table(
        "class_quota",
        *_aggregate(),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken BETWEEN 0 AND seats", name=op.f("ck_class_quota_taken")),
        sa.ForeignKeyConstraint(["class_id"], ["short_class.id"], name=op.f("fk_class_quota_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_quota")),
        sa.UniqueConstraint("class_id", "category", name=op.f("uq_class_quota_class_id_category")),
    )
    op.create_table(
        "class_score",
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_class_score_count")),
        sa.ForeignKeyConstraint(["class_id"], ["short_class.id"], name=op.f("fk_class_score_class_id")),
        sa.UniqueConstraint("class_id", "dimension", "score", name=op.f("uq_class_score_class_id_dimension_score")),
    )
    op.create_table(
        "class_seat",
        *_aggregate(),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("participation", sa.Uuid(), nullable=True),
        sa.Column("breakout", sa.Integer(), nullable=True),
        sa.Column("evaluated", sa.Boolean(), nullable=False),
        sa.Column("seated_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["class_id"], ["short_class.id"], name=op.f("fk_class_seat_class_id")),
        sa.ForeignKeyConstraint(["participation"], ["placement.id"], name=op.f("fk_class_seat_participation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_seat")),
        sa.UniqueConstraint("class_id", "number", name=op.f("uq_class_seat_class_id_number")),
    )
    op.create_index("ix_class_seat_unit", "class_seat", ["class_id", "unit"], unique=False)
    op.create_index("ix_class_seat_updated_at", "class_seat", ["updated_at", "id"], unique=False)
    op.create_index(
        "uq_class_seat_account",
        "class_seat",
        ["class_id", "account"],
        unique=True,
        postgresql_where=sa.text("state <> 'released'"),
    )
    op.create_index(
        "uq_class_seat_participation",
        "class_seat",
        ["participation"],
        unique=True,
        postgresql_where=sa.text("state <> 'released'"),
    )
    op.create_table(
        "class_session",
        *_aggregate(),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topic_zh", sa.Text(), nullable=False),
        sa.Column("topic_en", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lecturers", JSONB(), nullable=False),
        sa.Column("breakout", sa.Integer(), nullable=True),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_class_session_moments")),
        sa.ForeignKeyConstraint(["class_id"], ["short_class.id"], name=op.f("fk_class_session_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_session")),
        sa.UniqueConstraint("class_id", "number", name=op.f("uq_class_session_class_id_number")),
    )
    op.create_table(
        "class_unit",
        *_aggregate(),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.CheckConstraint("registered BETWEEN 0 AND most", name=op.f("ck_class_unit_registered")),
        sa.ForeignKeyConstraint(["class_id"], ["short_class.id"], name=op.f("fk_class_unit_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_unit")),
        sa.UniqueConstraint("class_id", "unit", name=op.f("uq_class_unit_class_id_unit")),
    )
    op.create_table(
        "mission_activity",
        *_aggregate(),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("experts", JSONB(), nullable=False),
        sa.Column("beneficiaries", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_mission_activity_mission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_activity")),
        sa.UniqueConstraint("mission_id", "number", name=op.f("uq_mission_activity_mission_id_number")),
    )
    op.create_table(
        "mission_expert",
        *_aggregate(),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("specialty", sa.Text(), nullable=False),
        sa.Column("participation", sa.Uuid(), nullable=True),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_mission_expert_mission_id")),
        sa.ForeignKeyConstraint(["participation"], ["placement.id"], name=op.f("fk_mission_expert_participation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission_expert")),
        sa.UniqueConstraint("mission_id", "account", name=op.f("uq_mission_expert_mission_id_account")),
        sa.UniqueConstraint("participation", name=op.f("uq_mission_expert_participation")),
    )
    op.create_index(
        "uq_mission_expert_leads", "mission_expert", ["mission_id"], unique=True, postgresql_where=sa.text("leads")
    )
    op.create_table(
        "class_copy",
        *_aggregate(),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["short_class.id"], name=op.f("fk_class_copy_class_id")),
        sa.ForeignKeyConstraint(["material_id"], ["class_material.id"], name=op.f("fk_class_copy_material_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["class_seat.id"], name=op.f("fk_class_copy_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_copy")),
        sa.UniqueConstraint("material_id", "seat_id", name=op.f("uq_class_copy_material_id_seat_id")),
    )
    op.create_index("ix_class_copy_class_id", "class_copy", ["class_id"], unique=False)
    op.create_table(
        "class_mark",
        *_aggregate(),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.CheckConstraint("mark IN ('present', 'excused', 'absent')", name=op.f("ck_class_mark_mark")),
        sa.ForeignKeyConstraint(["class_id"], ["short_class.id"], name=op.f("fk_class_mark_class_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["class_seat.id"], name=op.f("fk_class_mark_seat_id")),
        sa.ForeignKeyConstraint(["session_id"], ["class_session.id"], name=op.f("fk_class_mark_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_mark")),
        sa.UniqueConstraint("session_id", "seat_id", name=op.f("uq_class_mark_session_id_seat_id")),
    )
    op.create_index("ix_class_mark_class_id", "class_mark", ["class_id"], unique=False)
    op.create_table(
        "class_question",
        *_aggregate(),
        sa.Column("class_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("answer_text", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.CheckConstraint("phase IN ('before', 'during')", name=op.f("ck_class_question_phase")),
        sa.CheckConstraint("count > 0", name=op.f("ck_class_question_count")),
        sa.ForeignKeyConstraint(["class_id"], ["short_class.id"], name=op.f("fk_class_question_class_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["class_seat.id"], name=op.f("fk_class_question_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_question")),
        sa.UniqueConstraint("class_id", "number", name=op.f("uq_class_question_class_id_number")),
    )
    op.create_index(
        "ix_class_question_due_on",
        "class_question",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("state = 'received'"),
    )


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
