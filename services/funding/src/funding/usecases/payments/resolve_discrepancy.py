"""Resolve what the treasury contradicted."""

from __future__ import annotations

from uuid import UUID

from funding.domain.payments.returns import Discrepancy
from funding.usecases.ports import FundingWork


async def resolve_discrepancy(work: FundingWork, id: UUID, resolution: str, explanation: str) -> Discrepancy:
    """Keep what came of a discrepancy; the books are not touched by it.

    Raises:
        NotFound, StaleVersion, Conflict (``wrong-state``), Forbidden (``same-person``).
    """
    found = await work.discrepancies.get(id, target=True)
    found.resolve(resolution, explanation, by=work.actor)
    return found
