"""Tables of status lists."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, Sequence, Table

from assessment.adapters.db.tables.columns import metadata

status_list = Table(
    "status_list",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False),
    CheckConstraint("number >= 0 AND octet_length(key) = 32", name="number_and_key"),
)
"""A list and the key that scatters the places of its certificates."""

status_serial = Sequence("status_serial", minvalue=0, start=0, metadata=metadata)
"""Hands out places; a sequence, because issuers of different sessions must not wait for one another."""
