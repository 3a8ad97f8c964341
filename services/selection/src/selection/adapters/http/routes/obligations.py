"""Route of what is due from whom."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Response
from fastapi import Query as Parameter

from selection.adapters.db.obligations.query import obligations, with_urgency
from selection.adapters.http.shapes.obligations import DueOut
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation, Role

router = APIRouter(prefix="/v1/selection", tags=["obligations"])
_PLACE = ZoneInfo("Asia/Shanghai")
_table = obligations()


@router.get("/obligations", response_model=PageOf[DueOut], responses=READ_PROBLEMS)
async def list_obligations(
    read: Annotated[Query, Depends(query("obligation.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    session: UUID | None = None,
    kind: Annotated[str | None, Parameter(max_length=80)] = None,
    role: Role | None = None,
    overdue: bool | None = None,
) -> Response:
    """What is due from the caller; the selecting authority, the ministry and auditors see what is due from anyone."""
    statement = with_urgency(_table, read.running.clock.now().astimezone(_PLACE).date()).where(
        read.scope.where(
            {Relation.SELF: _table.c.account, Relation.OWN_UNIT: _table.c.unit, Relation.REVIEWER: _table.c.reviewer}
        )
    )
    wanted = {"session_id": session, "kind": kind, "role": role and role.value}
    for name, value in wanted.items():
        if value is not None:
            statement = statement.where(_table.c[name] == value)
    if overdue is not None:
        late = statement.selected_columns["overdue"]
        statement = statement.where(late if overdue else ~late)
    return await read.page(statement, _table, page, DueOut.of, filters=wanted | {"overdue": overdue})
