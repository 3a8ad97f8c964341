"""The tables of claims; a trigger keeps ``claim_invoice`` and ``claim_day`` true to the claims that count."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from funding.adapters.db.tables import metadata
from shared.work.tables import aggregate_columns

CLAIMED_DAYS: Final = (
    "numrange("
    "(hashtextextended(subject, 0)::numeric * 18446744073709551616 + hashtextextended(subject, 1)::numeric)"
    " * 10000000 + (from_day - DATE '0001-01-01'), "
    "(hashtextextended(subject, 0)::numeric * 18446744073709551616 + hashtextextended(subject, 1)::numeric)"
    " * 10000000 + (to_day - DATE '0001-01-01'), '[]')"
)
"""The claimed days on a number line where every cost object and category has ten million days of its own (128 bits of
hash), so that an exclusion constraint needs no extension."""
_NOBODY_TWICE: Final = (
    "checked_by IS NULL OR (checked_by <> submitted_by AND checked_by <> drafted_by AND approval_persons_differ("
    "jsonb_build_array(drafted_by, submitted_by, checked_by), chain))"
)

cost_object = Table(
    "cost_object",
    metadata,
    *aggregate_columns(),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("province", Text),
    Column("tier", Text),
    Column("registered_by", Text, nullable=False),
    UniqueConstraint("kind", "code", name="uq_cost_object_code"),
    CheckConstraint("ends_on >= starts_on AND persons > 0", name="bounds"),
    Index("ix_cost_object_updated_at", "updated_at", "id"),
)
claim = Table(
    "claim",
    metadata,
    *aggregate_columns(),
    Column("state", Text, nullable=False),
    Column("cost_kind", Text, nullable=False),
    Column("cost_object", Text, nullable=False),
    Column("participation", Uuid, ForeignKey("participation.id")),
    Column("session", Text, nullable=False),
    Column("fund", Uuid, ForeignKey("fund.id"), nullable=False),
    Column("programme", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("account", Text),
    Column("unit", Text),
    Column("host", Text),
    Column("payee", Text, nullable=False),
    Column("payee_kind", Text, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("submitted_by", Text),
    Column("submitted_on", Date),
    Column("checked_by", Text),
    Column("rolling_amount", BigInteger, nullable=False),
    Column("chain", JSONB, nullable=False),
    Column("signers", JSONB, nullable=False),
    Column("refusal", Text),
    Column("frozen_by", Text),
    Column("frozen_why", Text),
    Column("attempts", Integer, nullable=False),
    Column("reference", Text),
    Column("paid_on", Date),
    Column("clawback", JSONB, nullable=False),
    Column("recovered", JSONB, nullable=False),
    Column("clawback_due_on", Date),
    UniqueConstraint("reference", name="uq_claim_reference"),
    CheckConstraint(_NOBODY_TWICE, name="nobody_twice"),
    Index("ix_claim_cost_object", "cost_kind", "cost_object"),
    Index("ix_claim_session", "session", "state"),
    Index("ix_claim_payee", "payee"),
    Index("ix_claim_updated_at", "updated_at", "id"),
)
claim_invoice = Table(
    "claim_invoice",
    metadata,
    Column("number", Text, nullable=False, primary_key=True),
    Column("claim", Uuid, ForeignKey("claim.id"), nullable=False, index=True),
)
claim_day = Table(
    "claim_day",
    metadata,
    Column("claim", Uuid, ForeignKey("claim.id"), nullable=False, primary_key=True),
    Column("line", Integer, nullable=False, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    CheckConstraint("to_day >= from_day", name="days"),
    ExcludeConstraint((text(CLAIMED_DAYS), "&&"), name="ex_claim_day_once", using="gist"),
)
