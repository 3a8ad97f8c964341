"""Jobs, accreditations and talent cards."""

from __future__ import annotations

from alembic import op

from shared.jobs.tables import create_jobs_v1

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


_UP = (
    """CREATE TABLE issue_left (
    job_id uuid NOT NULL CONSTRAINT fk_issue_left_job_id REFERENCES job ON DELETE CASCADE,
    participation uuid NOT NULL, code text NOT NULL,
    CONSTRAINT pk_issue_left PRIMARY KEY (job_id, participation)
    )""",
)
_DOWN = ("DROP TABLE issue_left", "DROP TABLE job_file", "DROP TABLE job")


def upgrade() -> None:
    for statement in (*create_jobs_v1(), *_UP):
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
