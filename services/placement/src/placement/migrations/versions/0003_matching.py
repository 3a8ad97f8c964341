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
    """CREATE TABLE paired_object (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    programme TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    scheme TEXT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    area TEXT NOT NULL,
    title TEXT NOT NULL,
    CONSTRAINT pk_paired_object PRIMARY KEY (id),
    CONSTRAINT uq_paired_object_programme_code UNIQUE (programme, code),
    CONSTRAINT ck_paired_object_kind CHECK (kind IN ('project', 'fund', 'technology'))
)""",
    "CREATE INDEX ix_paired_object_scheme ON paired_object (programme, scheme)",
    """CREATE TABLE secondment_link (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    participation UUID NOT NULL,
    object UUID NOT NULL,
    CONSTRAINT pk_secondment_link PRIMARY KEY (id),
    CONSTRAINT fk_secondment_link_participation FOREIGN KEY (participation) REFERENCES placement (id),
    CONSTRAINT fk_secondment_link_object FOREIGN KEY (object) REFERENCES paired_object (id),
    CONSTRAINT uq_secondment_link_participation_object UNIQUE (participation, object)
)""",
    "CREATE INDEX ix_secondment_link_object ON secondment_link (object)",
    "CREATE INDEX ix_secondment_link_participation ON secondment_link (participation)",
    """CREATE TABLE contribution (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    participation UUID NOT NULL,
    kind TEXT NOT NULL,
    summary TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    made_on DATE NOT NULL,
    object UUID,
    CONSTRAINT pk_contribution PRIMARY KEY (id),
    CONSTRAINT fk_contribution_participation FOREIGN KEY (participation) REFERENCES placement (id),
    CONSTRAINT fk_contribution_object FOREIGN KEY (object) REFERENCES paired_object (id),
    CONSTRAINT uq_contribution_participation_kind_made_on UNIQUE (participation, kind, made_on)
)""",
    "CREATE INDEX ix_contribution_participation ON contribution (participation)",
)
_DOWN = (
    "DROP TABLE contribution",
    "DROP TABLE secondment_link",
    "DROP TABLE paired_object",
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
