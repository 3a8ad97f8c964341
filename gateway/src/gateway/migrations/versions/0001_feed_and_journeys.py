"""Feed with dense positions, journeys, rosters.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.work.plumbing_v1 import create_plumbing_v1, drop_plumbing_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MILESTONES = ("applied", "selected", "placed", "arrived", "ended", "assessed", "certified", "settled")
SUMS = ("reserved", "committed", "released", "paid", "clawback_due", "clawed_back")


def upgrade() -> None:
    create_plumbing_v1(op)  # type: ignore[arg-type]
    op.create_table(
        "feed_head",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.CheckConstraint("id = 1", name="ck_feed_head_single"),
    )
    op.execute("INSERT INTO feed_head (id, position) VALUES (1, 0)")
    op.create_table(
        "feed",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("aggregate", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", JSONB, nullable=False),
        sa.UniqueConstraint("source", "event_id", name="uq_feed_source_event_id"),
        sa.CheckConstraint("position > 0", name="ck_feed_position"),
    )
    op.create_index("ix_feed_type_position", "feed", ["type", "position"])
    op.create_index("ix_feed_subject_position", "feed", ["subject", "position"])
    op.create_table(
        "journey",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        *(
            sa.Column(name, sa.Text)
            for name in ("account", "programme", "batch", "session", "unit", "prefecture", "host", "host_province")
        ),
        *(sa.Column(f"{name}_on", sa.Date) for name in MILESTONES),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in SUMS),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("document_hash", sa.Text, nullable=False),
        sa.CheckConstraint("paid >= 0 AND reserved >= 0 AND committed >= 0", name="ck_journey_sums"),
    )
    op.create_index("ix_journey_programme_session", "journey", ["programme", "session", "stage"])
    op.create_index("ix_journey_account", "journey", ["account"])
    op.create_index("ix_journey_unit", "journey", ["unit"])
    op.create_index("ix_journey_host", "journey", ["host"])
    op.create_index("ix_journey_updated_at", "journey", ["updated_at", "id"])
    op.create_table(
        "roster",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("programme", sa.Text),
        sa.Column("session", sa.Text),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("receipt", sa.Text),
        sa.Column("selected_count", sa.Integer),
        sa.Column("reserve_count", sa.Integer),
        sa.Column("sequence", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("roster", "journey", "feed", "feed_head"):
        op.drop_table(table)
    drop_plumbing_v1(op)  # type: ignore[arg-type]
