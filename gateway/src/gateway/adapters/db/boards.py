"""The cohort board: counts, sums and medians over the journeys of one session, computed by the database."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.adapters.db.tables import SUMS, journey, roster
from gateway.domain.journey import MILESTONES, STAGES
from shared.kernel.money import yuan

STEPS = tuple(pairwise(MILESTONES))
"""The ways between milestones whose length in days is reported."""


async def read_board(
    connection: AsyncConnection, programme: str, session: str, scope: ColumnElement[bool]
) -> dict[str, Any] | None:
    """The board of a session as JSON values, or None when the scope holds no journey of it.

    Amounts are decimal strings of yuan; medians are days; ``content_hash`` is the hash of the cohort and the same for
    every run of the same cohort.
    """
    where = and_(journey.c.programme == programme, journey.c.session == session, scope)
    totals = (await connection.execute(select(*_totals()).where(where))).one()
    if not totals.total:
        return None
    return {
        "programme": programme,
        "session": session,
        "as_of": totals.as_of,
        "position": totals.position,
        "content_hash": totals.content_hash,
        "total": totals.total,
        "reached": {name: getattr(totals, name) for name in MILESTONES},
        "stages": await _counts(connection, journey.c.stage, where, order=STAGES),
        "outcomes": await _counts(connection, journey.c.outcome, where),
        "by_prefecture": await _groups(connection, journey.c.prefecture, where),
        "by_host_province": await _groups(connection, journey.c.host_province, where),
        "money": {name: yuan(int(getattr(totals, f"sum_{name}"))) for name in SUMS} | {"currency": "CNY"},
        "medians": [
            {"from": first, "to": then, "days": float(days), "count": count}
            for first, then in STEPS
            if (days := getattr(totals, f"days_{first}_{then}")) is not None
            and (count := getattr(totals, f"steps_{first}_{then}"))
        ],
        "rosters": await _rosters(connection, programme, session),
    }


def _totals() -> list[ColumnElement[Any]]:
    line = func.concat(journey.c.id, " ", journey.c.content_hash, literal_column(r"E'\n'"))
    joined = func.string_agg(line, literal_column("''::text ORDER BY journey.id::text"))
    hashed = func.encode(func.sha256(func.convert_to(joined, "UTF8")), "hex")
    found: list[ColumnElement[Any]] = [
        func.count().label("total"),
        func.max(journey.c.updated_at).label("as_of"),
        func.max(journey.c.position).label("position"),
        hashed.label("content_hash"),
    ]
    found += [func.count(journey.c[f"{name}_on"]).label(name) for name in MILESTONES]
    found += [func.coalesce(func.sum(journey.c[name]), 0).label(f"sum_{name}") for name in SUMS]
    for first, then in STEPS:
        days = journey.c[f"{then}_on"] - journey.c[f"{first}_on"]
        found.append(func.percentile_cont(0.5).within_group(days).label(f"days_{first}_{then}"))
        found.append(func.count(days).label(f"steps_{first}_{then}"))
    return found


async def _counts(
    connection: AsyncConnection, column: ColumnElement[Any], where: ColumnElement[bool], order: tuple[str, ...] = ()
) -> dict[str, int]:
    statement = select(column, func.count()).where(where, column.is_not(None)).group_by(column)
    found = {name: count for name, count in await connection.execute(statement)}  # noqa: C416 - rows are not pairs
    return {name: found[name] for name in (order or sorted(found)) if name in found}


async def _groups(
    connection: AsyncConnection, column: ColumnElement[Any], where: ColumnElement[bool]
) -> list[dict[str, Any]]:
    counts = [func.count(journey.c[f"{name}_on"]).label(name) for name in MILESTONES]
    statement = (
        select(column.label("key"), func.count().label("total"), *counts)
        .where(where, column.is_not(None))
        .group_by(column)
        .order_by(column)
    )
    return [dict(row._mapping) for row in await connection.execute(statement)]


async def _rosters(connection: AsyncConnection, programme: str, session: str) -> list[dict[str, Any]]:
    statement = (
        select(
            roster.c.id,
            roster.c.edition,
            roster.c.state,
            roster.c.receipt,
            roster.c.selected_count,
            roster.c.reserve_count,
        )
        .where(roster.c.programme == programme, roster.c.session == session)
        .order_by(roster.c.id)
    )
    return [dict(row._mapping) | {"id": str(row.id)} for row in await connection.execute(statement)]
