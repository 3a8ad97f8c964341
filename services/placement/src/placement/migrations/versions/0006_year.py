"""Study groups, reports, inspections, check-ins, courses."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_UP = (
    """CREATE TABLE study_group (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    region TEXT NOT NULL,
    programme TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    session TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    size INTEGER NOT NULL,
    smallest INTEGER NOT NULL,
    largest INTEGER NOT NULL,
    size_reason TEXT,
    leader_account TEXT,
    leader UUID,
    formed_on DATE NOT NULL,
    activated_on DATE,
    dissolved_on DATE,
    CONSTRAINT pk_study_group PRIMARY KEY (id),
    CONSTRAINT ck_study_group_size CHECK (size >= 0),
    CONSTRAINT ck_study_group_led CHECK ((leader IS NULL) = (state IN ('formed', 'dissolved'))),
    CONSTRAINT uq_study_group_region_session_name UNIQUE (region, session, name)
)""",
    """CREATE INDEX ix_study_group_leader_account ON study_group (leader_account)""",
    """CREATE TABLE group_membership (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    "group" UUID NOT NULL,
    participation UUID NOT NULL,
    account TEXT NOT NULL,
    sending_unit TEXT NOT NULL,
    joined_on DATE NOT NULL,
    left_on DATE,
    CONSTRAINT pk_group_membership PRIMARY KEY (id),
    CONSTRAINT ck_group_membership_days CHECK (left_on >= joined_on),
    CONSTRAINT fk_group_membership_group FOREIGN KEY("group") REFERENCES study_group (id),
    CONSTRAINT fk_group_membership_participation FOREIGN KEY(participation) REFERENCES placement (id)
)""",
    """CREATE INDEX ix_group_membership_group ON group_membership ("group")""",
    """CREATE INDEX ix_group_membership_participation ON group_membership (participation)""",
    """CREATE UNIQUE INDEX uq_group_membership_running ON group_membership (participation) WHERE left_on IS NULL""",
    """CREATE TABLE group_log (
    id UUID NOT NULL,
    line BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL,
    "group" UUID NOT NULL,
    participation UUID NOT NULL,
    change TEXT NOT NULL,
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_group_log PRIMARY KEY (id),
    CONSTRAINT fk_group_log_group FOREIGN KEY("group") REFERENCES study_group (id),
    CONSTRAINT fk_group_log_participation FOREIGN KEY(participation) REFERENCES placement (id)
)""",
    """CREATE INDEX ix_group_log_group ON group_log ("group", line)""",
    """CREATE INDEX ix_group_log_participation ON group_log (participation)""",
    """CREATE TABLE group_report (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    "group" UUID NOT NULL,
    period INTEGER NOT NULL,
    covers_from DATE NOT NULL,
    covers_to DATE NOT NULL,
    due_on DATE NOT NULL,
    recipients JSONB NOT NULL,
    acknowledged JSONB NOT NULL,
    state TEXT NOT NULL,
    text TEXT,
    reference TEXT,
    attachment_sha256 TEXT,
    return_reason TEXT,
    submitted_on DATE,
    CONSTRAINT pk_group_report PRIMARY KEY (id),
    CONSTRAINT ck_group_report_attachment CHECK (attachment_sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT uq_group_report_group_period UNIQUE ("group", period),
    CONSTRAINT fk_group_report_group FOREIGN KEY("group") REFERENCES study_group (id)
)""",
    """CREATE INDEX ix_group_report_owed ON group_report (due_on, id) WHERE state IN ('due', 'overdue', 'returned')""",
    """CREATE TABLE group_meeting (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    "group" UUID NOT NULL,
    state TEXT NOT NULL,
    place TEXT NOT NULL,
    called_by TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_group_meeting PRIMARY KEY (id),
    CONSTRAINT fk_group_meeting_group FOREIGN KEY("group") REFERENCES study_group (id)
)""",
    """CREATE UNIQUE INDEX uq_group_meeting_called ON group_meeting ("group", starts_at) WHERE state = 'called'""",
    """CREATE TABLE inspection (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    region TEXT NOT NULL,
    host TEXT NOT NULL,
    programme TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    session TEXT NOT NULL,
    state TEXT NOT NULL,
    draw UUID,
    planned_on DATE NOT NULL,
    conducted_on DATE,
    closed_on DATE,
    due_on DATE,
    findings JSONB NOT NULL,
    CONSTRAINT pk_inspection PRIMARY KEY (id),
    CONSTRAINT ck_inspection_hidden_until_conducted CHECK ((conducted_on IS NULL) = (state IN ('planned', 'cancelled'))),
    CONSTRAINT ck_inspection_found_when_conducted CHECK (findings = '[]' OR conducted_on IS NOT NULL),
    CONSTRAINT ck_inspection_closed CHECK ((closed_on IS NULL) = (state <> 'closed'))
)""",
    """CREATE INDEX ix_inspection_host ON inspection (host)""",
    """CREATE INDEX ix_inspection_region ON inspection (region, programme)""",
    """CREATE UNIQUE INDEX uq_inspection_planned ON inspection (region, host, session) WHERE state = 'planned'""",
    """CREATE TABLE inspection_draw (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    region TEXT NOT NULL,
    programme TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    session TEXT NOT NULL,
    seed TEXT NOT NULL,
    made_by TEXT NOT NULL,
    state TEXT NOT NULL,
    decided_by TEXT,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    candidates JSONB NOT NULL,
    drawn JSONB NOT NULL,
    CONSTRAINT pk_inspection_draw PRIMARY KEY (id)
)""",
    """CREATE UNIQUE INDEX uq_inspection_draw_open ON inspection_draw (region, programme, session) WHERE state = 'proposed'""",
    """CREATE TABLE checkin (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    participation UUID NOT NULL,
    number INTEGER,
    state TEXT NOT NULL,
    opened_on DATE NOT NULL,
    settled_on DATE,
    needs JSONB NOT NULL,
    CONSTRAINT pk_checkin PRIMARY KEY (id),
    CONSTRAINT uq_checkin_participation_number UNIQUE (participation, number),
    CONSTRAINT ck_checkin_nothing_kept CHECK (state NOT IN ('invited', 'declined', 'withdrawn', 'lapsed') OR needs = '[]'),
    CONSTRAINT ck_checkin_something_told CHECK (state NOT IN ('asked', 'taken_up') OR needs <> '[]'),
    CONSTRAINT fk_checkin_participation FOREIGN KEY(participation) REFERENCES placement (id)
)""",
    """CREATE INDEX ix_checkin_participation ON checkin (participation)""",
    """CREATE TABLE welfare_contact (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    host TEXT NOT NULL,
    account TEXT NOT NULL,
    named_on DATE NOT NULL,
    CONSTRAINT pk_welfare_contact PRIMARY KEY (id),
    CONSTRAINT uq_welfare_contact_host UNIQUE (host)
)""",
    # The log of a group is only ever added to.
    """CREATE FUNCTION group_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the log of groups is append-only: % is refused', TG_OP
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'group_log_append_only';
    END $$""",
    """CREATE TRIGGER group_log_append_only BEFORE UPDATE OR DELETE ON group_log
    FOR EACH STATEMENT EXECUTE FUNCTION group_log_is_append_only()""",
)

_DOWN = (
    "DROP TABLE welfare_contact",
    "DROP TABLE checkin",
    "DROP TABLE inspection_draw",
    "DROP TABLE inspection",
    "DROP TABLE group_meeting",
    "DROP TABLE group_report",
    "DROP TABLE group_log",
    "DROP FUNCTION group_log_is_append_only",
    "DROP TABLE group_membership",
    "DROP TABLE study_group",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
