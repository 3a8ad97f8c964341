"""What assessment is owed by whom, for people's and offices' lists."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from sqlalchemy import Date, func, literal, select, tuple_

from assessment.adapters.db.obligations import PLACE, obligations
from shared.http.cursors import binding
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.http.resources import Resource
from shared.kernel.actor import Relation, Role

router = APIRouter(prefix="/v1/assessment", tags=["obligations"])
Kind = Literal[
    "evaluate", "conduct", "record-result", "confirm-result", "decide-appeal", "reopen", "begin-resit",
    "issue-certificate", "reissue-certificate", "verify-achievement", "correct-achievement", "record-follow-up",
]  # fmt: skip
Owner = Literal["trainee", "sending_unit", "host", "mentor", "assessor", "region", "ministry"]
_OWES = {
    Role.APPLICANT: ("trainee",),
    Role.UNIT_OFFICER: ("sending_unit",),
    Role.HOST_OFFICER: ("host",),
    Role.MENTOR: ("mentor",),
    Role.ASSESSOR: ("assessor", "region"),
    Role.REGIONAL_OFFICER: ("region",),
    Role.ISSUER: ("ministry",),
}


class AssessmentDutyOut(Resource):
    """Something due: what, from whom, until when, and the thing to act on; ``detail`` is a code."""

    kind: Kind
    participation: UUID
    subject: UUID
    owed_by: Owner
    due_on: date | None
    overdue: bool
    state: str
    detail: str | None


class AssessmentDutiesOut(Resource):
    """What is due, the earliest first; ``more`` when there is more than could be shown, from ``next_cursor`` on."""

    items: list[AssessmentDutyOut]
    more: bool
    next_cursor: str | None


@router.get("/obligations", response_model=AssessmentDutiesOut, responses=READ_PROBLEMS)
async def list_obligations(
    read: Annotated[Query, Depends(query("obligation.read"))],
    kind: Kind | None = None,
    participation: UUID | None = None,
    programme: Annotated[str | None, QueryParameter(max_length=120)] = None,
    session: Annotated[str | None, QueryParameter(max_length=120)] = None,
    mine: Annotated[bool, QueryParameter(description="only what the caller's own role owes")] = False,
    overdue: Annotated[bool, QueryParameter(description="only what is overdue")] = False,
    limit: Annotated[int, QueryParameter(description="1 to 500; other values are coerced")] = 100,
    cursor: Annotated[str | None, QueryParameter(max_length=2000)] = None,
) -> Response:
    """What is due within the caller's sight; hosts and mentors see what they owe and nothing else."""
    today = read.running.clock.now().astimezone(ZoneInfo(PLACE)).date()
    due, shown = obligations(literal(today, Date)).subquery("due"), max(1, min(limit, 500))
    statement = select(due).where(
        read.scope.where(
            {
                Relation.SELF: due.c.account,
                Relation.OWN_UNIT: due.c.unit,
                Relation.DESCENDANT: due.c.unit,
                Relation.REVIEWER: due.c.authority,
                Relation.HOST: due.c.host,
                Relation.ASSIGNED: due.c.mentor == read.actor.subject,
            }
        )
    )
    wanted = {"kind": kind, "participation": participation, "programme": programme, "session": session}
    statement = statement.where(*(due.c[name] == value for name, value in wanted.items() if value is not None))
    if mine:
        owed = [owner for role in read.actor.roles for owner in _OWES.get(role, ())]
        statement = statement.where(due.c.owed_by.in_(owed))
    if overdue:
        statement = statement.where(due.c.due_on < today)
    day = func.coalesce(due.c.due_on, literal(date.max, Date))
    order = (day, due.c.kind, due.c.subject, due.c.owed_by, func.coalesce(due.c.detail, ""))
    bound = binding("obligations", {**wanted, "mine": mine, "overdue": overdue})
    if cursor is not None:
        last = read.running.cursors.read(bound, cursor)
        after = (date.fromisoformat(last[0]), last[1], UUID(last[2]), last[3], last[4])
        statement = statement.where(tuple_(*order) > tuple_(*(literal(part) for part in after)))
    rows = await read.all(statement.order_by(*order).limit(shown + 1))
    names = [name for name in AssessmentDutyOut.model_fields if name != "overdue"]
    items = [
        AssessmentDutyOut(
            **{name: row._mapping[name] for name in names}, overdue=row.due_on is not None and row.due_on < today
        )
        for row in rows[:shown]
    ]
    following = None
    if len(rows) > shown:
        at = rows[shown - 1]
        place = [(at.due_on or date.max).isoformat(), at.kind, str(at.subject), at.owed_by, at.detail or ""]
        following = read.running.cursors.make(bound, place)
    return read.answer(AssessmentDutiesOut(items=items, more=following is not None, next_cursor=following))
