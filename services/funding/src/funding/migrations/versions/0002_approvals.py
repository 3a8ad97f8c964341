"""The approval matrix over everything that moves money: approvals, delegations, freezes, re-allocations."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
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


def _json_empty(name: str, empty: str = "[]") -> sa.Column[Any]:
    return sa.Column(name, JSONB(), nullable=False, server_default=sa.text(f"'{empty}'"))


PERSONS_DIFFER = """CREATE FUNCTION approval_persons_differ(handlers jsonb, chain jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT count(*) = count(DISTINCT person) AND NOT coalesce(bool_or(handlers ? person), false)
    FROM (
        SELECT step ->> 'approved_by' AS person FROM jsonb_array_elements(chain) step
        UNION ALL
        SELECT step ->> 'on_behalf_of' FROM jsonb_array_elements(chain) step
    ) persons WHERE person IS NOT NULL
$$"""
THREE_PERSONS = (
    "NOT approvers ? coalesce(prepared_by, '') AND NOT approvers ? coalesce(instructed_by, '') "
    "AND instructed_by IS DISTINCT FROM coalesce(prepared_by, '') "
    "AND instructed_by IS DISTINCT FROM coalesce(approved_by, '')"
)
# What was decided before counts to the rolling sums of what comes; what is prepared is asked for when it is signed.
CARRY_BUDGETS = """INSERT INTO approval (id, state, kind, subject, fund, programme, policy_version, payee, parts, handlers,
    asked_on, rolling_amount, chain, awaits, ex_post)
SELECT gen_random_uuid(), CASE b.state WHEN 'in_approval' THEN 'pending' ELSE 'approved' END, 'budget', b.id, b.fund,
    b.programme, b.policy_version, b.session,
    (SELECT jsonb_object_agg(line ->> 'category', (line ->> 'amount')::bigint) FROM jsonb_array_elements(b.lines) line),
    jsonb_build_array(b.prepared_by), coalesce(b.submitted_on, b.created_at::date), b.rolling_amount, b.chain,
    CASE b.state WHEN 'in_approval' THEN
        (SELECT step ->> 'organisation' FROM jsonb_array_elements(b.chain) WITH ORDINALITY x (step, nth)
        WHERE step ->> 'approved_by' IS NULL ORDER BY nth LIMIT 1) END, false
FROM budget b WHERE b.state <> 'planned'"""
CARRY_PAYMENTS = """INSERT INTO approval (id, state, kind, subject, fund, programme, policy_version, payee, parts, handlers,
    asked_on, rolling_amount, chain, awaits, ex_post)
SELECT gen_random_uuid(), 'approved', 'payment', i.id, i.fund, f.programme, coalesce(p.policy_version, f.policy_version),
    i.payee, i.parts, jsonb_build_array(i.prepared_by), coalesce(i.paid_on, i.due_on, i.created_at::date),
    (SELECT coalesce(sum(value::bigint), 0) FROM jsonb_each_text(i.parts)), '[]', NULL, false
FROM instalment i JOIN participation p ON p.id = i.participation JOIN fund f ON f.id = i.fund
WHERE i.state IN ('approved', 'instructed', 'paid', 'awaiting_clawback', 'clawed_back') AND i.prepared_by IS NOT NULL"""


CARRY_SOURCES = """UPDATE allocation a SET contributions = given.parts
FROM (
    SELECT session, jsonb_object_agg(source, amount) AS parts FROM (
        SELECT b.session, part ->> 'source' AS source, sum((part ->> 'amount')::bigint) AS amount
        FROM budget b, jsonb_array_elements(b.contributions) part WHERE b.state IN ('allocated', 'closed') GROUP BY 1, 2
    ) sums GROUP BY session
) given WHERE given.session = a.session"""
CARRY_FREEZES = """INSERT INTO money_freeze (id, state, kind, subject, reason, frozen_by, frozen_on)
SELECT gen_random_uuid(), 'frozen', 'fund', id::text, 'frozen before freezes were listed', 'system:funding', updated_at::date
FROM fund WHERE state = 'frozen'"""


def upgrade() -> None:
    """Add the tables and columns, and carry over what was decided before."""
    op.execute(PERSONS_DIFFER)
    op.create_table(
        "approval",
        *_aggregate(),
        *_text("state", "kind"),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("fund", sa.Uuid(), nullable=False),
        *_text("programme", "policy_version", "payee"),
        *_json("parts", "handlers"),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("rolling_amount", sa.BigInteger(), nullable=False),
        *_json("chain"),
        *_text("awaits", nullable=True),
        sa.Column("ex_post", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_approval_fund"),
        sa.CheckConstraint("approval_persons_differ(handlers, chain)", name="ck_approval_distinct_persons"),
        sa.CheckConstraint("state <> 'pending' OR awaits IS NOT NULL", name="ck_approval_awaits"),
    )
    live = sa.text("state IN ('pending', 'approved')")
    op.create_index("uq_approval_live", "approval", ["kind", "subject"], unique=True, postgresql_where=live)
    op.create_index("ix_approval_payee", "approval", ["programme", "kind", "payee", "asked_on"])
    op.create_index("ix_approval_awaits", "approval", ["awaits"], postgresql_where=sa.text("state = 'pending'"))
    op.create_index("ix_approval_updated_at", "approval", ["updated_at", "id"])
    op.create_table(
        "delegation",
        *_aggregate(),
        *_text("state", "delegator", "organisation", "delegate", "delegate_organisation"),
        *_json("kinds"),
        sa.Column("up_to", sa.BigInteger()),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_delegation"),
        sa.CheckConstraint("delegate <> delegator", name="ck_delegation_two_persons"),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_delegation_days"),
        sa.CheckConstraint("up_to > 0", name="ck_delegation_up_to"),
    )
    op.create_index("ix_delegation_delegate", "delegation", ["delegate"])
    op.create_table(
        "money_freeze",
        *_aggregate(),
        *_text("state", "kind", "subject", "reason", "frozen_by"),
        sa.Column("frozen_on", sa.Date(), nullable=False),
        *_text("thawed_by", nullable=True),
        sa.Column("thawed_on", sa.Date()),
        *_text("thaw_reason", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_money_freeze"),
        sa.CheckConstraint("(state = 'thawed') = (thawed_by IS NOT NULL)", name="ck_money_freeze_thawed"),
    )
    frozen = sa.text("state = 'frozen'")
    op.create_index("uq_money_freeze_live", "money_freeze", ["kind", "subject"], unique=True, postgresql_where=frozen)
    op.create_table(
        "reallocation",
        *_aggregate(),
        *_text("state"),
        sa.Column("fund", sa.Uuid(), nullable=False),
        *_text("giver", "taker"),
        *_json("shifts"),
        *_text("reason", "asked_by"),
        sa.Column("asked_on", sa.Date(), nullable=False),
        *_json("sources"),
        *_text("refusal", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reallocation"),
        sa.ForeignKeyConstraint(["fund"], ["fund.id"], name="fk_reallocation_fund"),
    )
    op.create_index("ix_reallocation_fund", "reallocation", ["fund"])
    op.add_column("allocation", _json_empty("contributions", "{}"))
    op.add_column("fund", _json_empty("autonomy"))
    op.add_column("fund", sa.Column("starts_on", sa.Date()))
    op.add_column("fund", sa.Column("ends_on", sa.Date()))
    op.create_check_constraint(op.f("ck_fund_period"), "fund", "ends_on >= starts_on")
    op.add_column("budget", _json_empty("handlers"))
    op.add_column("instalment", _json_empty("approvers"))
    op.add_column("instalment", sa.Column("instructed_by", sa.Text()))
    op.create_check_constraint(op.f("ck_instalment_three_persons"), "instalment", THREE_PERSONS)
    for statement in (CARRY_BUDGETS, CARRY_PAYMENTS, CARRY_SOURCES, CARRY_FREEZES):
        op.execute(statement)


def downgrade() -> None:
    """Take them away again."""
    op.drop_constraint(op.f("ck_instalment_three_persons"), "instalment")
    for table, column in (
        ("instalment", "instructed_by"),
        ("instalment", "approvers"),
        ("budget", "handlers"),
        ("fund", "ends_on"),
        ("fund", "starts_on"),
        ("fund", "autonomy"),
        ("allocation", "contributions"),
    ):
        op.drop_column(table, column)
    op.drop_table("reallocation")
    op.drop_table("money_freeze")
    op.drop_table("delegation")
    op.drop_table("approval")
    op.execute("DROP FUNCTION approval_persons_differ(jsonb, jsonb)")
