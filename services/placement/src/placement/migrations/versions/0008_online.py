"""Online courses and their completions."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COMMON = """id uuid CONSTRAINT pk_{name} PRIMARY KEY, version integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),"""
_UP = (
    f"""CREATE TABLE online_course ({_COMMON.format(name="online_course")}
    code text NOT NULL CONSTRAINT uq_online_course_code UNIQUE, provider text NOT NULL, title_zh text NOT NULL,
    title_en text NOT NULL, subject text NOT NULL, hours integer NOT NULL, offered boolean NOT NULL,
    CONSTRAINT ck_online_course_hours CHECK (hours BETWEEN 1 AND 500),
    CONSTRAINT ck_online_course_subject CHECK (subject IN ('professional', 'public'))
    )""",
    "CREATE INDEX ix_online_course_updated_at ON online_course (updated_at, id)",
    f"""CREATE TABLE course_completion ({_COMMON.format(name="course_completion")}
    participation uuid NOT NULL CONSTRAINT fk_course_completion_participation REFERENCES placement,
    course text NOT NULL, provider text NOT NULL, reference text NOT NULL, subject text NOT NULL,
    recorded_by text NOT NULL, hours integer NOT NULL, completed_on date NOT NULL,
    CONSTRAINT uq_course_completion_participation_course UNIQUE (participation, course),
    CONSTRAINT uq_course_completion_provider_reference UNIQUE (provider, reference),
    CONSTRAINT ck_course_completion_hours CHECK (hours BETWEEN 1 AND 500)
    )""",
    "CREATE INDEX ix_course_completion_participation ON course_completion (participation)",
    "CREATE INDEX ix_course_completion_updated_at ON course_completion (updated_at, id)",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE course_completion")
    op.execute("DROP TABLE online_course")
