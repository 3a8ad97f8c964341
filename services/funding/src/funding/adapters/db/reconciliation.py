"""Reconciliation: what was instructed against what the treasury said, and against the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

AGES: Final = ((0, 7), (8, 30), (31, 90), (91, None))
"""Days since the instruction, from and to, both counted."""
_LINES: Final = text(
    """SELECT coalesce(line ->> 'outcome', '') AS outcome,
        CASE WHEN line ->> 'outcome' IS NULL THEN CAST(:today AS date) - d.instructed_on END AS age,
        count(*) AS payments, sum((line ->> 'amount')::bigint)::bigint AS amount
    FROM disbursement d, jsonb_array_elements(d.lines) line
    WHERE (CAST(:fund AS uuid) IS NULL OR d.fund = :fund) AND (CAST(:session AS text) IS NULL OR d.session = :session)
    GROUP BY 1, 2"""
)
_IN_TRANSIT: Final = text(
    """SELECT coalesce(sum(a.balance), 0)::bigint FROM account a
    LEFT JOIN participation p ON p.id::text = a.owner LEFT JOIN claim c ON c.id::text = a.owner
    WHERE a.kind = 'in_transit' AND (CAST(:fund AS uuid) IS NULL OR a.fund = :fund)
    AND (CAST(:session AS text) IS NULL OR coalesce(p.session, c.session) = :session)"""
)
_OPEN: Final = text(
    """SELECT count(*) FROM discrepancy x JOIN disbursement d ON d.id = x.disbursement
    WHERE x.state = 'open' AND (CAST(:fund AS uuid) IS NULL OR d.fund = :fund)
    AND (CAST(:session AS text) IS NULL OR d.session = :session)"""
)


@dataclass(frozen=True, slots=True)
class Age:
    """Outstanding payments of an age: how many and how many fen."""

    from_days: int
    to_days: int | None
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Sums in fen; ``in_transit`` is what the ledger holds to be with the treasury."""

    count: int
    paid: int
    rejected: int
    outstanding: int
    in_transit: int
    open_discrepancies: int
    by_age: list[Age]

    @property
    def instructed(self) -> int:
        """Fen of all payments ever instructed."""
        return self.paid + self.rejected + self.outstanding

    @property
    def agrees(self) -> bool:
        """True when the batches and the ledger say the same of what is outstanding."""
        return self.outstanding == self.in_transit


async def reconcile(connection: AsyncConnection, today: date, fund: UUID | None, session: str | None) -> Reconciliation:
    """The reconciliation as of ``today``, of a fund or session or of everything."""
    asked = {"today": today, "fund": fund, "session": session}
    rows = (await connection.execute(_LINES, asked)).all()
    narrowed = {"fund": fund, "session": session}

    def total(outcome: str) -> int:
        return sum(row.amount for row in rows if row.outcome == outcome)

    def aged(first: int, last: int | None) -> Age:
        inside = [row for row in rows if row.age is not None and first <= row.age and (last is None or row.age <= last)]
        return Age(first, last, sum(row.payments for row in inside), sum(row.amount for row in inside))

    return Reconciliation(
        count=sum(row.payments for row in rows),
        paid=total("paid"),
        rejected=total("rejected"),
        outstanding=total(""),
        in_transit=(await connection.execute(_IN_TRANSIT, narrowed)).scalar_one(),
        open_discrepancies=(await connection.execute(_OPEN, narrowed)).scalar_one(),
        by_age=[aged(first, last) for first, last in AGES],
    )
