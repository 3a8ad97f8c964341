"""Alembic's entry into funding's migrations."""

from __future__ import annotations

from typing import Final

from funding.adapters.db.schema import approval_tables, claim_tables, ledger_tables, treasury_tables
from shared.work.migrations import run_environment

_TABLES: Final = (approval_tables.approval, claim_tables.claim, ledger_tables.posting, treasury_tables.return_file)
"""One of every module, so that all tables are known."""

run_environment(_TABLES[0].metadata)
