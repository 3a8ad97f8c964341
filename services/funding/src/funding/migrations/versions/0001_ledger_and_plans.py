"""Create funds, budgets, plans and the ledger with the triggers that guard it."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from sqlalchemy.dialects.postgresql import JSONB

from shared.work.plumbing_v1 import create_plumbing_v1, drop_plumbing_v1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _aggregate() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    ]


def _text(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _json(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, JSONB(), nullable=False) for name in names]


def _fen(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def upgrade() -> None:
    create_plumbing_v1(cast(Operations, op))
    _create_funds()
    _create_plans()
    _create_ledger()
    for statement in GUARDS:
        op.execute(statement)


def downgrade() -> None:
    for table in ("posting", "entry", "account", "fund_purpose", "period", "disbursement", "instalment", "participation",
                  "allocation", "budget", "fund", "applied_policy"):  # fmt: skip
        op.drop_table(table)
    for function in ("ledger_is_append_only", "ledger_keep_balances", "ledger_entry_is_balanced", "ledger_period_is_open",
                     "fund_keep_purposes"):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}()")
    drop_plumbing_v1(cast(Operations, op))


def _create_funds() -> None:
    op.create_table(
        "applied_policy",
        *_aggregate(),
        *_text("programme", "policy_version"),
        *_json("content", "effective"),
        *_text("inherits", nullable=True),
        *_text("sha256"),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_applied_policy"),
        sa.UniqueConstraint("programme", "policy_version", name="uq_applied_policy_version"),
    )
    op.create_table(
        "fund",
        *_aggregate(),
        *_text("state", "code", "name", "programme", "policy_version"),
        *_json("sources", "purposes"),
        *_text("opened_by"),
        sa.PrimaryKeyConstraint("id", name="pk_fund"),
        sa.UniqueConstraint("code", name="uq_fund_code"),
    )
    op.create_table(
        "budget",
        *_aggregate(),
        *_text("state"),
        sa.Column("fund", sa.Uuid(), nullable=False),
        *_text("session", "batch", "programme", "policy_version"),
        *_json("lines", "contributions"),
        *_text("prepared_by"),
        sa.Column("submitted_on", sa.Date()),
        *_fen("rolling_amount"),
        *_json("chain"),
        *_text("return_reason", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_budget"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_budget_fund"),
    )
    op.create_index("ix_budget_session", "budget", ["session"])
    op.create_table(
        "allocation",
        *_aggregate(),
        *_text("state"),
        sa.Column("fund", sa.Uuid(), nullable=False),
        *_text("session", "programme", "batch", "policy_version"),
        *_fen("amount"),
        sa.PrimaryKeyConstraint("id", name="pk_allocation"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_allocation_fund"),
        sa.UniqueConstraint("session", name="uq_allocation_session"),
        sa.CheckConstraint("amount >= 0", name="ck_allocation_amount"),
    )
    op.create_table(
        "period",
        *_aggregate(),
        *_text("state", "key"),
        *_text("closed_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_period"),
        sa.UniqueConstraint("key", name="uq_period_key"),
        sa.CheckConstraint("key ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name="ck_period_key"),
    )


def _create_plans() -> None:
    op.create_table(
        "participation",
        *_aggregate(),
        *_text("state"),
        *_text("programme", "batch", "session", "account", "sending_unit", "host", nullable=True),
        sa.Column("fund", sa.Uuid()),
        *_text("policy_version", nullable=True),
        *_json("story", "reserved"),
        *_fen("lacking"),
        sa.Column("commitment", sa.Uuid()),
        *_fen("entitled", "paid", "clawed_back"),
        sa.Column("settled_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_participation"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_participation_fund"),
        sa.CheckConstraint("clawed_back BETWEEN 0 AND paid", name="ck_participation_clawed_back"),
    )
    op.create_index("ix_participation_session", "participation", ["session", "state"])
    op.create_index("ix_participation_updated_at", "participation", ["updated_at", "id"])
    op.create_table(
        "instalment",
        *_aggregate(),
        *_text("state"),
        sa.Column("participation", sa.Uuid(), nullable=False),
        *_text("session"),
        sa.Column("fund", sa.Uuid(), nullable=False),
        *_text("milestone"),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_json("parts"),
        *_text("payee", "payee_kind"),
        sa.Column("due_on", sa.Date()),
        *_text("prepared_by", "approved_by", nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_text("reference", nullable=True),
        sa.Column("paid_on", sa.Date()),
        *_json("clawback", "recovered"),
        sa.Column("recovered_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_instalment"),
        sa.ForeignKeyConstraint(["participation"], ["participation.id"], name="fk_instalment_participation"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_instalment_fund"),
        sa.UniqueConstraint("participation", "sequence", "revision", name="uq_instalment_place"),
        sa.UniqueConstraint("reference", name="uq_instalment_reference"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name="ck_instalment_two_persons"),
    )
    op.create_index("ix_instalment_session", "instalment", ["session", "state"])
    op.create_index("ix_instalment_coming_due", "instalment", ["due_on"], postgresql_where=sa.text("state = 'planned'"))
    op.create_index("ix_instalment_updated_at", "instalment", ["updated_at", "id"])
    op.create_table(
        "disbursement",
        *_aggregate(),
        *_text("state"),
        sa.Column("fund", sa.Uuid(), nullable=False),
        *_text("session", "number", "instructed_by"),
        sa.Column("instructed_on", sa.Date(), nullable=False),
        *_json("lines"),
        sa.PrimaryKeyConstraint("id", name="pk_disbursement"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_disbursement_fund"),
        sa.UniqueConstraint("number", name="uq_disbursement_number"),
    )


def _create_ledger() -> None:
    op.create_table(
        "fund_purpose",
        sa.Column("fund", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fund", "category", name="pk_fund_purpose"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_fund_purpose_fund"),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fund", sa.Uuid(), nullable=False),
        *_text("kind", "owner"),
        *_text("category", nullable=True),
        sa.Column("balance", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_account_fund"),
        sa.ForeignKeyConstraint(
            ["fund", "category"], ["fund_purpose.fund", "fund_purpose.category"], name="fk_account_purpose"
        ),
        sa.UniqueConstraint(
            "fund", "kind", "owner", "category", name="uq_account_identity", postgresql_nulls_not_distinct=True
        ),
        sa.UniqueConstraint("id", "fund", name="uq_account_fund"),
        sa.CheckConstraint("balance >= 0 OR kind = 'source'", name="ck_account_no_overdraft"),
        sa.CheckConstraint("kind <> 'source' OR balance <= 0", name="ck_account_source_gives"),
        sa.CheckConstraint("(category IS NULL) = (kind IN ('source', 'granted'))", name="ck_account_purpose"),
    )
    op.create_index("ix_account_owner", "account", ["owner"])
    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fund", sa.Uuid(), nullable=False),
        *_text("kind", "source_key"),
        sa.Column("booked_on", sa.Date(), nullable=False),
        *_text("period"),
        sa.Column("participation", sa.Uuid()),
        sa.Column("reverses", sa.Uuid()),
        *_text("posted_by"),
        *_text("memo", nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_entry_fund"),
        sa.ForeignKeyConstraint(["period"], ["period.key"], name="fk_entry_period"),
        sa.ForeignKeyConstraint(["reverses"], ["entry.id"], name="fk_entry_reverses"),
        sa.UniqueConstraint("source_key", name="uq_entry_source_key"),
        sa.UniqueConstraint("reverses", name="uq_entry_reverses"),
        sa.UniqueConstraint("id", "fund", name="uq_entry_fund"),
        sa.CheckConstraint("period = to_char(booked_on, 'YYYY-MM')", name="ck_entry_period"),
    )
    op.create_index("ix_entry_participation", "entry", ["participation"])
    op.create_index("ix_entry_fund_kind", "entry", ["fund", "kind"])
    op.create_table(
        "posting",
        sa.Column("entry", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("fund", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "account", name="pk_posting"),
        sa.ForeignKeyConstraint(["entry", "fund"], ["entry.id", "entry.fund"], name="fk_posting_entry"),
        sa.ForeignKeyConstraint(["account", "fund"], ["account.id", "account.fund"], name="fk_posting_account"),
        sa.CheckConstraint("amount <> 0", name="ck_posting_amount"),
    )
    op.create_index("ix_posting_account", "posting", ["account"])


GUARDS = (
    # A fund's purposes are copied when it is opened, so that a foreign key can hold every account to them (F-05).
    """CREATE FUNCTION fund_keep_purposes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO fund_purpose SELECT NEW.id, jsonb_array_elements_text(NEW.purposes) ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$""",
    "CREATE TRIGGER fund_purposes AFTER INSERT ON fund FOR EACH ROW EXECUTE FUNCTION fund_keep_purposes()",
    # Nothing in the ledger is ever changed or deleted.
    """CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_append_only';
    END $$""",
    (
        "CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    ),
    (
        "CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    ),
    (
        "CREATE TRIGGER purpose_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fund_purpose "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    ),
    # Balances are what was posted: whoever inserts postings moves the balances; nobody can otherwise. All postings of
    # an entry come in one statement, so an entry that was balanced once cannot be added to.
    """CREATE FUNCTION ledger_keep_balances() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE odd uuid;
    BEGIN
        SELECT entry INTO odd FROM posting WHERE entry IN (SELECT entry FROM posted)
        GROUP BY entry HAVING sum(amount) <> 0 OR count(*) < 2 LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'entry % is not balanced', odd
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balanced';
        END IF;
        UPDATE account a SET balance = a.balance + p.moved, updated_at = now()
        FROM (SELECT account, sum(amount)::bigint AS moved FROM posted GROUP BY account) p WHERE a.id = p.account;
        RETURN NULL;
    END $$""",
    (
        "CREATE TRIGGER posting_balances AFTER INSERT ON posting REFERENCING NEW TABLE AS posted "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_balances()"
    ),
    (
        "CREATE TRIGGER account_append_only BEFORE UPDATE OR DELETE ON account "
        "FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_is_append_only()"
    ),
    # An entry has two postings or more and they sum to zero when the transaction commits.
    """CREATE FUNCTION ledger_entry_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE total numeric; sides bigint;
    BEGIN
        SELECT coalesce(sum(amount), 0), count(*) INTO total, sides FROM posting WHERE entry = NEW.id;
        IF total <> 0 OR sides < 2 THEN
            RAISE EXCEPTION 'entry % is not balanced: % postings, sum %', NEW.id, sides, total
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balanced';
        END IF;
        RETURN NULL;
    END $$""",
    (
        "CREATE CONSTRAINT TRIGGER entry_balanced AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_balanced()"
    ),
    # A closed month takes no entry; the share lock makes closing wait for entries under way.
    """CREATE FUNCTION ledger_period_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM period WHERE key IN (SELECT period FROM posted) ORDER BY key FOR SHARE;
        IF EXISTS (SELECT 1 FROM period WHERE state = 'closed' AND key IN (SELECT period FROM posted)) THEN
            RAISE EXCEPTION 'the accounting month is closed'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_open';
        END IF;
        RETURN NULL;
    END $$""",
    (
        "CREATE TRIGGER entry_period AFTER INSERT ON entry REFERENCING NEW TABLE AS posted "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_period_is_open()"
    ),
)
