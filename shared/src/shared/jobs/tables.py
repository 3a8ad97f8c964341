"""The tables of jobs, for the metadata of a service that has some."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.kernel.job import RUNNABLE, JobState
from shared.work.tables import aggregate_columns, moment


def job_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Define ``job`` and ``job_file`` in ``metadata``; files are kept in sealed pieces of at most 1 MiB."""
    states = ", ".join(f"'{state}'" for state in JobState)
    runnable = ", ".join(f"'{state}'" for state in RUNNABLE)
    job = Table(
        "job", metadata, *aggregate_columns(),
        Column("state", Text, nullable=False), Column("kind", Text, nullable=False),
        Column("owner", Text, nullable=False), Column("organisation", Text, nullable=False),
        Column("roles", JSONB, nullable=False), Column("language", Text, nullable=False),
        Column("subject", Uuid, nullable=False), Column("params", JSONB, nullable=False),
        Column("counts", JSONB, nullable=False), Column("position", Integer, nullable=False),
        Column("attempts", Integer, nullable=False), Column("problem", JSONB(none_as_null=True)),
        Column("wrapped_key", LargeBinary), Column("sha256", Text), moment("asked_at"),
        moment("finished_at", nullable=True),
        CheckConstraint(f"state IN ({states})", name="state_known"),
        CheckConstraint("position >= 0", name="position_counted"),
        Index("ix_job_runnable", "asked_at", "id", postgresql_where=text(f"state IN ({runnable})")),
        Index("ix_job_organisation_id", "organisation", "id"),
        Index("ix_job_finished", "finished_at", postgresql_where=text("wrapped_key IS NOT NULL")),
    )  # fmt: skip
    job_file = Table(
        "job_file", metadata,
        Column("job_id", Uuid, ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
        Column("part", Text, nullable=False), Column("n", Integer, nullable=False),
        Column("content", LargeBinary, nullable=False),
        PrimaryKeyConstraint("job_id", "part", "n"),
    )  # fmt: skip
    return job, job_file


def create_jobs_v1() -> tuple[str, ...]:
    """The first version of these tables, frozen, for a service's migration."""
    return (
        """CREATE TABLE job (
        id uuid CONSTRAINT pk_job PRIMARY KEY, version integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
        state text NOT NULL, kind text NOT NULL, owner text NOT NULL, organisation text NOT NULL,
        roles jsonb NOT NULL, language text NOT NULL, subject uuid NOT NULL, params jsonb NOT NULL,
        counts jsonb NOT NULL, position integer NOT NULL, attempts integer NOT NULL, problem jsonb,
        wrapped_key bytea, sha256 text, asked_at timestamptz NOT NULL, finished_at timestamptz,
        CONSTRAINT ck_job_state_known CHECK (state IN ('queued', 'checking', 'checked', 'confirmed', 'applying', 'done',
            'failed', 'cancelled')),
        CONSTRAINT ck_job_position_counted CHECK (position >= 0)
        )""",
        """CREATE INDEX ix_job_runnable ON job (asked_at, id)
        WHERE state IN ('queued', 'checking', 'confirmed', 'applying')""",
        "CREATE INDEX ix_job_organisation_id ON job (organisation, id)",
        "CREATE INDEX ix_job_finished ON job (finished_at) WHERE wrapped_key IS NOT NULL",
        """CREATE TABLE job_file (
        job_id uuid NOT NULL CONSTRAINT fk_job_file_job_id REFERENCES job ON DELETE CASCADE,
        part text NOT NULL, n integer NOT NULL, content bytea NOT NULL,
        CONSTRAINT pk_job_file PRIMARY KEY (job_id, part, n)
        )""",
    )
