"""The tables of approvals, delegations, freezes and re-allocations; the database refuses a chain that holds one person twice (F-01)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from funding.adapters.db.tables import metadata
from shared.work.tables import aggregate_columns

approval = Table(
    "approval",
    metadata,
    *aggregate_columns(),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("fund", Uuid, ForeignKey("fund.id"), nullable=False),
    Column("programme", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("payee", Text, nullable=False),
    Column("parts", JSONB, nullable=False),
    Column("handlers", JSONB, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("rolling_amount", BigInteger, nullable=False),
    Column("chain", JSONB, nullable=False),
    Column("awaits", Text),
    Column("ex_post", Boolean, nullable=False),
    CheckConstraint("approval_persons_differ(handlers, chain)", name="distinct_persons"),
    CheckConstraint("state <> 'pending' OR awaits IS NOT NULL", name="awaits"),
    Index(
        "uq_approval_live", "kind", "subject", unique=True, postgresql_where=text("state IN ('pending', 'approved')")
    ),
    Index("ix_approval_payee", "programme", "kind", "payee", "asked_on"),
    Index("ix_approval_awaits", "awaits", postgresql_where=text("state = 'pending'")),
    Index("ix_approval_updated_at", "updated_at", "id"),
)
delegation = Table(
    "delegation",
    metadata,
    *aggregate_columns(),
    Column("state", Text, nullable=False),
    Column("delegator", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("delegate", Text, nullable=False),
    Column("delegate_organisation", Text, nullable=False),
    Column("kinds", JSONB, nullable=False),
    Column("up_to", BigInteger),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("revoked_on", Date),
    CheckConstraint("delegate <> delegator", name="two_persons"),
    CheckConstraint("valid_to >= valid_from", name="days"),
    CheckConstraint("up_to > 0", name="up_to"),
    Index("ix_delegation_delegate", "delegate"),
)
money_freeze = Table(
    "money_freeze",
    metadata,
    *aggregate_columns(),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("frozen_by", Text, nullable=False),
    Column("frozen_on", Date, nullable=False),
    Column("thawed_by", Text),
    Column("thawed_on", Date),
    Column("thaw_reason", Text),
    CheckConstraint("(state = 'thawed') = (thawed_by IS NOT NULL)", name="thawed"),
    Index("uq_money_freeze_live", "kind", "subject", unique=True, postgresql_where=text("state = 'frozen'")),
)
reallocation = Table(
    "reallocation",
    metadata,
    *aggregate_columns(),
    Column("state", Text, nullable=False),
    Column("fund", Uuid, ForeignKey("fund.id"), nullable=False),
    Column("giver", Text, nullable=False),
    Column("taker", Text, nullable=False),
    Column("shifts", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("sources", JSONB, nullable=False),
    Column("refusal", Text),
    Index("ix_reallocation_fund", "fund"),
)
