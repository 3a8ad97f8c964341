"""The tables of the ledger; what they refuse by themselves is in the migration's triggers and constraints."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from funding.adapters.db.tables import metadata
from shared.work.tables import moment

fund_purpose = Table(
    "fund_purpose",
    metadata,
    Column("fund", Uuid, ForeignKey("fund.id"), primary_key=True),
    Column("category", Text, primary_key=True),
)
account = Table(
    "account",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("fund", Uuid, ForeignKey("fund.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("category", Text),
    Column("balance", BigInteger, nullable=False, server_default="0"),
    moment("created_at", default=True),
    moment("updated_at", default=True),
    ForeignKeyConstraint(
        ["fund", "category"], ["fund_purpose.fund", "fund_purpose.category"], name="fk_account_purpose"
    ),
    UniqueConstraint(
        "fund", "kind", "owner", "category", name="uq_account_identity", postgresql_nulls_not_distinct=True
    ),
    UniqueConstraint("id", "fund", name="uq_account_fund"),
    CheckConstraint("balance >= 0 OR kind = 'source'", name="no_overdraft"),
    CheckConstraint("kind <> 'source' OR balance <= 0", name="source_gives"),
    CheckConstraint("(category IS NULL) = (kind IN ('source', 'granted'))", name="purpose"),
    Index("ix_account_owner", "owner"),
)
entry = Table(
    "entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("fund", Uuid, ForeignKey("fund.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("source_key", Text, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("period", Text, ForeignKey("period.key"), nullable=False),
    Column("participation", Uuid),
    Column("reverses", Uuid, ForeignKey("entry.id")),
    Column("posted_by", Text, nullable=False),
    Column("memo", Text),
    Column("session", Text),
    Column("subject", Uuid),
    Column("payee", Text),
    moment("updated_at", default=True),
    UniqueConstraint("source_key", name="uq_entry_source_key"),
    UniqueConstraint("reverses", name="uq_entry_reverses"),
    UniqueConstraint("id", "fund", name="uq_entry_fund"),
    CheckConstraint("period = to_char(booked_on, 'YYYY-MM')", name="period"),
    Index("ix_entry_participation", "participation"),
    Index("ix_entry_fund_kind", "fund", "kind"),
    Index("ix_entry_period", "period"),
    Index("uq_entry_paid_subject", "subject", unique=True, postgresql_where=text("kind = 'paid'")),
)
posting = Table(
    "posting",
    metadata,
    Column("entry", Uuid, primary_key=True),
    Column("account", Uuid, primary_key=True),
    Column("fund", Uuid, nullable=False),
    Column("amount", BigInteger, nullable=False),
    ForeignKeyConstraint(["entry", "fund"], ["entry.id", "entry.fund"], name="fk_posting_entry"),
    ForeignKeyConstraint(["account", "fund"], ["account.id", "account.fund"], name="fk_posting_account"),
    CheckConstraint("amount <> 0", name="amount"),
    Index("ix_posting_account", "account"),
)
period_flow = Table(
    "period_flow",
    metadata,
    Column("period", Text, ForeignKey("period.key"), nullable=False),
    Column("fund", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("dimension", Text, nullable=False),
    Column("category", Text),
    Column("value", Text),
    Column("debit", BigInteger, nullable=False),
    Column("credit", BigInteger, nullable=False),
    UniqueConstraint(
        *("period", "fund", "kind", "cause", "way", "dimension", "category", "value"),
        name="uq_period_flow_cell",
        postgresql_nulls_not_distinct=True,
    ),
)
"""What was moved in a closed month, once for each dimension of a statement; written when the month is closed."""
