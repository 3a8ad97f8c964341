"""What claims ask of other claims, without locking them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from funding.adapters.db.schema.claim_tables import claim, claim_invoice
from funding.domain.claims.cost_object import CostObjectKind
from funding.domain.claims.lines import ClaimLine
from funding.domain.claims.states import COUNTED

_LINES: Final = TypeAdapter(list[ClaimLine])
_COUNTED: Final = sorted(state.value for state in COUNTED)


async def counted_lines(connection: AsyncConnection, kind: CostObjectKind, cost_object: str) -> list[ClaimLine]:
    """See ``FundingWork.counted_lines``."""
    named = (claim.c.cost_kind == kind.value) & (claim.c.cost_object == cost_object) & claim.c.state.in_(_COUNTED)
    rows = await connection.execute(select(claim.c.lines).where(named))
    return [line for row in rows for line in _LINES.validate_python(row.lines)]


async def used_invoices(connection: AsyncConnection, numbers: Iterable[str]) -> frozenset[str]:
    """See ``FundingWork.used_invoices``."""
    asked = select(claim_invoice.c.number).where(claim_invoice.c.number.in_(sorted(numbers)))
    return frozenset((await connection.execute(asked)).scalars())
