"""Registers of hosts, directions of offers and what the year lacked."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


_UP = (
    "ALTER TABLE class_question ADD COLUMN followed_up_on date",
    (
        "UPDATE class_question SET followed_up_on = (updated_at AT TIME ZONE 'Asia/Shanghai')::date "
        "WHERE state = 'follow_up'"
    ),
    (
        "ALTER TABLE class_question ADD CONSTRAINT ck_class_question_followed_up "
        "CHECK (state <> 'follow_up' OR followed_up_on IS NOT NULL)"
    ),
    "ALTER TABLE placement ADD COLUMN formalities_on date",
    "CREATE INDEX ix_segment_shared ON segment (host) WHERE share < 100",
)
_DOWN = (
    "DROP INDEX ix_segment_shared",
    "ALTER TABLE placement DROP COLUMN formalities_on",
    "ALTER TABLE class_question DROP CONSTRAINT ck_class_question_followed_up",
    "ALTER TABLE class_question DROP COLUMN followed_up_on",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
