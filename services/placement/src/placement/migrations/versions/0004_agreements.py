"""Agreements of N parties, mentors, plans, pre-training."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LINE = (
    "(hashtextextended(participation::text, 0)::numeric * 18446744073709551616"
    " + hashtextextended(participation::text, 1)::numeric) * 10000000"
)
_DAYS = f"numrange({_LINE} + (starts_on - DATE '0001-01-01'), {_LINE} + (coalesce(ends_on, DATE '9999-12-31') - DATE '0001-01-01'), '[]')"
_AGGREGATE = """id UUID NOT NULL, version INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,"""

_UP = (
    """CREATE FUNCTION agreement_shares_whole(parties JSONB) RETURNS BOOLEAN IMMUTABLE LANGUAGE sql AS $$
        SELECT coalesce(bool_and(total = 100 AND lowest > 0 AND named = members), true) FROM (
            SELECT sum((party ->> 'share')::int) AS total, min((party ->> 'share')::int) AS lowest,
                count(party ->> 'share') AS named, count(*) AS members
            FROM jsonb_array_elements(parties) party GROUP BY party ->> 'role'
            HAVING count(party ->> 'share') > 0) shared $$""",
    """CREATE FUNCTION agreement_areas_covered(matrix JSONB) RETURNS BOOLEAN IMMUTABLE LANGUAGE sql AS $$
        SELECT matrix = '{}'::jsonb OR (
            coalesce(jsonb_array_length(matrix -> 'learning'), 0) > 0
            AND coalesce(jsonb_array_length(matrix -> 'post'), 0) > 0
            AND coalesce(jsonb_array_length(matrix -> 'assessment'), 0) > 0
            AND coalesce(jsonb_array_length(matrix -> 'logistics'), 0) > 0) $$""",
    """ALTER TABLE agreement
        ADD COLUMN responsibilities JSONB DEFAULT '{}'::jsonb NOT NULL,
        ADD COLUMN termination_reason TEXT, ADD COLUMN offered_on DATE, ADD COLUMN ended_on DATE,
        ADD CONSTRAINT ck_agreement_shares CHECK (agreement_shares_whole(parties)),
        ADD CONSTRAINT ck_agreement_responsibilities CHECK (agreement_areas_covered(responsibilities)),
        ADD CONSTRAINT ck_agreement_signed CHECK (
            state NOT IN ('in_force', 'filed') OR NOT parties @? '$[*] ? (@.signed_on == null)'),
        ADD CONSTRAINT ex_agreement_binding EXCLUDE USING btree (participation WITH =)
            WHERE (state IN ('in_force', 'filed')) DEFERRABLE INITIALLY DEFERRED""",
    f"""CREATE TABLE agreement_filing ({_AGGREGATE}
        participation UUID NOT NULL, agreement UUID NOT NULL, edition INTEGER NOT NULL, document TEXT NOT NULL,
        sha256 TEXT NOT NULL, state TEXT NOT NULL, submissions JSONB NOT NULL,
        CONSTRAINT pk_agreement_filing PRIMARY KEY (id),
        CONSTRAINT fk_agreement_filing_participation FOREIGN KEY(participation) REFERENCES placement (id),
        CONSTRAINT fk_agreement_filing_agreement FOREIGN KEY(agreement) REFERENCES agreement (id),
        CONSTRAINT ck_agreement_filing_sha256 CHECK (
            sha256 = encode(sha256(convert_to(document, 'UTF8')), 'hex')))""",
    "CREATE INDEX ix_agreement_filing_participation ON agreement_filing (participation)",
    "CREATE UNIQUE INDEX uq_agreement_filing_living ON agreement_filing (agreement) WHERE state <> 'lapsed'",
    "CREATE INDEX ix_agreement_filing_updated_at ON agreement_filing (updated_at, id)",
    """CREATE TABLE agreement_page (id UUID NOT NULL, agreement UUID NOT NULL, sha256 TEXT NOT NULL,
        media_type TEXT NOT NULL, uploaded_by TEXT NOT NULL, size INTEGER NOT NULL, uploaded_on DATE NOT NULL,
        content BYTEA NOT NULL, created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_agreement_page PRIMARY KEY (id),
        CONSTRAINT fk_agreement_page_agreement FOREIGN KEY(agreement) REFERENCES agreement (id),
        CONSTRAINT uq_agreement_page_agreement_sha256 UNIQUE (agreement, sha256),
        CONSTRAINT ck_agreement_page_size CHECK (size = octet_length(content) AND size BETWEEN 1 AND 5242880),
        CONSTRAINT ck_agreement_page_sha256 CHECK (sha256 = encode(sha256(content), 'hex')),
        CONSTRAINT ck_agreement_page_media_type CHECK (
            media_type IN ('application/pdf', 'image/png', 'image/jpeg')))""",
    """ALTER TABLE mentor ADD COLUMN employed_from DATE, ADD COLUMN employed_until DATE,
        ADD CONSTRAINT ck_mentor_employed CHECK (employed_until >= employed_from)""",
    f"""ALTER TABLE mentorship ADD COLUMN starts_on DATE, ADD COLUMN ends_on DATE,
        ADD CONSTRAINT ck_mentorship_days CHECK (ends_on >= starts_on),
        ADD CONSTRAINT ex_mentorship_open EXCLUDE USING btree (participation WITH =)
            WHERE (state IN ('proposed', 'pre_contact_done', 'active')) DEFERRABLE INITIALLY DEFERRED,
        ADD CONSTRAINT ex_mentorship_days EXCLUDE USING gist (({_DAYS}) WITH &&)
            WHERE (starts_on IS NOT NULL) DEFERRABLE INITIALLY DEFERRED""",
    """ALTER TABLE plan ADD COLUMN aims JSONB DEFAULT '{}'::jsonb NOT NULL,
        ADD COLUMN consultations JSONB DEFAULT '[]'::jsonb NOT NULL,
        ADD COLUMN host_answer TEXT, ADD COLUMN answered_on DATE,
        ADD CONSTRAINT ck_plan_consulted CHECK (
            state NOT IN ('host_approved', 'in_force') OR consulted_on IS NOT NULL),
        ADD CONSTRAINT ck_plan_answered CHECK (state NOT IN ('host_approved', 'in_force')
            OR trainee_agrees IS NOT FALSE OR host_answer IS NOT NULL OR consultations = '[]'::jsonb)""",
    "ALTER TABLE placement ADD COLUMN pre_training_on DATE",
    f"""CREATE TABLE pre_training ({_AGGREGATE}
        programme TEXT NOT NULL, policy_version TEXT NOT NULL, session TEXT NOT NULL, organiser TEXT NOT NULL,
        place TEXT NOT NULL, state TEXT NOT NULL, cancel_reason TEXT, areas JSONB NOT NULL,
        starts_on DATE NOT NULL, ends_on DATE NOT NULL,
        CONSTRAINT pk_pre_training PRIMARY KEY (id),
        CONSTRAINT ck_pre_training_days CHECK (ends_on >= starts_on))""",
    "CREATE INDEX ix_pre_training_session ON pre_training (session)",
    """CREATE UNIQUE INDEX uq_pre_training_planned ON pre_training (organiser, session, place, starts_on)
        WHERE state = 'planned'""",
    "CREATE INDEX ix_pre_training_updated_at ON pre_training (updated_at, id)",
    f"""CREATE TABLE pre_training_invitation ({_AGGREGATE}
        participation UUID NOT NULL, pre_training UUID NOT NULL, area TEXT NOT NULL, state TEXT NOT NULL,
        excuse TEXT, recorded_on DATE,
        CONSTRAINT pk_pre_training_invitation PRIMARY KEY (id),
        CONSTRAINT fk_pre_training_invitation_participation FOREIGN KEY(participation) REFERENCES placement (id),
        CONSTRAINT fk_pre_training_invitation_pre_training FOREIGN KEY(pre_training) REFERENCES pre_training (id),
        CONSTRAINT uq_pre_training_invitation_pre_training_participation UNIQUE (pre_training, participation))""",
    "CREATE INDEX ix_pre_training_invitation_participation ON pre_training_invitation (participation)",
    """CREATE UNIQUE INDEX uq_pre_training_invitation_open ON pre_training_invitation (participation)
        WHERE state IN ('invited', 'attended')""",
    "CREATE INDEX ix_pre_training_invitation_updated_at ON pre_training_invitation (updated_at, id)",
)

_DOWN = (
    "DROP TABLE pre_training_invitation",
    "DROP TABLE pre_training",
    "ALTER TABLE placement DROP COLUMN pre_training_on",
    """ALTER TABLE plan DROP CONSTRAINT ck_plan_consulted, DROP CONSTRAINT ck_plan_answered, DROP COLUMN aims,
        DROP COLUMN consultations, DROP COLUMN host_answer, DROP COLUMN answered_on""",
    """ALTER TABLE mentorship DROP CONSTRAINT ex_mentorship_days, DROP CONSTRAINT ex_mentorship_open,
        DROP CONSTRAINT ck_mentorship_days, DROP COLUMN starts_on, DROP COLUMN ends_on""",
    "ALTER TABLE mentor DROP CONSTRAINT ck_mentor_employed, DROP COLUMN employed_from, DROP COLUMN employed_until",
    "DROP TABLE agreement_page",
    "DROP TABLE agreement_filing",
    """ALTER TABLE agreement DROP CONSTRAINT ex_agreement_binding, DROP CONSTRAINT ck_agreement_signed,
        DROP CONSTRAINT ck_agreement_responsibilities, DROP CONSTRAINT ck_agreement_shares,
        DROP COLUMN responsibilities, DROP COLUMN termination_reason, DROP COLUMN offered_on, DROP COLUMN ended_on""",
    "DROP FUNCTION agreement_areas_covered(JSONB)",
    "DROP FUNCTION agreement_shares_whole(JSONB)",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
