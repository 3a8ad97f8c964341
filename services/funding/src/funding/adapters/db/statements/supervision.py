"""What is due and how long it has been, and what the finance authority looks at (F-07)."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.approvals.matrix import read_matrix

BANDS: Final = ("0-30", "31-60", "61-90", ">90")
_BAND: Final = """CASE WHEN :today - since <= 30 THEN '0-30' WHEN :today - since <= 60 THEN '31-60'
    WHEN :today - since <= 90 THEN '61-90' ELSE '>90' END"""
_TO_PAY: Final = text(
    f"""SELECT {_BAND} AS band, count(*) AS count, sum(amount)::bigint AS amount FROM (
        SELECT CAST(due_on AS date) AS since,
            (SELECT sum(value::bigint) FROM jsonb_each_text(parts)) AS amount
        FROM instalment WHERE state IN ('due', 'prepared', 'approved') AND due_on <= :today
            AND (CAST(:fund AS uuid) IS NULL OR fund = :fund)
    ) due GROUP BY 1"""  # noqa: S608 - a constant of this file
)
_TO_COME_BACK: Final = text(
    f"""SELECT {_BAND} AS band, count(*) AS count, sum(amount)::bigint AS amount FROM (
        SELECT min(e.booked_on) FILTER (WHERE o.amount > 0) AS since, sum(o.amount) AS amount
        FROM account a JOIN posting o ON o.account = a.id JOIN entry e ON e.id = o.entry
        WHERE a.kind = 'receivable' AND a.balance > 0 AND (CAST(:fund AS uuid) IS NULL OR a.fund = :fund)
        GROUP BY a.owner
    ) owing GROUP BY 1"""  # noqa: S608 - a constant of this file
)
_FUNDS: Final = text(
    """SELECT f.id, f.code, f.programme, f.state,
        (SELECT count(*) FROM instalment i WHERE i.fund = f.id AND i.state IN ('due', 'prepared', 'approved')
            AND i.due_on < :late) AS overdue,
        (SELECT coalesce(sum(v.value::bigint), 0)::bigint FROM instalment i, jsonb_each_text(i.parts) v
            WHERE i.fund = f.id AND i.state IN ('due', 'prepared', 'approved') AND i.due_on < :late) AS overdue_amount,
        (SELECT count(*) FROM audit_finding x JOIN entry e ON e.id = x.entry
            WHERE e.fund = f.id AND x.state <> 'closed') AS findings
    FROM fund f ORDER BY f.code"""
)
_FINDINGS: Final = text(
    """SELECT severity, count(*) AS count, count(*) FILTER (
        WHERE due_on < :today AND state IN ('open', 'responded')) AS late
    FROM audit_finding WHERE state <> 'closed' GROUP BY severity ORDER BY severity"""
)
_ASKED: Final = text(
    """SELECT a.id, a.kind, a.rolling_amount, p.effective, p.sha256,
        (SELECT sum(value::bigint)::bigint FROM jsonb_each_text(a.parts)) AS amount
    FROM approval a JOIN applied_policy p ON p.programme = a.programme AND p.policy_version = a.policy_version
    WHERE a.state IN ('pending', 'approved') AND a.asked_on > :since ORDER BY a.asked_on DESC, a.id LIMIT 2000"""
)


async def aging(connection: AsyncConnection, today: date, fund: UUID | None) -> tuple[list[Any], list[Any]]:
    """(band, count, fen) of what is due to be paid and of what is due to come back, youngest band first."""
    asked = {"today": today, "fund": fund}
    return (
        _in_bands((await connection.execute(_TO_PAY, asked)).all()),
        _in_bands((await connection.execute(_TO_COME_BACK, asked)).all()),
    )


async def funds_watched(connection: AsyncConnection, late: date) -> list[Any]:
    """Every fund with what was due before ``late`` and is not paid, and its findings that are not closed."""
    return list((await connection.execute(_FUNDS, {"late": late})).all())


async def findings_open(connection: AsyncConnection, today: date) -> list[Any]:
    """Findings that are not closed, and how many are late, by severity."""
    return list((await connection.execute(_FINDINGS, {"today": today})).all())


async def near_limits(connection: AsyncConnection, since: date, *, share: int = 9000) -> list[tuple[Any, int]]:
    """Approvals asked since a day whose rolling sum lies within a tenth below a limit, with the limit in fen."""
    matrices: dict[str, Any] = {}
    found = []
    for row in await connection.execute(_ASKED, {"since": since}):
        matrix = matrices.get(row.sha256)
        if matrix is None:
            matrix = matrices[row.sha256] = read_matrix(row.effective)
        tiers = matrix.by_kind.get(ApprovalKind(row.kind), matrix.tiers)
        limits = [tier.up_to for tier in tiers if tier.up_to is not None]
        over = [limit for limit in limits if limit * share // 10_000 < row.rolling_amount <= limit]
        if over:
            found.append((row, over[0]))
    return found


def _in_bands(rows: Any) -> list[tuple[str, int, int]]:
    by_band = {row.band: (row.count, row.amount) for row in rows}
    return [(band, *by_band.get(band, (0, 0))) for band in BANDS]
