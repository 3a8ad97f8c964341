"""Jobs that read and write spreadsheets; registrations beside imported applications."""

from __future__ import annotations

from alembic import op

from shared.jobs.tables import create_jobs_v1

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_UP = (
    """CREATE TABLE registration (
    id uuid CONSTRAINT pk_registration PRIMARY KEY, version integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    call_id uuid NOT NULL CONSTRAINT fk_registration_call_id REFERENCES call, job_id uuid NOT NULL,
    organisation text NOT NULL, by text NOT NULL, digest bytea NOT NULL, claim_index bytea NOT NULL,
    consent_stated_at timestamptz NOT NULL, claimed_at timestamptz,
    CONSTRAINT uq_registration_claim_index UNIQUE (claim_index)
    )""",
    """CREATE TABLE import_row (
    job_id uuid NOT NULL CONSTRAINT fk_import_row_job_id REFERENCES job ON DELETE CASCADE, number integer NOT NULL,
    outcome text NOT NULL, identity_index bytea, likeness bytea, digest bytea, problems jsonb, application uuid,
    CONSTRAINT pk_import_row PRIMARY KEY (job_id, number),
    CONSTRAINT ck_import_row_outcome_known CHECK (outcome IN ('ok', 'wrong', 'unchanged', 'applied'))
    )""",
    "CREATE INDEX ix_import_row_identity ON import_row (job_id, identity_index)",
    "CREATE INDEX ix_import_row_likeness ON import_row (job_id, likeness)",
    "CREATE INDEX ix_person_birth_date_name_zh ON person (birth_date, name_zh)",
    "CREATE INDEX ix_application_person_id ON application (person_id)",
)


def upgrade() -> None:
    for statement in (*create_jobs_v1(), *_UP):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP INDEX ix_application_person_id")
    op.execute("DROP INDEX ix_person_birth_date_name_zh")
    for table in ("import_row", "registration", "job_file", "job"):
        op.execute(f"DROP TABLE {table}")
