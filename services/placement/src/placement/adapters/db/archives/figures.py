"""Figures of a session as of a day: arrivals on time (M-03), completion, reports on time (D-02), what is overdue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select, true, union_all

from placement.adapters.db.obligations.source import Source
from placement.adapters.db.tables import placement, report, segment


def _number(name: str, *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count().filter(*conditions).label(name)


def of_terms(seen: ColumnElement[bool], as_of: date) -> Select[Any]:
    """How many were placed, should have come, came, and ended, as it stood at the end of ``as_of``."""
    p = placement.c
    placed = select(segment.c.placement).where(segment.c.placement == p.id).exists()
    over = p.ended_on <= as_of
    came = p.arrived_on <= as_of
    return select(
        _number("placed", true()),
        _number("expected", p.planned_start <= as_of, ~func.coalesce((p.end_kind == "before_start") & over, False)),
        _number("on_time", came, p.punctuality == "on_time"),
        _number("late", came, p.punctuality == "late"),
        _number("no_show", over, p.end_kind == "no_show"),
        _number("cancelled", over, p.end_kind == "before_start"),
        _number("running", came, func.coalesce(p.ended_on > as_of, True)),
        _number("ended_normally", over, p.end_kind == "normal"),
        _number("ended_early", over, p.end_kind == "early"),
        _number("returned", p.returned_on <= as_of),
    ).where(seen, placed)


def of_reports(seen: ColumnElement[bool], as_of: date) -> Select[Any]:
    """Reports whose last day was before ``as_of``: handed in by then, later, or missing."""
    r = report.c
    return (
        select(
            _number("due", true()),
            _number("on_time", r.submitted_on <= r.due_on),
            _number("late", r.submitted_on > r.due_on, r.submitted_on <= as_of),
            _number("missing", func.coalesce(r.submitted_on > as_of, True)),
        )
        .join(placement, placement.c.id == r.participation)
        .where(seen, r.due_on < as_of, r.state != "lapsed")
    )


def of_overdue(
    sources: Iterable[Source],
    visible: Callable[[FromClause], ColumnElement[bool]],
    as_of: date,
    session: str | None,
) -> Select[Any]:
    """(kind, owed_by, host, count) of what is owed now and was overdue on ``as_of``."""
    branches = []
    for each in sources:
        due = each.statement.subquery("due")
        terms = [due.c.due_on < as_of, visible(due)]
        if session is not None:
            terms.append(due.c.session == session)
        group = (due.c.kind, due.c.owed_by, due.c.host)
        branches.append(select(*group, func.count().label("count")).where(*terms).group_by(*group))
    every = union_all(*branches).subquery("every")
    return select(every).order_by(every.c.count.desc(), every.c.kind, every.c.owed_by, every.c.host).limit(500)
