"""Tables of matching besides its runs."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Uuid

from placement.adapters.db.tables.columns import metadata

run_input = Table(
    "matching_input",
    metadata,
    Column("id", Uuid, ForeignKey("matching_run.id", ondelete="CASCADE"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""What a run was made from, packed; written with the run and never changed."""
