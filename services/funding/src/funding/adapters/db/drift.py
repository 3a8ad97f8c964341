"""Ledger drift: the proof of the books, computed every minute; anything but zero pages somebody (F-05)."""

from __future__ import annotations

from typing import Final

from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncConnection

from funding.adapters.db.statement import proof

DRIFT: Final = Gauge("ledger_drift_fen", "By how many fen debits and credits, or the balances, differ; must be 0")
MISMATCHES: Final = Gauge(
    "ledger_mismatched_accounts", "Accounts whose balance is not the sum of their postings; must be 0"
)


async def measure_drift(connection: AsyncConnection) -> None:
    """Prove the books over all funds and show what is left."""
    found = await proof(connection)
    DRIFT.set(max(abs(found.total), abs(found.debit - found.credit)))
    MISMATCHES.set(found.mismatches)
