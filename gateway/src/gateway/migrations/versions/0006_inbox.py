"""Find an event of the feed by its id alone, for those who wait for what they did."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_feed_event_id", "feed", ["event_id"])


def downgrade() -> None:
    op.drop_index("ix_feed_event_id", "feed")
