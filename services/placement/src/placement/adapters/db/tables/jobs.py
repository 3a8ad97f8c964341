"""Tables of long work."""

from __future__ import annotations

from placement.adapters.db.tables.columns import metadata
from shared.jobs.tables import job_tables

job, job_file = job_tables(metadata)
