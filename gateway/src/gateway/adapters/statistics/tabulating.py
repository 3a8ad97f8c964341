"""Tables over journeys: one measure by session, batch and programme, and by one dimension, with small cells hidden."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.adapters.statistics.numbers import journeys
from gateway.domain.statistics.evaluating import Asked
from gateway.domain.statistics.measures import DIMENSIONS, MEASURES, UNKNOWN
from gateway.domain.statistics.suppression import ALL, Cell, Withheld, equations, hidden_cells


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a table may be shown: the total and the cells of one row; None stands for a hidden number."""

    total: int | None
    cells: Mapping[str, int | str | None]
    withheld: bool = False


async def tabulate(
    connection: AsyncConnection,
    measure: str,
    asked: Asked,
    scope: ColumnElement[bool],
    as_of: datetime | None,
    by: str | None,
) -> Shown:
    """The row that is asked for, out of the table of the whole programme.

    The whole programme is always counted, because a session that is hidden must not follow from its batch less its
    sisters; totals are decided first and then hold for every dimension.
    """
    counted, tree = await _count(connection, measure, Asked(asked.programme), scope, as_of, by)
    wanted = _row(tree, asked)
    totals = {cell: value for cell, value in counted.items() if cell[1] == ALL}
    if wanted is None:
        return Shown(0, {})
    try:
        hidden = hidden_cells(totals, equations(tree, ()))
    except Withheld:
        hidden = set(totals)
    total = None if (wanted, ALL) in hidden else counted[wanted, ALL]
    if by is None:
        return Shown(total, {})
    columns = sorted({column for _, column in counted} - {ALL})
    full = {(row, column): counted.get((row, column), 0) for row, _ in totals for column in (*columns, ALL)}
    try:
        fixed = {cell: cell in hidden for cell in totals}
        unseen = hidden_cells(full, equations(tree, columns), fixed=fixed)
    except Withheld:
        return Shown(total, {}, withheld=True)
    cells = {
        column: None if (wanted, column) in unseen else full[wanted, column]
        for column in columns
        if full[wanted, column] or (wanted, column) in unseen
    }
    return Shown(total, cells)


async def _count(
    connection: AsyncConnection,
    measure: str,
    asked: Asked,
    scope: ColumnElement[bool],
    as_of: datetime | None,
    by: str | None,
) -> tuple[Counter[Cell], dict[str, tuple[str, ...]]]:
    counted: Counter[Cell] = Counter()
    batches: dict[str, set[str]] = defaultdict(set)
    of = MEASURES[measure].of
    async for one in journeys(connection, asked, scope, as_of):
        batch = str(one.fact("batch") or UNKNOWN)
        session = f"{batch}/{one.fact('session') or UNKNOWN}"
        batches[batch].add(session)
        column = str(DIMENSIONS[by](one) or UNKNOWN) if by else ALL
        for row in (session, batch, ALL):
            for name in {column, ALL}:
                counted[row, name] += of(one)
    tree = {batch: tuple(sorted(sessions)) for batch, sessions in batches.items()}
    if batches:
        tree[ALL] = tuple(sorted(batches))
    return counted, tree


def _row(tree: dict[str, tuple[str, ...]], asked: Asked) -> str | None:
    """The row of the table that is asked for, or None when there is none."""
    if asked.session is None:
        row = asked.batch or ALL
        return row if row in tree else None
    sessions = [
        row
        for batch, rows in tree.items()
        if batch != ALL and (asked.batch is None or batch == asked.batch)
        for row in rows
        if row.partition("/")[2] == asked.session
    ]
    return sessions[0] if len(sessions) == 1 else None
