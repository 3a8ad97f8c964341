"""What waits for the caller in money matters: payments, claims, approvals, findings."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from pydantic import Field
from sqlalchemy import or_, select

from funding.adapters.db.duties import owed_by
from funding.adapters.http.routes.common import CodeFilter
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.http.resources import Resource
from shared.kernel.actor import Role
from shared.work.unit import PLACE

router = APIRouter(prefix="/v1/funding", tags=["obligations"])


class FundingDutyOut(Resource):
    """Something due: what, from which role, until when, and the thing to act on."""

    kind: str
    subject_kind: str
    subject: UUID
    owed_by: Role
    session: str | None
    participation: UUID | None
    state: str
    count: int = Field(description="how many things of the subject it stands for")
    due_on: date | None
    overdue: bool


class FundingDutiesOut(Resource):
    """What is due, the earliest first; ``more`` when there is more than could be shown."""

    items: list[FundingDutyOut]
    more: bool


@router.get("/obligations", response_model=FundingDutiesOut, responses=READ_PROBLEMS)
async def list_obligations(
    read: Annotated[Query, Depends(query("obligation.read"))],
    kind: CodeFilter = None,
    session: CodeFilter = None,
    overdue: bool | None = None,
    mine: Annotated[bool, QueryParameter(description="as the other services have it; here it is always so")] = True,
    limit: Annotated[int, QueryParameter(description="1 to 500; other values are coerced")] = 100,
) -> Response:
    """What the caller's roles owe; an organisation's turn is shown to that organisation only."""
    del mine
    actor, shown = read.actor, max(1, min(limit, 500))
    owed = owed_by(actor.roles)
    if owed is None:
        return read.answer(FundingDutiesOut(items=[], more=False))
    due = owed.subquery("due")
    today = read.running.clock.now().astimezone(PLACE).date()
    statement = select(due).where(
        or_(due.c.organisation.is_(None), due.c.organisation == actor.organisation),
        or_(due.c.account.is_(None), due.c.account == actor.subject),
        or_(due.c.unit.is_(None), due.c.unit == actor.organisation),
        or_(due.c.host.is_(None), due.c.host == actor.organisation),
        # A claim has one claimant: the branches of the others give it without theirs.
        or_(due.c.kind != "revise-claim", due.c.account.is_not(None), due.c.unit.is_not(None), due.c.host.is_not(None)),
        *(due.c[name] == value for name, value in (("kind", kind), ("session", session)) if value is not None),
    )
    if overdue is not None:
        statement = statement.where(
            due.c.due_on < today if overdue else or_(due.c.due_on.is_(None), due.c.due_on >= today)
        )
    order = (due.c.due_on.asc().nulls_last(), due.c.kind, due.c.subject, due.c.session, due.c.owed_by)
    rows = await read.all(statement.order_by(*order).limit(shown + 1))
    names = [name for name in FundingDutyOut.model_fields if name != "overdue"]
    items = [
        FundingDutyOut(
            **{name: row._mapping[name] for name in names}, overdue=row.due_on is not None and row.due_on < today
        )
        for row in rows[:shown]
    ]
    return read.answer(FundingDutiesOut(items=items, more=len(rows) > shown))
