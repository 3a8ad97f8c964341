"""Obligations over HTTP: one list per person and per office."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter

from placement.adapters.db.obligations.query import Wanted, escalated, heard_by, page_of
from placement.adapters.db.obligations.sources import SOURCES
from placement.adapters.http.duties import owed_under, visible_to
from placement.adapters.http.schemas.obligations import ObligationOut, ObligationsOut
from placement.adapters.http.scoping import PREFIX
from shared.http.cursors import binding
from shared.http.exact import Day
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.work.unit import PLACE

router = APIRouter(prefix=PREFIX, tags=["obligations"])
_Code = Annotated[str | None, QueryParameter(max_length=120)]


@router.get("/obligations", response_model=ObligationsOut, responses=READ_PROBLEMS)
async def list_obligations(
    query: Annotated[Query, Depends(query("obligation.read"))],
    kind: _Code = None,
    participation: UUID | None = None,
    owed_by: _Code = None,
    session: _Code = None,
    host: _Code = None,
    until: Day | None = None,
    overdue: bool | None = None,
    mine: Annotated[bool, QueryParameter(description="only what the caller's own role owes")] = False,
    limit: Annotated[int, QueryParameter(description="1 to 500; other values are coerced")] = 100,
    cursor: Annotated[str | None, QueryParameter(max_length=2000)] = None,
) -> Response:
    """What is due within the caller's sight, the earliest first; hosts and mentors see no study reports (D-02)."""
    shown = max(1, min(limit, 500))
    today = query.running.clock.now().astimezone(PLACE).date()
    wanted = Wanted(
        today=today, kind=kind, participation=participation, owed_by=owed_by, session=session, host=host, until=until,
        overdue=overdue, mine=owed_under(query.actor) if mine else None,
    )  # fmt: skip
    bound = binding(
        query.action,
        {"kind": kind, "participation": participation and str(participation), "owed_by": owed_by, "session": session,
         "host": host, "until": until, "overdue": overdue, "mine": mine, "sub": query.actor.subject},
    )  # fmt: skip
    after = None
    if cursor is not None:
        day, id = query.running.cursors.read(bound, cursor)
        after = (date.fromisoformat(day), UUID(id))
    sources = heard_by(query.actor, SOURCES, kind)
    if not sources:
        return query.answer(ObligationsOut(items=[], more=False))
    rows = await query.all(page_of(sources, wanted, visible_to(query.scope), after=after, limit=shown + 1))
    more, rows = len(rows) > shown, rows[:shown]
    following = query.running.cursors.make(bound, [str(rows[-1].due_on), str(rows[-1].id)]) if more else None
    offices: dict[UUID, list[str]] = {}
    for raised in await query.all(escalated(row.id for row in rows)) if rows else []:
        offices.setdefault(raised.obligation, []).append(raised.office)
    items = [ObligationOut.row(row, today, offices.get(row.id)) for row in rows]
    return query.answer(ObligationsOut(items=items, more=more, next_cursor=following))
