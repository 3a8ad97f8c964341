"""Statistics, the data-sharing catalogue, corrections and purposes.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Editions of loaded observations, and requests to correct a shared record."""
    op.create_table(
        "observation_set",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("citation", sa.Text, nullable=False),
        sa.Column("rows", JSONB, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("loaded_by", sa.Text, nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.UniqueConstraint("dataset", "edition", name="uq_observation_set_dataset_edition"),
        sa.CheckConstraint("edition > 0", name="ck_observation_set_edition"),
    )
    op.create_index("ix_observation_set_programme", "observation_set", ["programme"])
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("requester", sa.Text, nullable=False),
        sa.Column("requester_organisation", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("assigned_to", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("decided_on", sa.Date),
        sa.CheckConstraint(
            "state IN ('received', 'assigned', 'accepted', 'rejected', 'closed')", name="ck_correction_state"
        ),
    )
    op.create_index("ix_correction_owner", "correction", ["owner", "state"])
    op.create_index("ix_correction_requester", "correction", ["requester"])


def downgrade() -> None:
    """Drop both."""
    op.drop_table("correction")
    op.drop_table("observation_set")
