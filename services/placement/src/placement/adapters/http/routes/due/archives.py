"""Archives and figures over HTTP (D-08, M-03)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from fastapi import Query as QueryParameter
from sqlalchemy import and_, select

from placement.adapters.db import tables
from placement.adapters.db.archives import figures
from placement.adapters.db.archives.hosts import inspected, mentored, offered, sessions_of, taken
from placement.adapters.db.archives.timeline import timeline
from placement.adapters.db.obligations.cases import SENDING_SIDE
from placement.adapters.db.obligations.query import heard_by
from placement.adapters.db.obligations.sources import SOURCES
from placement.adapters.http.duties import visible_to
from placement.adapters.http.schemas.archives import (
    FiguresOut,
    FiguresOverdue,
    FiguresReports,
    FiguresTerms,
    HostArchive,
    HostSession,
    TimelineMoment,
    TimelineOut,
    share,
)
from placement.adapters.http.scoping import PREFIX, of_persons, person_columns
from shared.http.cursors import binding
from shared.http.exact import Day
from shared.http.guards import query
from shared.http.problems import READ_PROBLEMS
from shared.http.queries import Query
from shared.kernel.actor import Relation
from shared.work.unit import PLACE

router = APIRouter(prefix=PREFIX, tags=["archives"])
placement = tables.placement


@router.get("/placements/{participation}/timeline", response_model=TimelineOut, responses=READ_PROBLEMS)
async def read_timeline(participation: UUID, query: Annotated[Query, Depends(query("placement.read"))]) -> Response:
    """Everything dated that belongs to one placement, before, during and after it."""
    await query.one(select(placement.c.id).where(of_persons(query.scope), placement.c.id == participation))
    rows = (await query.connection.execute(timeline(participation, query.actor))).all()
    moments = [TimelineMoment.model_validate(row, from_attributes=True) for row in rows]
    return query.answer(TimelineOut(participation=participation, moments=moments))


@router.get("/hosts/{code}/archive", response_model=HostArchive, responses=READ_PROBLEMS)
async def read_archive(
    code: Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,40}$")],
    query: Annotated[Query, Depends(query("host-archive.read"))],
    limit: Annotated[int, QueryParameter(description="1 to 100; other values are coerced")] = 20,
    cursor: Annotated[str | None, QueryParameter(max_length=2000)] = None,
) -> Response:
    """A host over the years: its offers, who came, how it ended, its mentors and what inspections found."""
    table = tables.host
    host = (
        await query.one(
            select(table.c.path).where(table.c.code == code, query.scope.where({Relation.HOST: table.c.path}))
        )
    ).path
    bound, shown = binding(query.action, {"host": host, "sub": query.actor.subject}), max(1, min(limit, 100))
    after = None if cursor is None else str(query.running.cursors.read(bound, cursor)[0])
    sessions = [row.session for row in await query.all(sessions_of(host, after=after, limit=shown + 1))]
    more, sessions = len(sessions) > shown, sessions[:shown]
    found: dict[str, dict[str, Any]] = {session: {"session": session} for session in sessions}
    for part in (offered, taken, mentored, inspected) if sessions else ():
        for row in await query.all(part(host, sessions)):
            found[row.session] |= row._mapping
    following = query.running.cursors.make(bound, [sessions[-1]]) if more else None
    items = [HostSession(**found[session]) for session in sessions]
    return query.answer(HostArchive(host=host, items=items, next_cursor=following))


@router.get("/statistics", response_model=FiguresOut, responses=READ_PROBLEMS)
async def read_statistics(
    query: Annotated[Query, Depends(query("statistics.read"))],
    session: Annotated[str | None, QueryParameter(max_length=120)] = None,
    as_of: Day | None = None,
) -> Response:
    """Arrivals on time, completion, reports on time and what is overdue, by session and as of a day (today)."""
    day = as_of or query.running.clock.now().astimezone(PLACE).date()
    seen = query.scope.where(person_columns())
    if session is not None:
        seen = and_(seen, placement.c.session == session)
    terms = (await query.one(figures.of_terms(seen, day)))._mapping
    reports = None
    if query.actor.has(*SENDING_SIDE):
        row = (await query.one(figures.of_reports(seen, day)))._mapping
        reports = FiguresReports(**row, on_time_share=share(row["on_time"], row["due"]))
    sources = heard_by(query.actor, SOURCES, None)
    overdue = await query.all(figures.of_overdue(sources, visible_to(query.scope), day, session))
    begun = terms["ended_normally"] + terms["ended_early"]
    shown = FiguresTerms(
        **terms,
        on_time_share=share(terms["on_time"], terms["expected"]),
        completion_share=share(terms["ended_normally"], begun),
    )
    listed = [FiguresOverdue.model_validate(row, from_attributes=True) for row in overdue]
    return query.answer(FiguresOut(as_of=day, session=session, terms=shown, reports=reports, overdue=listed))
