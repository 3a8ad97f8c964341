"""The tables around the treasury's files; a trigger keeps ``payment_reference`` true to the batches."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid

from funding.adapters.db.tables import metadata
from shared.work.tables import aggregate_columns

payment_reference = Table(
    "payment_reference",
    metadata,
    Column("reference", Text, nullable=False, primary_key=True),
    Column("disbursement", Uuid, ForeignKey("disbursement.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("attempt", Integer, nullable=False),
    UniqueConstraint("disbursement", "sequence", name="uq_payment_reference_sequence"),
    UniqueConstraint("subject", "attempt", name="uq_payment_reference_attempt"),
)
return_file = Table(
    "return_file",
    metadata,
    *aggregate_columns(),
    Column("disbursement", Uuid, ForeignKey("disbursement.id"), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("paid", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("discrepancies", Integer, nullable=False),
    Column("taken_by", Text, nullable=False),
    Column("taken_on", Date, nullable=False),
    UniqueConstraint("disbursement", "sha256", name="uq_return_file_content"),
)
discrepancy = Table(
    "discrepancy",
    metadata,
    *aggregate_columns(),
    Column("state", Text, nullable=False),
    Column("disbursement", Uuid, ForeignKey("disbursement.id"), nullable=False),
    Column("reference", Text, nullable=False),
    Column("booked_outcome", Text, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("said_outcome", Text, nullable=False),
    Column("said_on", Date, nullable=False),
    Column("reason", Text),
    Column("taken_by", Text, nullable=False),
    Column("noted_on", Date, nullable=False),
    Column("resolution", Text),
    Column("explanation", Text),
    Column("resolved_by", Text),
    UniqueConstraint("reference", "said_outcome", "said_on", name="uq_discrepancy_said"),
    Index("ix_discrepancy_disbursement", "disbursement"),
    Index("ix_discrepancy_updated_at", "updated_at", "id"),
)
