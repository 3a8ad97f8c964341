"""The tables of the auditor: samples as they were drawn, and findings (F-06)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from funding.adapters.db.tables import metadata
from shared.work.tables import aggregate_columns

audit_sample = Table(
    "audit_sample",
    metadata,
    *aggregate_columns(),
    Column("state", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("fund", Uuid, ForeignKey("fund.id"), nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
    Column("seed", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("population", JSONB, nullable=False),
    Column("items", JSONB, nullable=False),
    Column("drawn_by", Text, nullable=False),
    Index("ix_audit_sample_updated_at", "updated_at", "id"),
)
audit_finding = Table(
    "audit_finding",
    metadata,
    *aggregate_columns(),
    Column("state", Text, nullable=False),
    Column("sample", Uuid, ForeignKey("audit_sample.id")),
    Column("entry", Uuid, ForeignKey("entry.id")),
    Column("severity", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("responsible", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("steps", JSONB, nullable=False),
    Column("corrected_by", Text),
    Column("verified_by", Text),
    Column("closed_on", Date),
    CheckConstraint("verified_by IS NULL OR verified_by <> corrected_by", name="two_persons"),
    CheckConstraint("severity IN ('low', 'medium', 'high', 'critical')", name="severity"),
    Index("ix_audit_finding_responsible", "responsible", "state"),
    Index("ix_audit_finding_updated_at", "updated_at", "id"),
)
