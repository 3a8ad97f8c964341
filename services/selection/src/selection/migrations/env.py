"""Alembic's entry: the same for every service."""

from __future__ import annotations

from selection.adapters.db.tables import metadata
from shared.work.migrations import run_environment

run_environment(metadata)
