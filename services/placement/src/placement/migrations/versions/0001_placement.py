"""The first tables of placement: policies, register of hosts, offers, runs, cases and what hangs on them."""

from __future__ import annotations

from typing import cast

from alembic import op
from alembic.operations import Operations

from shared.work.plumbing_v1 import create_plumbing_v1, drop_plumbing_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_UP = (
    """CREATE TABLE policy (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    programme TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    inherits TEXT,
    content JSONB NOT NULL,
    effective JSONB NOT NULL,
    used BOOLEAN NOT NULL,
    CONSTRAINT pk_policy PRIMARY KEY (id),
    CONSTRAINT uq_policy_programme_policy_version UNIQUE (programme, policy_version)
)""",
    """CREATE TABLE host (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    code TEXT NOT NULL,
    path TEXT NOT NULL,
    type TEXT NOT NULL,
    province TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    sector TEXT NOT NULL,
    specialty_groups JSONB NOT NULL,
    specialties JSONB NOT NULL,
    CONSTRAINT pk_host PRIMARY KEY (id),
    CONSTRAINT uq_host_code UNIQUE (code),
    CONSTRAINT uq_host_path UNIQUE (path)
)""",
    """CREATE TABLE mentor (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    account TEXT NOT NULL,
    host TEXT NOT NULL,
    title_level TEXT NOT NULL,
    specialties JSONB NOT NULL,
    load_limit INTEGER NOT NULL,
    load INTEGER NOT NULL,
    CONSTRAINT pk_mentor PRIMARY KEY (id),
    CONSTRAINT uq_mentor_host_account UNIQUE (host, account),
    CONSTRAINT ck_mentor_load CHECK (load BETWEEN 0 AND load_limit)
)""",
    """CREATE TABLE offer (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    host TEXT NOT NULL,
    programme TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    session TEXT NOT NULL,
    specialty_group TEXT NOT NULL,
    state TEXT NOT NULL,
    specialties JSONB NOT NULL,
    capacity INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    CONSTRAINT pk_offer PRIMARY KEY (id),
    CONSTRAINT ck_offer_capacity CHECK (accepted BETWEEN 0 AND capacity)
)""",
    "CREATE INDEX ix_offer_session ON offer (session)",
    "CREATE UNIQUE INDEX uq_offer_open ON offer (host, session, specialty_group) WHERE state = 'open'",
    """CREATE TABLE matching_run (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    session TEXT NOT NULL,
    method TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    input_sha256 TEXT NOT NULL,
    made_by TEXT NOT NULL,
    state TEXT NOT NULL,
    decided_by TEXT,
    report JSONB NOT NULL,
    proposals JSONB NOT NULL,
    unmatched JSONB NOT NULL,
    CONSTRAINT pk_matching_run PRIMARY KEY (id)
)""",
    "CREATE INDEX ix_matching_run_session ON matching_run (session)",
    """CREATE TABLE placement (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    account TEXT NOT NULL,
    programme TEXT NOT NULL,
    batch TEXT NOT NULL,
    session TEXT NOT NULL,
    direction TEXT NOT NULL,
    specialty TEXT NOT NULL,
    specialty_group TEXT NOT NULL,
    study_direction TEXT NOT NULL,
    sending_unit TEXT NOT NULL,
    origin_area TEXT NOT NULL,
    title_level TEXT NOT NULL,
    term TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    state TEXT NOT NULL,
    focus_area TEXT,
    host TEXT,
    host_province TEXT,
    decline_reason TEXT,
    mentor TEXT,
    punctuality TEXT,
    end_kind TEXT,
    end_reason TEXT,
    roster UUID NOT NULL,
    roster_version INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    days_served INTEGER,
    planned_start DATE NOT NULL,
    planned_end DATE NOT NULL,
    proposed_on DATE,
    agreement_on DATE,
    mentor_on DATE,
    plan_on DATE,
    arrived_on DATE,
    ended_on DATE,
    returned_on DATE,
    offer UUID,
    run UUID,
    agreement UUID,
    mentorship UUID,
    plan UUID,
    host_preferences JSONB NOT NULL,
    declined_hosts JSONB NOT NULL,
    CONSTRAINT pk_placement PRIMARY KEY (id),
    CONSTRAINT ck_placement_term CHECK (planned_end >= planned_start),
    CONSTRAINT ck_placement_days_served CHECK (days_served IS NULL OR days_served >= 0)
)""",
    "CREATE INDEX ix_placement_account ON placement (account)",
    "CREATE INDEX ix_placement_host ON placement (host)",
    "CREATE INDEX ix_placement_sending_unit ON placement (sending_unit text_pattern_ops)",
    "CREATE INDEX ix_placement_session ON placement (session, state)",
    "CREATE INDEX ix_placement_updated_at ON placement (updated_at, id)",
    """CREATE TABLE leaving (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    withdrawn BOOLEAN NOT NULL,
    roster_version INTEGER,
    reason TEXT NOT NULL,
    CONSTRAINT pk_leaving PRIMARY KEY (id)
)""",
    """CREATE TABLE segment (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    placement UUID NOT NULL,
    account TEXT NOT NULL,
    host TEXT NOT NULL,
    state TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    CONSTRAINT pk_segment PRIMARY KEY (id),
    CONSTRAINT ck_segment_days CHECK (ends_on >= starts_on),
    CONSTRAINT ex_segment_days EXCLUDE USING gist (numrange(
        (hashtextextended(account, 0)::numeric * 18446744073709551616 + hashtextextended(account, 1)::numeric) * 10000000 + (starts_on - DATE '0001-01-01'),
        (hashtextextended(account, 0)::numeric * 18446744073709551616 + hashtextextended(account, 1)::numeric) * 10000000 + (ends_on - DATE '0001-01-01'), '[]'
    ) WITH &&) WHERE (state <> 'void') DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_segment_placement FOREIGN KEY(placement) REFERENCES placement (id)
)""",
    "CREATE INDEX ix_segment_placement ON segment (placement)",
    """CREATE TABLE agreement (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    participation UUID NOT NULL,
    edition INTEGER NOT NULL,
    amends UUID,
    parties JSONB NOT NULL,
    duties JSONB NOT NULL,
    service_years INTEGER,
    state TEXT NOT NULL,
    amendment_reason TEXT,
    refused_by TEXT,
    refusal_reason TEXT,
    filing_number TEXT,
    in_force_on DATE,
    filed_on DATE,
    CONSTRAINT pk_agreement PRIMARY KEY (id),
    CONSTRAINT uq_agreement_filing_number UNIQUE (filing_number),
    CONSTRAINT fk_agreement_participation FOREIGN KEY(participation) REFERENCES placement (id)
)""",
    "CREATE INDEX ix_agreement_participation ON agreement (participation)",
    "CREATE UNIQUE INDEX uq_agreement_open ON agreement (participation) WHERE state IN ('draft', 'offered')",
    """CREATE TABLE mentorship (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    participation UUID NOT NULL,
    host TEXT NOT NULL,
    account TEXT NOT NULL,
    state TEXT NOT NULL,
    mentor UUID NOT NULL,
    replaces UUID,
    contacted_on DATE,
    active_on DATE,
    ended_on DATE,
    CONSTRAINT pk_mentorship PRIMARY KEY (id),
    CONSTRAINT fk_mentorship_participation FOREIGN KEY(participation) REFERENCES placement (id),
    CONSTRAINT fk_mentorship_mentor FOREIGN KEY(mentor) REFERENCES mentor (id)
)""",
    "CREATE INDEX ix_mentorship_account ON mentorship (account)",
    "CREATE INDEX ix_mentorship_participation ON mentorship (participation)",
    """CREATE TABLE plan (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    participation UUID NOT NULL,
    host TEXT NOT NULL,
    post TEXT NOT NULL,
    state TEXT NOT NULL,
    edition INTEGER NOT NULL,
    revises UUID,
    tasks JSONB NOT NULL,
    inputs JSONB NOT NULL,
    parts JSONB NOT NULL,
    outcomes JSONB NOT NULL,
    revision_reason TEXT,
    trainee_comments TEXT,
    trainee_agrees BOOLEAN,
    consulted_on DATE,
    approved_on DATE,
    in_force_on DATE,
    CONSTRAINT pk_plan PRIMARY KEY (id),
    CONSTRAINT fk_plan_participation FOREIGN KEY(participation) REFERENCES placement (id)
)""",
    "CREATE INDEX ix_plan_participation ON plan (participation)",
    "CREATE UNIQUE INDEX uq_plan_open ON plan (participation) WHERE state IN ('draft', 'trainee_consulted')",
    """CREATE TABLE report (
    id UUID NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    participation UUID NOT NULL,
    period TEXT NOT NULL,
    state TEXT NOT NULL,
    covers_from DATE NOT NULL,
    covers_to DATE NOT NULL,
    due_on DATE NOT NULL,
    recipients JSONB NOT NULL,
    acknowledged JSONB NOT NULL,
    text TEXT,
    reference TEXT,
    return_reason TEXT,
    submitted_on DATE,
    CONSTRAINT pk_report PRIMARY KEY (id),
    CONSTRAINT uq_report_participation_period UNIQUE (participation, period),
    CONSTRAINT fk_report_participation FOREIGN KEY(participation) REFERENCES placement (id)
)""",
    "CREATE INDEX ix_report_due ON report (due_on) WHERE state = 'due'",
    "CREATE INDEX ix_report_participation ON report (participation)",
)

_TABLES = (
    "policy", "host", "mentor", "offer", "matching_run", "placement",
    "leaving", "segment", "agreement", "mentorship", "plan", "report",
)


def upgrade() -> None:
    create_plumbing_v1(cast(Operations, op))
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"DROP TABLE {table} CASCADE")
    drop_plumbing_v1(cast(Operations, op))
