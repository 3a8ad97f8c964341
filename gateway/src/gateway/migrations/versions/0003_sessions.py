"""Sessions of browsers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table; the cookie's value is never in it."""
    moments = ("created_at", "seen_at", "refresh_at", "access_ends_at", "ends_at")
    op.create_table(
        "browser_session",
        sa.Column("id_hash", sa.LargeBinary, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("sid", sa.Text),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("tokens", sa.LargeBinary, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in moments),
        sa.Column("refreshing_until", sa.DateTime(timezone=True)),
        sa.CheckConstraint("octet_length(id_hash) = 32", name="ck_browser_session_id_hash"),
        sa.CheckConstraint("ends_at > created_at AND seen_at >= created_at", name="ck_browser_session_times"),
        sa.CheckConstraint("generation >= 1", name="ck_browser_session_generation"),
    )
    op.create_index("ix_browser_session_subject", "browser_session", ["subject"])
    op.create_index("ix_browser_session_sid", "browser_session", ["sid"])
    op.create_index("ix_browser_session_ends_at", "browser_session", ["ends_at"])


def downgrade() -> None:
    """Every browser is signed out."""
    op.drop_table("browser_session")
