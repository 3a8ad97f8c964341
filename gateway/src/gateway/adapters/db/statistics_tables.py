"""Tables of what was loaded for statistics, and of requests to correct a shared record."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from gateway.adapters.db.tables import metadata
from shared.work.tables import aggregate_columns, moment

observation_set = Table(
    "observation_set",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("dataset", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("programme", Text, nullable=False),
    Column("citation", Text, nullable=False),
    Column("rows", JSONB, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("loaded_by", Text, nullable=False),
    moment("loaded_at"),
    moment("updated_at", default=True),
    UniqueConstraint("dataset", "edition"),
    CheckConstraint("edition > 0", name="edition"),
    Index("ix_observation_set_programme", "programme"),
)

correction = Table(
    "correction",
    metadata,
    *aggregate_columns(),
    *(Column(name, Text, nullable=False) for name in ("dataset", "record", "field", "reason")),
    Column("evidence", Text),
    *(Column(name, Text, nullable=False) for name in ("state", "requester", "requester_organisation", "owner")),
    moment("received_at"),
    Column("due_on", Date, nullable=False),
    Column("assigned_to", Text),
    Column("answer", Text),
    Column("decided_on", Date),
    CheckConstraint("state IN ('received', 'assigned', 'accepted', 'rejected', 'closed')", name="state"),
    Index("ix_correction_owner", "owner", "state"),
    Index("ix_correction_requester", "requester"),
)
