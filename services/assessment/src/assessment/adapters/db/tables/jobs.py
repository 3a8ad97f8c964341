"""Tables of long work, and who an issuing job had to leave."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, PrimaryKeyConstraint, Table, Text, Uuid

from assessment.adapters.db.tables.columns import metadata
from shared.jobs.tables import job_tables

job, job_file = job_tables(metadata)

issue_left = Table(
    "issue_left",
    metadata,
    Column("job_id", Uuid, ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    Column("participation", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    PrimaryKeyConstraint("job_id", "participation"),
)
"""Participations whose certificate a job could not issue, with the code of the refusal."""
