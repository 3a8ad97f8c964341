"""Alembic's entry into placement's migrations."""

from __future__ import annotations

from placement.adapters.db.tables import metadata
from shared.work.migrations import run_environment

run_environment(metadata)
