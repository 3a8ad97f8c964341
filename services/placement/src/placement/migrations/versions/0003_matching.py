"""Matching: methods, pairings, jobs."""

from __future__ import annotations

from alembic import op

from shared.jobs.tables import create_jobs_v1

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_UP = (
    "ALTER TABLE offer ADD COLUMN priorities JSONB NOT NULL DEFAULT '[]'::jsonb",
    "ALTER TABLE matching_run ADD COLUMN proposal_sha256 TEXT",
    """CREATE TABLE matching_input (
    id UUID NOT NULL CONSTRAINT pk_matching_input PRIMARY KEY
        CONSTRAINT fk_matching_input_id REFERENCES matching_run (id) ON DELETE CASCADE,
    content BYTEA NOT NULL
)""",
    "ALTER TABLE host ADD COLUMN area TEXT, ADD COLUMN unit_class TEXT",
    "ALTER TABLE placement ADD COLUMN position_class TEXT, ADD COLUMN destination TEXT, ADD COLUMN staff_category TEXT",
)
_DOWN = (
    "DROP TABLE matching_input",
    "ALTER TABLE matching_run DROP COLUMN proposal_sha256",
    "ALTER TABLE offer DROP COLUMN priorities",
    "ALTER TABLE placement DROP COLUMN staff_category, DROP COLUMN destination, DROP COLUMN position_class",
    "ALTER TABLE host DROP COLUMN unit_class, DROP COLUMN area",
)
_TABLES = ("job_file", "job")


def upgrade() -> None:
    for statement in (*create_jobs_v1(), *_UP):
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
    for table in _TABLES:
        op.execute(f"DROP TABLE {table}")
