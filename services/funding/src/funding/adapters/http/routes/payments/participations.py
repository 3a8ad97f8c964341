"""The money of participations."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import ColumnElement, select

from funding.adapters.db import tables
from funding.adapters.db.readings import (
    INSTALMENTS,
    PARTICIPATIONS,
    entries_with_sides,
    participations_with_balances,
    thing,
    whole_entry,
)
from funding.adapters.db.schema.ledger_tables import entry
from funding.adapters.http.routes.common import CodeFilter, matching
from funding.adapters.http.shapes.books.ledger import LedgerEntryOut
from funding.adapters.http.shapes.payments.instalments import InstalmentOut
from funding.adapters.http.shapes.payments.participations import ParticipationDetail, ParticipationOut
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix="/v1/funding/participations", tags=["participations"])
Read = Annotated[Query, Depends(query("participation.read"))]
OWN: Final[dict[Relation, ColumnElement[Any]]] = {
    Relation.SELF: tables.participation.c.account,
    Relation.OWN_UNIT: tables.participation.c.sending_unit,
    Relation.HOST: tables.participation.c.host,
}
"""Whose money a participation is, for scoping."""


@router.get("", response_model=PageOf[ParticipationOut], responses=READ_PROBLEMS)
async def list_participations(
    read: Read,
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: CodeFilter = None,
    state: CodeFilter = None,
    host: CodeFilter = None,
) -> Response:
    """The money of participations the caller may see."""
    filters: dict[str, Any] = {"session": session, "state": state, "host": host}
    statement = participations_with_balances().where(read.scope.where(OWN), matching(tables.participation, filters))

    def shown(row: Any) -> ParticipationOut:
        return ParticipationOut.of(
            thing(PARTICIPATIONS, row),
            read.actor,
            committed=row.committed,
            instructed=row.instructed,
            receivable=row.receivable,
        )

    return await read.page(statement, tables.participation, page, shown, filters=filters)


@router.get("/{participation_id}", response_model=ParticipationDetail, responses=READ_PROBLEMS)
async def read_participation(participation_id: UUID, read: Read) -> Response:
    """The money of a participation with its instalments and every entry of the ledger."""
    own = (read.scope.where(OWN), tables.participation.c.id == participation_id)
    row = await read.one(participations_with_balances().where(*own))
    table = tables.instalment
    statement = select(*INSTALMENTS.columns).where(table.c.participation == participation_id)
    rows = await read.all(statement.order_by(table.c.sequence, table.c.revision))
    booked = await read.all(
        entries_with_sides().where(entry.c.participation == participation_id).order_by(entry.c.updated_at, entry.c.id)
    )
    head = ParticipationOut.of(
        thing(PARTICIPATIONS, row),
        read.actor,
        committed=row.committed,
        instructed=row.instructed,
        receivable=row.receivable,
    )
    shown = ParticipationDetail(
        **dict(head),
        instalments=[InstalmentOut.of(INSTALMENTS.thing(each), read.actor) for each in rows],
        entries=[LedgerEntryOut.of(whole_entry(each)) for each in booked],
    )
    return read.answer(shown)
