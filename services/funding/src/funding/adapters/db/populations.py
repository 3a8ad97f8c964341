"""What an auditor may draw from."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from funding.domain.audit.sampling import INSPECTED, Candidate

_POPULATION: Final = text(
    """SELECT e.id, e.kind, e.booked_on, e.posted_by, e.payee, e.session,
        (SELECT sum(amount)::bigint FROM posting WHERE entry = e.id AND amount > 0) AS amount
    FROM entry e
    WHERE e.fund = :fund AND e.booked_on BETWEEN :from_day AND :to_day AND e.kind = ANY(:kinds)
        AND e.period BETWEEN to_char(CAST(:from_day AS date), 'YYYY-MM') AND to_char(CAST(:to_day AS date), 'YYYY-MM')
    ORDER BY e.id LIMIT :most"""
)


async def population(
    connection: AsyncConnection, fund: UUID, from_day: date, to_day: date, most: int
) -> list[Candidate]:
    """See ``FundingWork.population``."""
    asked = {"fund": fund, "from_day": from_day, "to_day": to_day, "most": most, "kinds": sorted(INSPECTED)}
    rows = await connection.execute(_POPULATION, asked)
    return [
        Candidate(row.id, row.kind, row.amount, row.booked_on, row.posted_by, row.payee, row.session) for row in rows
    ]
