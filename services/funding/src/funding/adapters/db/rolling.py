"""The rolling sum on PostgreSQL: one statement, and a queue per payee and purpose; and what is frozen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.approvals.rolling import Purse
from funding.domain.freezing.freeze import FreezeKind, Thing

_QUEUE: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(CAST(:keys AS text[])) WITH ORDINALITY q (key, nth)"
)
_SUMS: Final = text(
    """SELECT a.payee, part.key AS purpose, sum(part.value::bigint)::bigint AS amount
    FROM approval a, jsonb_each_text(a.parts) part
    WHERE a.programme = :programme AND a.kind = :kind AND a.payee = ANY(:payees) AND a.asked_on >= :since
        AND a.state IN ('pending', 'approved')
    GROUP BY 1, 2"""
)


_FROZEN: Final = text("SELECT kind, subject FROM money_freeze WHERE state = 'frozen'")


async def frozen_things(connection: AsyncConnection) -> set[Thing]:
    """Everything that is frozen; few things ever are."""
    return {Thing(FreezeKind(row.kind), row.subject) for row in await connection.execute(_FROZEN)}


async def queue_up(connection: AsyncConnection, keys: Iterable[str]) -> None:
    """Hold a transaction lock on each key, taken in ascending order."""
    if wanted := sorted(set(keys)):
        await connection.execute(_QUEUE, {"keys": wanted})


async def rolling_sums(
    connection: AsyncConnection, programme: str, kind: ApprovalKind, payees: Sequence[str], since: date
) -> dict[Purse, int]:
    """Fen by payee and purpose; see ``FundingWork.rolling_sums``."""
    asked = {"programme": programme, "kind": kind.value, "payees": list(payees), "since": since}
    rows = await connection.execute(_SUMS, asked)
    return {Purse(programme, kind, row.payee, row.purpose): row.amount for row in rows}
