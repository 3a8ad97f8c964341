"""Jobs, accreditations and talent cards."""

from __future__ import annotations

from alembic import op

from shared.jobs.tables import create_jobs_v1

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


_COMMON = """id uuid CONSTRAINT pk_{name} PRIMARY KEY, version integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),"""
_UP = (
    f"""CREATE TABLE accreditation ({_COMMON.format(name="accreditation")}
    state text NOT NULL, participation uuid NOT NULL CONSTRAINT uq_accreditation_participation UNIQUE,
    account text NOT NULL, programme text NOT NULL, policy_version text NOT NULL, unit text NOT NULL,
    asked_tier text, proposed_tier text, tier text, reason text, reviewed_by text, decided_by text,
    evidence jsonb NOT NULL, applied_on date NOT NULL, reviewed_on date, decided_on date,
    supersedes uuid CONSTRAINT fk_accreditation_supersedes REFERENCES accreditation,
    CONSTRAINT ck_accreditation_four_eyes
        CHECK (decided_by IS NULL OR state <> 'tier_assigned' OR decided_by <> reviewed_by),
    CONSTRAINT ck_accreditation_assigned_is_complete CHECK (
        state <> 'tier_assigned' OR (tier IS NOT NULL AND decided_on IS NOT NULL AND reviewed_by IS NOT NULL))
    )""",
    """CREATE UNIQUE INDEX uq_accreditation_open ON accreditation (account, programme)
    WHERE state IN ('applied', 'reviewed')""",
    "CREATE UNIQUE INDEX uq_accreditation_held ON accreditation (account, programme) WHERE state = 'tier_assigned'",
    "CREATE INDEX ix_accreditation_programme ON accreditation (programme, state, id)",
    "CREATE INDEX ix_accreditation_updated_at ON accreditation (updated_at, id)",
    f"""CREATE TABLE talent_card ({_COMMON.format(name="talent_card")}
    state text NOT NULL, participation uuid NOT NULL,
    accreditation uuid NOT NULL CONSTRAINT uq_talent_card_accreditation UNIQUE
        CONSTRAINT fk_talent_card_accreditation REFERENCES accreditation,
    account text NOT NULL, unit text NOT NULL, programme text NOT NULL, policy_version text NOT NULL,
    tier text NOT NULL, number text NOT NULL CONSTRAINT uq_talent_card_number UNIQUE,
    valid_from date NOT NULL, valid_until date NOT NULL, renewals integer NOT NULL, renewed_on date, reason text,
    CONSTRAINT ck_talent_card_validity CHECK (valid_until > valid_from)
    )""",
    "CREATE UNIQUE INDEX uq_talent_card_live ON talent_card (account, programme) WHERE state <> 'revoked'",
    "CREATE INDEX ix_talent_card_over ON talent_card (valid_until) WHERE state IN ('active', 'suspended')",
    "CREATE INDEX ix_talent_card_updated_at ON talent_card (updated_at, id)",
    f"""CREATE TABLE card_allowance ({_COMMON.format(name="card_allowance")}
    card uuid NOT NULL CONSTRAINT fk_card_allowance_card REFERENCES talent_card,
    service text NOT NULL, year integer NOT NULL, used integer NOT NULL, at_most integer,
    CONSTRAINT uq_card_allowance_card_service_year UNIQUE (card, service, year),
    CONSTRAINT ck_card_allowance_used CHECK (used >= 0 AND (at_most IS NULL OR used <= at_most))
    )""",
    f"""CREATE TABLE card_use ({_COMMON.format(name="card_use")}
    card uuid NOT NULL CONSTRAINT fk_card_use_card REFERENCES talent_card,
    account text NOT NULL, unit text NOT NULL, programme text NOT NULL, tier text NOT NULL, service text NOT NULL,
    area text NOT NULL, provider text NOT NULL, receipt text NOT NULL, used_on date NOT NULL,
    recorded_at timestamptz NOT NULL, CONSTRAINT uq_card_use_provider_receipt UNIQUE (provider, receipt)
    )""",
    "CREATE INDEX ix_card_use_card ON card_use (card, id)",
    "CREATE INDEX ix_card_use_programme ON card_use (programme, used_on)",
    "CREATE INDEX ix_card_use_updated_at ON card_use (updated_at, id)",
    """CREATE TABLE issue_left (
    job_id uuid NOT NULL CONSTRAINT fk_issue_left_job_id REFERENCES job ON DELETE CASCADE,
    participation uuid NOT NULL, code text NOT NULL,
    CONSTRAINT pk_issue_left PRIMARY KEY (job_id, participation)
    )""",
)
_DOWN = (
    "DROP TABLE card_use",
    "DROP TABLE card_allowance",
    "DROP TABLE talent_card",
    "DROP TABLE accreditation",
    "DROP TABLE issue_left",
    "DROP TABLE job_file",
    "DROP TABLE job",
)


def upgrade() -> None:
    for statement in (*create_jobs_v1(), *_UP):
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
