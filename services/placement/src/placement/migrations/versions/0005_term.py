"""Segments, obligations, the register of hosts."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_DAYS = (
    "numrange((hashtextextended(account, 0)::numeric * 18446744073709551616 + hashtextextended(account, 1)::numeric) "
    "* 10000000 + (starts_on - DATE '0001-01-01'), (hashtextextended(account, 0)::numeric * 18446744073709551616 + "
    "hashtextextended(account, 1)::numeric) * 10000000 + (ends_on - DATE '0001-01-01'), '[]') WITH &&"
)

_UP = (
    """ALTER TABLE segment
    ADD COLUMN share INTEGER DEFAULT 100 NOT NULL,
    ADD COLUMN share_from INTEGER DEFAULT 0 NOT NULL,
    ADD CONSTRAINT ck_segment_share CHECK (share >= 1 AND share_from >= 0 AND share_from + share <= 100)""",
    "ALTER TABLE segment DROP CONSTRAINT ex_segment_days",
    (
        f"ALTER TABLE segment ADD CONSTRAINT ex_segment_days EXCLUDE USING gist ({_DAYS}, "
        "int4range(share_from, share_from + share) WITH &&) WHERE (state <> 'void') DEFERRABLE INITIALLY DEFERRED"
    ),
    """CREATE FUNCTION segment_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which uuid := coalesce(NEW.placement, OLD.placement);
    covered boolean;
BEGIN
    PERFORM FROM placement WHERE id = which FOR NO KEY UPDATE;
    SELECT coalesce(range_agg(daterange(starts_on, ends_on, '[]')) FILTER (WHERE share_from = 0), '{}') @>
           coalesce(range_agg(daterange(starts_on, ends_on, '[]')) FILTER (WHERE share_from > 0), '{}')
      INTO covered FROM segment WHERE placement = which AND state <> 'void';
    IF NOT covered THEN
        RAISE EXCEPTION 'ex_segment_shares: a share beside a host that is not there on placement %', which
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'ex_segment_shares', TABLE = 'segment';
    END IF;
    RETURN NULL;
END $$""",
    """CREATE CONSTRAINT TRIGGER segment_shares_written AFTER INSERT OR UPDATE ON segment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.share < 100) EXECUTE FUNCTION segment_shares()""",
    """CREATE CONSTRAINT TRIGGER segment_shares_deleted AFTER DELETE ON segment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.share < 100) EXECUTE FUNCTION segment_shares()""",
)
_TABLES = (
    """CREATE TABLE sector_task (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    participation UUID NOT NULL,
    department TEXT NOT NULL,
    host TEXT NOT NULL,
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    due_on DATE NOT NULL,
    done_on DATE,
    CONSTRAINT pk_sector_task PRIMARY KEY (id),
    CONSTRAINT ck_sector_task_done CHECK (state NOT IN ('done', 'not_needed') OR done_on IS NOT NULL),
    CONSTRAINT fk_sector_task_participation FOREIGN KEY (participation) REFERENCES placement (id)
)""",
    "CREATE INDEX ix_sector_task_participation ON sector_task (participation)",
    "CREATE UNIQUE INDEX uq_sector_task_open ON sector_task (participation, host, code) WHERE state = 'open'",
    "CREATE INDEX ix_sector_task_owed ON sector_task (due_on) WHERE state = 'open'",
    "CREATE INDEX ix_sector_task_department ON sector_task (department text_pattern_ops)",
    """CREATE TABLE escalation (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    obligation UUID NOT NULL,
    subject UUID NOT NULL,
    participation UUID,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    owed_by TEXT NOT NULL,
    office TEXT NOT NULL,
    session TEXT,
    step INTEGER NOT NULL,
    due_on DATE NOT NULL,
    raised_on DATE NOT NULL,
    CONSTRAINT pk_escalation PRIMARY KEY (id),
    CONSTRAINT uq_escalation_obligation_step UNIQUE (obligation, step),
    CONSTRAINT ck_escalation_overdue CHECK (raised_on > due_on)
)""",
    "CREATE INDEX ix_escalation_raised_on ON escalation (raised_on)",
    """CREATE TABLE calendar (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    account TEXT NOT NULL,
    organisation TEXT NOT NULL,
    token_sha256 TEXT NOT NULL,
    state TEXT NOT NULL,
    roles JSONB NOT NULL,
    expires_on DATE NOT NULL,
    CONSTRAINT pk_calendar PRIMARY KEY (id),
    CONSTRAINT uq_calendar_token_sha256 UNIQUE (token_sha256)
)""",
    "CREATE UNIQUE INDEX uq_calendar_account ON calendar (account) WHERE state = 'active'",
    "CREATE INDEX ix_report_owed ON report (due_on) WHERE state IN ('due', 'overdue', 'returned')",
    "CREATE INDEX ix_placement_confirmed ON placement (planned_start) WHERE state = 'confirmed'",
)
_HOSTS = ("ALTER TABLE host ADD COLUMN coordinator TEXT, ADD COLUMN state TEXT DEFAULT 'active' NOT NULL",)
_DOWN = (
    "ALTER TABLE host DROP COLUMN state, DROP COLUMN coordinator",
    "DROP INDEX ix_placement_confirmed",
    "DROP INDEX ix_report_owed",
    "DROP TABLE calendar",
    "DROP TABLE escalation",
    "DROP TABLE sector_task",
    "DROP TRIGGER segment_shares_deleted ON segment",
    "DROP TRIGGER segment_shares_written ON segment",
    "DROP FUNCTION segment_shares()",
    "ALTER TABLE segment DROP CONSTRAINT ex_segment_days",
    (
        f"ALTER TABLE segment ADD CONSTRAINT ex_segment_days EXCLUDE USING gist ({_DAYS}) "
        "WHERE (state <> 'void') DEFERRABLE INITIALLY DEFERRED"
    ),
    "ALTER TABLE segment DROP CONSTRAINT ck_segment_share, DROP COLUMN share_from, DROP COLUMN share",
)


def upgrade() -> None:
    """Shares of days, held together by the database; sector tasks, escalations, calendars; indexes of what is owed."""
    for statement in (*_UP, *_TABLES, *_HOSTS):
        op.execute(statement)


def downgrade() -> None:
    """One host a day again; refused by the constraint while days are shared."""
    for statement in _DOWN:
        op.execute(statement)
