"""What was moved up to a day, as it was known at a moment, by whatever a statement asks for.

Closed months are read from ``period_flow``, which was summed when they were closed; all others from the postings. Both
follow the one definition in the view ``ledger_flow``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

DIMENSIONS: Final = ("source", "category", "session", "area", "payee")
"""What a statement can be broken down by."""
_MONTHS: Final = text(
    """SELECT key, state = 'closed' AND key < CAST(:until AS text)
            AND (CAST(:known AS timestamptz) IS NULL OR closed_at <= :known) AS summed
        FROM period WHERE key <= :month"""
)


@dataclass(frozen=True, slots=True)
class Horizon:
    """Up to which day of the books (included), and as it was known at which moment (None: now)."""

    until: date
    known_at: datetime | None = None

    @property
    def whole(self) -> str:
        """Months before this one are over on the day."""
        return f"{self.until + timedelta(1):%Y-%m}"


@dataclass(frozen=True, slots=True)
class Flow:
    """Fen moved into (``debit``) and out of (``credit``) accounts of one kind, for one cause."""

    fund: UUID
    kind: str
    cause: str
    way: str
    by: tuple[str | None, ...]
    debit: int
    credit: int

    @property
    def amount(self) -> int:
        """What is left of it."""
        return self.debit - self.credit


async def flows(
    connection: AsyncConnection, horizon: Horizon, by: Sequence[str] = (), *, fund: UUID | None = None
) -> list[Flow]:
    """Everything moved up to the horizon, by the dimensions asked for."""
    summed, other = await months(connection, horizon)
    asked = {
        "fund": fund, "until": horizon.until, "known": horizon.known_at, "summed": summed, "other": other
    }  # fmt: skip
    rows = await connection.execute(text(_statement(tuple(by))), asked)
    return [Flow(row[0], row[1], row[2], row[3], tuple(row[4:-2]), int(row[-2]), int(row[-1])) for row in rows]


async def months(connection: AsyncConnection, horizon: Horizon) -> tuple[list[str], list[str]]:
    """Months that are read from their sums, and months that are read posting by posting."""
    asked = {"until": horizon.whole, "known": horizon.known_at, "month": f"{horizon.until:%Y-%m}"}
    rows = (await connection.execute(_MONTHS, asked)).all()
    return [row.key for row in rows if row.summed], [row.key for row in rows if not row.summed]


def _statement(by: tuple[str, ...]) -> str:
    kept = [name for name in by if name != "category"]
    if len(kept) > 1 or not set(by) <= set(DIMENSIONS):
        raise ValueError(f"a statement is by category and one more of {DIMENSIONS}, not {by}")
    dimension = kept[0] if kept else "session"
    asked: Any = "".join(f", {name}" for name in by)
    cells: Any = asked if not kept else asked.replace(f", {dimension}", f", value AS {dimension}")
    return f"""SELECT fund, kind, cause, way{asked}, sum(debit) AS debit, sum(credit) AS credit FROM (
        SELECT fund, kind, cause, way{cells}, debit, credit FROM period_flow
        WHERE period = ANY(:summed) AND dimension = '{dimension}' AND (CAST(:fund AS uuid) IS NULL OR fund = :fund)
        UNION ALL
        SELECT fund, kind, cause, way{asked}, coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
            coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)
        FROM ledger_flow
        WHERE period = ANY(:other) AND booked_on <= :until AND (CAST(:fund AS uuid) IS NULL OR fund = :fund)
            AND (CAST(:known AS timestamptz) IS NULL OR recorded_at <= :known)
        GROUP BY fund, kind, cause, way{asked}
    ) moved GROUP BY fund, kind, cause, way{asked}"""  # noqa: S608 - dimensions are constants of this file
