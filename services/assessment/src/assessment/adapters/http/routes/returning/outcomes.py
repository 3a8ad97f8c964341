"""Outcome statistics of a session or a programme, as of a day (domain rules 1.6 nos. 15 to 18)."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter
from sqlalchemy import ColumnElement, Table, and_

from assessment.adapters.db.obligations import PLACE
from assessment.adapters.db.outcomes import outcomes
from assessment.adapters.http.lists import visible
from assessment.adapters.http.shapes.returning.outcomes import OutcomesOut, cells_out
from assessment.domain.returning.outcomes import K, cells, per_person, things
from shared.http.exact import Day
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.kernel.money import yuan

router = APIRouter(prefix="/v1/assessment", tags=["outcomes"])
Filter = Annotated[str, QueryParameter(min_length=1, max_length=120)]


@router.get("/outcomes", response_model=OutcomesOut, responses=READ_PROBLEMS)
async def read_outcomes(
    read: Annotated[Query, Depends(query("outcome.read"))],
    programme: Filter,
    session: Annotated[str | None, QueryParameter(max_length=120)] = None,
    as_of: Annotated[Day | None, QueryParameter(description="the day counted; today when left out")] = None,
) -> Response:
    """Results, certificates, waivers, achievements and follow-ups, within the caller's sight, as of the day's end."""
    today = read.running.clock.now().astimezone(ZoneInfo(PLACE)).date()
    day = min(as_of or today, today)

    def sight(table: Table) -> ColumnElement[bool]:
        within = [visible(read, table), table.c.programme == programme]
        return and_(*within, *([table.c.session == session] if session is not None else []))

    found = await outcomes(read.all, sight, day)
    whole, enough = found.whole, found.visited >= K
    made = sum(found.kinds.values())
    return read.answer(
        OutcomesOut(
            programme=programme,
            session=session,
            as_of=day,
            precision="later-changed" if found.changed else "exact",
            smallest_cell=K,
            trainees=whole if whole == 0 or whole >= K else None,
            results=cells_out(cells(found.results, whole)),
            certificates=cells_out(cells({"certified": found.certified}, whole)),
            waivers=cells_out(cells(found.waivers, sum(found.waivers.values()))),
            achievements=cells_out(things(found.kinds, whole)),
            standings=cells_out(things(found.standings, whole)),
            phases=cells_out(things(found.phases, whole)),
            achievements_each=per_person(made, whole) if whole >= K else None,
            follow_ups=cells_out(things(found.follow_ups, whole)),
            posts=cells_out(cells(found.posts, sum(found.posts.values()))),
            projects=found.projects if enough else None,
            funds=yuan(found.funds) if enough else None,
            training_days=found.training_days if enough else None,
        )
    )
