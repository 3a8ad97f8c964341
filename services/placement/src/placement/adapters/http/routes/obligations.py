"""Obligations over HTTP: one list per person and per office."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from sqlalchemy import select

from placement.adapters.db.obligations import obligations
from placement.adapters.http.schemas.reports import ObligationKind, ObligationOut, ObligationsOut
from placement.adapters.http.scoping import PREFIX
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.kernel.actor import Relation, Role

router = APIRouter(prefix=PREFIX, tags=["obligations"])
_OWES = {
    Role.APPLICANT: "trainee",
    Role.UNIT_OFFICER: "sending_unit",
    Role.REGIONAL_OFFICER: "region",
    Role.HOST_OFFICER: "host",
    Role.MENTOR: "mentor",
}


@router.get("/obligations", response_model=ObligationsOut, responses=READ_PROBLEMS)
async def list_obligations(
    query: Annotated[Query, Depends(query("obligation.read"))],
    kind: ObligationKind | None = None,
    participation: UUID | None = None,
    mine: Annotated[bool, QueryParameter(description="only what the caller's own role owes")] = False,
    limit: Annotated[int, QueryParameter(description="1 to 500; other values are coerced")] = 100,
) -> Response:
    """What is due within the caller's sight, the earliest first; hosts and mentors see no study reports (D-02)."""
    due = obligations().subquery("due")
    shown = max(1, min(limit, 500))
    scope = query.scope.where(
        {
            Relation.SELF: due.c.account,
            Relation.OWN_UNIT: due.c.sending_unit,
            Relation.DESCENDANT: due.c.sending_unit,
            Relation.HOST: due.c.host,
            Relation.ASSIGNED: due.c.mentor == query.actor.subject,
        }
    )
    statement = select(due).where(scope)
    if not query.actor.has(Role.APPLICANT, Role.UNIT_OFFICER, Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER):
        statement = statement.where(due.c.kind.not_in(["submit-report", "acknowledge-report"]))
    if kind is not None:
        statement = statement.where(due.c.kind == kind)
    if participation is not None:
        statement = statement.where(due.c.participation == participation)
    if mine:
        statement = statement.where(due.c.owed_by.in_([_OWES[role] for role in query.actor.roles if role in _OWES]))
    rows = await query.all(
        statement.order_by(due.c.due_on.asc().nulls_first(), due.c.kind, due.c.subject, due.c.owed_by).limit(shown + 1)
    )
    items = [ObligationOut(**{name: row._mapping[name] for name in ObligationOut.model_fields}) for row in rows[:shown]]
    return query.answer(ObligationsOut(items=items, more=len(rows) > shown))
