"""Alembic's entry into funding's migrations."""

from __future__ import annotations

from funding.adapters.db import ledger_tables
from shared.work.migrations import run_environment

run_environment(ledger_tables.posting.metadata)
