"""Counters moved in one statement along whole paths, the session's row locked first, so that nobody deadlocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from selection.adapters.db import tables
from selection.domain.programmes.programme import Session
from selection.domain.quota.counting import NodeCounter, SeatMove, counters_of, deltas, full
from selection.domain.quota.seat import Seat
from shared.kernel.refusals import Conflict

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from selection.adapters.db.unit_of_work import SelectionUnit

_MOVE = text(
    "WITH d AS (SELECT * FROM unnest(CAST(:codes AS text[]), CAST(:reserved AS int[]), CAST(:used AS int[])) "
    "AS d(code, reserved, used)), "
    "locked AS (SELECT q.code FROM quota_node q JOIN d USING (code) WHERE q.session_id = :session "
    "ORDER BY q.ordinal FOR UPDATE OF q) "
    "UPDATE quota_node n SET reserved = n.reserved + d.reserved, used = n.used + d.used FROM locked l JOIN d USING (code) "
    "WHERE n.session_id = :session AND n.code = l.code AND n.reserved + d.reserved >= 0 AND n.used + d.used >= 0 "
    "AND n.reserved + n.used + d.reserved + d.used <= n.max RETURNING n.code"
)


class SqlQuotas:
    """Implements ``selection.usecases.ports.Quotas`` on the unit's connection."""

    def __init__(self, unit: SelectionUnit) -> None:
        self._unit = unit

    async def lay_out(self, session: Session, seats: Sequence[Seat]) -> None:
        """See ``Quotas.lay_out``."""
        await self._unit.flush()
        table, connection = tables.quota_node, self._unit.connection
        rows = [_row(session.id, n, counter) for n, counter in enumerate(counters_of(session.tree, seats))]
        gone = table.c.code.not_in([row["code"] for row in rows])
        await connection.execute(delete(table).where(table.c.session_id == session.id, gone))
        statement = insert(table)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in ("session_id", "code")}
        keys = [table.c.session_id, table.c.code]
        await connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)

    async def hold(self, session: UUID) -> list[NodeCounter]:
        """See ``Quotas.hold``."""
        return await counters(self._unit.connection, session, lock=True)

    async def move(self, session: Session, moves: Sequence[SeatMove]) -> None:
        """See ``Quotas.move``."""
        net = deltas(session.tree, moves)
        if not net:
            return
        await self._unchanged(session)
        values = {
            "session": session.id, "codes": list(net),
            "reserved": [reserved for reserved, _ in net.values()], "used": [used for _, used in net.values()],
        }  # fmt: skip
        moved = {row.code for row in await self._unit.connection.execute(_MOVE, values)}
        short = [each for each in await counters(self._unit.connection, session.id) if each.code in set(net) - moved]
        if short:
            raise full(short)

    async def _unchanged(self, session: Session) -> None:
        """Lock the session's root and refuse when its tree is no longer the one that the moves were counted in."""
        table = tables.quota_node
        root = select(table.c.code).where(table.c.session_id == session.id, table.c.parent.is_(None)).with_for_update()
        await self._unit.connection.execute(root)
        if (await self._unit.readings.session(session.id)).quota_nodes != session.quota_nodes:
            raise Conflict("lost-race", "The quota tree changed at the same moment; read it again.")


async def counters(connection: AsyncConnection, session: UUID, *, lock: bool = False) -> list[NodeCounter]:
    """The counters of a session, parents first; with ``lock`` nobody else moves them until the transaction ends."""
    table = tables.quota_node
    columns = (table.c.code, table.c.parent, table.c.min, table.c.max, table.c.reserved, table.c.used)
    statement = select(*columns).where(table.c.session_id == session).order_by(table.c.ordinal)
    rows = await connection.execute(statement.with_for_update() if lock else statement)
    return [NodeCounter(*row) for row in rows]


def _row(session: UUID, ordinal: int, counter: NodeCounter) -> dict[str, Any]:
    return {
        "session_id": session, "code": counter.code, "parent": counter.parent, "ordinal": ordinal, "min": counter.min,
        "max": counter.max, "reserved": counter.reserved, "used": counter.used,
    }  # fmt: skip
