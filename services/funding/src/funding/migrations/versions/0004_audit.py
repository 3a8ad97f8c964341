"""Audit samples and findings, statements as of a day, and walls that were missing in the ledger."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
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


def upgrade() -> None:
    for column in (sa.Column("session", sa.Text()), sa.Column("subject", sa.Uuid()), sa.Column("payee", sa.Text())):
        op.add_column("entry", column)
    op.create_index("ix_entry_period", "entry", ["period"])
    op.create_index(
        "uq_entry_paid_subject", "entry", ["subject"], unique=True, postgresql_where=sa.text("kind = 'paid'")
    )
    op.add_column("period", sa.Column("closed_at", sa.DateTime(timezone=True)))
    _create_period_flow()
    _create_audit()
    for statement in (FLOWS, *GUARDS):
        op.execute(statement)
    op.execute("UPDATE period SET closed_at = now() WHERE state = 'closed'")
    op.execute(f"{_KEEP} WHERE period IN (SELECT key FROM period WHERE closed_at IS NOT NULL) {_CELLS}")  # noqa: S608
    for statement in LAST_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    for trigger, table in (
        ("purpose_by_fund_only", "fund_purpose"),
        ("account_begins_empty", "account"),
        ("fund_keeps_its_purposes", "fund"),
        ("entry_paid_names_subject", "entry"),
        ("period_stays_closed", "period"),
        ("period_not_deleted", "period"),
        ("period_closed_when", "period"),
        ("period_flows", "period"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for table in ("audit_finding", "audit_sample", "period_flow"):
        op.drop_table(table)
    for function in ("ledger_refuse", "ledger_period_closed_when", "ledger_keep_flows"):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP VIEW ledger_flow")
    op.drop_column("period", "closed_at")
    op.drop_index("uq_entry_paid_subject", "entry")
    op.drop_index("ix_entry_period", "entry")
    for name in ("payee", "subject", "session"):
        op.drop_column("entry", name)


def _create_period_flow() -> None:
    op.create_table(
        "period_flow",
        *_text("period"),
        sa.Column("fund", sa.Uuid(), nullable=False),
        *_text("kind", "cause", "way", "dimension"),
        *_text("category", "value", nullable=True),
        sa.Column("debit", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["period"], ["period.key"], name="fk_period_flow_period"),
        sa.UniqueConstraint(
            "period", "fund", "kind", "cause", "way", "dimension", "category", "value",
            name="uq_period_flow_cell", postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip


def _create_audit() -> None:
    op.create_table(
        "audit_sample",
        *_aggregate(),
        *_text("state", "plan"),
        sa.Column("fund", sa.Uuid(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        *_text("seed"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("population", JSONB(), nullable=False),
        sa.Column("items", JSONB(), nullable=False),
        *_text("drawn_by"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_sample"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_audit_sample_fund"),
    )
    op.create_index("ix_audit_sample_updated_at", "audit_sample", ["updated_at", "id"])
    op.create_table(
        "audit_finding",
        *_aggregate(),
        *_text("state"),
        sa.Column("sample", sa.Uuid()),
        sa.Column("entry", sa.Uuid()),
        *_text("severity", "code", "statement", "responsible"),
        sa.Column("due_on", sa.Date(), nullable=False),
        *_text("opened_by"),
        sa.Column("steps", JSONB(), nullable=False),
        *_text("corrected_by", "verified_by", nullable=True),
        sa.Column("closed_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_audit_finding"),
        sa.ForeignKeyConstraint(["sample"], ["audit_sample.id"], name="fk_audit_finding_sample"),
        sa.ForeignKeyConstraint(["entry"], ["entry.id"], name="fk_audit_finding_entry"),
        sa.CheckConstraint("verified_by IS NULL OR verified_by <> corrected_by", name="ck_audit_finding_two_persons"),
        sa.CheckConstraint(
            "severity IN ('low', 'medium', 'high', 'critical')", name="ck_audit_finding_severity"
        ),
    )  # fmt: skip
    op.create_index("ix_audit_finding_responsible", "audit_finding", ["responsible", "state"])
    op.create_index("ix_audit_finding_updated_at", "audit_finding", ["updated_at", "id"])


FLOWS = """CREATE VIEW ledger_flow AS
    SELECT e.id AS entry, e.period, e.booked_on, e.updated_at AS recorded_at, o.fund, a.kind, e.kind AS cause,
        CASE WHEN e.source_key LIKE 'claim:%' THEN 'claim' ELSE 'plan' END AS way,
        CASE WHEN a.kind IN ('source', 'granted') THEN a.owner END AS source, a.category,
        CASE WHEN a.kind = 'available' THEN a.owner ELSE coalesce(e.session, p.session) END AS session,
        CASE WHEN p.sending_unit LIKE '%/%' THEN regexp_replace(p.sending_unit, '/[^/]*$', '') END AS area,
        e.payee, o.amount, o.account
    FROM posting o JOIN entry e ON e.id = o.entry JOIN account a ON a.id = o.account
    LEFT JOIN participation p ON p.id = e.participation"""
"""One definition of what a posting counts for: read by statements, by the closing of a month and by their comparison."""

_CELLS = "GROUP BY period, fund, kind, cause, way, dimension, category, value"
_KEEP = """INSERT INTO period_flow (period, fund, kind, cause, way, dimension, category, value, debit, credit)
    SELECT period, fund, kind, cause, way, dimension, category, value,
        coalesce(sum(amount) FILTER (WHERE amount > 0), 0), coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)
    FROM ledger_flow CROSS JOIN LATERAL
        (VALUES ('source', source), ('session', session), ('area', area), ('payee', payee)) d (dimension, value)"""
"""A month summed once for each dimension, so that the cells do not grow with the combinations."""
_REFUSE = "EXECUTE FUNCTION ledger_refuse"
_APPEND_ONLY = "EXECUTE FUNCTION ledger_is_append_only()"

GUARDS = (
    """CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '%', TG_ARGV[1] USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0];
    END $$""",
    # Purposes are what the fund was opened with (F-05): only the fund's own trigger writes them.
    (
        "CREATE TRIGGER purpose_by_fund_only BEFORE INSERT ON fund_purpose FOR EACH STATEMENT "
        f"WHEN (pg_trigger_depth() = 0) {_REFUSE}('ledger_purpose', 'purposes come with the fund')"
    ),
    (
        "CREATE TRIGGER fund_keeps_its_purposes BEFORE UPDATE ON fund FOR EACH ROW "
        "WHEN (NEW.purposes IS DISTINCT FROM OLD.purposes OR NEW.programme <> OLD.programme) "
        f"{_REFUSE}('ledger_purpose', 'the purposes of a fund are fixed')"
    ),
    # A balance is what was posted, from the first fen on.
    (
        "CREATE TRIGGER account_begins_empty BEFORE INSERT ON account FOR EACH ROW WHEN (NEW.balance <> 0) "
        f"{_REFUSE}('ledger_balance', 'an account begins empty')"
    ),
    # What is paid is an instalment or a claim, and each is paid once (uq_entry_paid_subject).
    (
        "CREATE TRIGGER entry_paid_names_subject BEFORE INSERT ON entry FOR EACH ROW "
        "WHEN (NEW.kind = 'paid' AND NEW.subject IS NULL) "
        f"{_REFUSE}('ledger_paid_subject', 'a payment names what it pays')"
    ),
    """CREATE FUNCTION ledger_period_closed_when() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.closed_at = clock_timestamp();
        RETURN NEW;
    END $$""",
    # What a closed month moved is summed once, after the last entry under way has committed (the lock of the month).
    f"""CREATE FUNCTION ledger_keep_flows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {_KEEP} WHERE period = NEW.key {_CELLS};
        RETURN NULL;
    END $$""",
)
LAST_GUARDS = (
    (
        "CREATE TRIGGER period_closed_when BEFORE INSERT OR UPDATE ON period FOR EACH ROW "
        "WHEN (NEW.state = 'closed') EXECUTE FUNCTION ledger_period_closed_when()"
    ),
    (
        "CREATE TRIGGER period_flows AFTER INSERT OR UPDATE ON period FOR EACH ROW "
        "WHEN (NEW.state = 'closed') EXECUTE FUNCTION ledger_keep_flows()"
    ),
    # A closed month is never opened again.
    (
        "CREATE TRIGGER period_stays_closed BEFORE UPDATE ON period FOR EACH ROW WHEN (OLD.state = 'closed') "
        f"{_REFUSE}('ledger_period_closed', 'a closed month stays closed')"
    ),
    f"CREATE TRIGGER period_not_deleted BEFORE DELETE OR TRUNCATE ON period FOR EACH STATEMENT {_APPEND_ONLY}",
    (
        "CREATE TRIGGER period_flow_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON period_flow "
        f"FOR EACH STATEMENT {_APPEND_ONLY}"
    ),
    (
        "CREATE TRIGGER period_flow_by_closing BEFORE INSERT ON period_flow FOR EACH STATEMENT "
        f"WHEN (pg_trigger_depth() = 0) {_REFUSE}('ledger_period_flow', 'only the closing of a month writes this')"
    ),
    # A finding is never deleted; what was said stays said.
    f"CREATE TRIGGER audit_finding_kept BEFORE DELETE OR TRUNCATE ON audit_finding FOR EACH STATEMENT {_APPEND_ONLY}",
    (
        "CREATE TRIGGER audit_sample_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_sample "
        f"FOR EACH STATEMENT {_APPEND_ONLY}"
    ),
)
