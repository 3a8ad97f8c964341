"""Matching: methods, pairings, jobs."""

from __future__ import annotations

from alembic import op

from shared.jobs.tables import create_jobs_v1

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = ("job_file", "job")


def upgrade() -> None:
    for statement in create_jobs_v1():
        op.execute(statement)


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"DROP TABLE {table}")
