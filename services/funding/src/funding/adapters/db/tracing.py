"""The shares of the sources in the money that an entry moves, as they stood when it was booked (P-09)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_OWN: Final = text(
    """SELECT part ->> 'source' AS source, (part ->> 'amount')::bigint AS amount
    FROM entry e JOIN budget b ON e.source_key IN ('budget:' || b.id || '\\:budgeted', 'budget:' || b.id || '\\:allocated'),
        jsonb_array_elements(b.contributions) part
    WHERE e.id = :entry
    UNION ALL
    SELECT part.key, part.value::bigint
    FROM entry e JOIN reallocation r ON e.source_key = 'reallocation:' || r.id, jsonb_each_text(r.sources) part
    WHERE e.id = :entry"""
)
"""Budgets and re-allocations between sessions say themselves whose money they are."""
_POT: Final = text(
    """WITH moved AS (
        SELECT e.updated_at AS at, e.fund, coalesce(e.session, p.session, (
            SELECT a.owner FROM posting o JOIN account a ON a.id = o.account
            WHERE o.entry = e.id AND a.kind = 'available' LIMIT 1)) AS session
        FROM entry e LEFT JOIN participation p ON p.id = e.participation WHERE e.id = :entry
    ), share AS (
        SELECT part ->> 'source' AS source, (part ->> 'amount')::bigint AS amount
        FROM moved m JOIN budget b ON b.session = m.session AND b.fund = m.fund
            JOIN entry e ON e.source_key = 'budget:' || b.id || '\\:allocated' AND e.updated_at <= m.at,
            jsonb_array_elements(b.contributions) part
        UNION ALL
        SELECT part.key, CASE WHEN r.taker = m.session THEN part.value::bigint ELSE -part.value::bigint END
        FROM moved m JOIN reallocation r ON r.fund = m.fund AND m.session IN (r.giver, r.taker)
            JOIN entry e ON e.source_key = 'reallocation:' || r.id AND e.updated_at <= m.at,
            jsonb_each_text(r.sources) part
    )
    SELECT source, sum(amount)::bigint AS amount FROM share GROUP BY 1"""
)
"""Everything else moves money of a session's pot."""


async def shares_behind(connection: AsyncConnection, entry: UUID) -> dict[str, int]:
    """Fen by source that stand for the shares in the entry's money; nothing for grants, which name their source."""
    own = {row.source: row.amount for row in await connection.execute(_OWN, {"entry": entry})}
    return own or {row.source: row.amount for row in await connection.execute(_POT, {"entry": entry})}
