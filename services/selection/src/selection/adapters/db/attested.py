"""Reads and deletes what units attested."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import and_, delete, func, select, update

from selection.adapters.db import tables
from selection.adapters.db.judging_tables import attestation, waiver
from selection.adapters.db.readings import read_all
from selection.domain.applying.application import EXCLUDED, Application
from selection.domain.applying.attestation import Attestation
from selection.usecases.judging.ports import Remembered

if TYPE_CHECKING:
    from selection.adapters.db.unit_of_work import SelectionUnit


class SqlAttestedFacts:
    """Implements ``selection.usecases.judging.ports.AttestedFacts`` on the unit's connection."""

    def __init__(self, unit: SelectionUnit) -> None:
        self._unit = unit

    async def about(self, applications: Iterable[Application]) -> dict[UUID, Attestation]:
        """See ``AttestedFacts.about``."""
        wanted = {(each.call_id, each.account, each.unit): each.id for each in applications}
        where = and_(
            attestation.c.call_id.in_({call for call, _, _ in wanted}),
            attestation.c.account.in_({account for _, account, _ in wanted}),
        )
        found = await read_all(self._unit.connection, Attestation, attestation, where)
        return {wanted[key]: each for each in found if (key := (each.call_id, each.account, each.unit)) in wanted}

    async def remembered(self) -> list[Remembered]:
        """See ``AttestedFacts.remembered``."""
        call, roster = tables.call, tables.roster
        kept = select(call.c.session_id).join(attestation, attestation.c.call_id == call.c.id)
        waived = (
            select(tables.application.c.session_id)
            .join(waiver, waiver.c.application_id == tables.application.c.id)
            .where(waiver.c.attested)
        )
        session = tables.session
        statement = (
            select(session.c.id, func.max(roster.c.fixed_at).label("fixed_at"))
            .outerjoin(roster, and_(roster.c.session_id == session.c.id, roster.c.state != "discarded"))
            .where(session.c.id.in_(kept.union(waived)))
            .group_by(session.c.id)
            .order_by(session.c.id)
        )
        rows = await self._unit.connection.execute(statement)
        return [Remembered(row.id, row.fixed_at) for row in rows]

    async def forget(self, session_id: UUID) -> int:
        """See ``AttestedFacts.forget``."""
        calls = select(tables.call.c.id).where(tables.call.c.session_id == session_id)
        applications = select(tables.application.c.id).where(tables.application.c.session_id == session_id)
        gone = 0
        for statement in (
            delete(attestation).where(attestation.c.call_id.in_(calls)),
            delete(waiver).where(waiver.c.attested, waiver.c.application_id.in_(applications)),
        ):
            gone += (await self._unit.connection.execute(statement)).rowcount
        table = tables.application
        excluded = and_(table.c.session_id == session_id, table.c.reason == EXCLUDED, table.c.explanation.is_not(None))
        cleared = (
            update(table).where(excluded).values(explanation=None, version=table.c.version + 1, updated_at=func.now())
        )
        return gone + (await self._unit.connection.execute(cleared)).rowcount
