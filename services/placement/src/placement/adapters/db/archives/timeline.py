"""One placement as a line of dated moments, from the proposal to long after the return (D-08)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Date, Table, Text, cast, literal, select, true, union_all

from placement.adapters.db.obligations.cases import SENDING_SIDE
from placement.adapters.db.tables import (
    agreement,
    escalation,
    mentorship,
    placement,
    plan,
    report,
    sector_task,
    segment,
)
from shared.kernel.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class Moment:
    """One kind of dated moment of a thing that belongs to a placement.

    Attributes:
        what: code, kebab-case.
        thing: the table it is read from.
        day: column of the day; null means it has not happened.
        of: column that names the placement.
        detail: column of a code that says more, or None.
        where: which rows.
        seen_by: roles that hear of it; None when everybody does who sees the placement.
    """

    what: str
    thing: Table
    day: ColumnElement[Any]
    of: ColumnElement[Any]
    detail: ColumnElement[Any] | None = None
    where: ColumnElement[bool] | None = None
    seen_by: frozenset[Role] | None = None


def _own(what: str, thing: Table, day: str, detail: str | None = None, **more: Any) -> Moment:
    of = thing.c.id if thing is placement else thing.c["participation"]
    return Moment(what, thing, thing.c[day], of, None if detail is None else thing.c[detail], **more)


MOMENTS: list[Moment] = [
    _own("proposed", placement, "proposed_on", "host"),
    _own("agreement-in-force", agreement, "in_force_on"),
    _own("agreement-filed", agreement, "filed_on"),
    _own("mentor-contacted", mentorship, "contacted_on"),
    _own("mentor-active", mentorship, "active_on"),
    _own("mentor-ended", mentorship, "ended_on"),
    _own("plan-consulted", plan, "consulted_on"),
    _own("plan-in-force", plan, "in_force_on"),
    _own("arrived", placement, "arrived_on", "punctuality"),
    *(
        Moment(f"days-{name}", segment, segment.c[day], segment.c.placement, segment.c.host, segment.c.state == state)
        for name, day, state in (("began", "starts_on", "active"), ("began", "starts_on", "closed"), ("closed", "ends_on", "closed"))
    ),
    _own("report-due", report, "due_on", "period", where=report.c.state != "lapsed", seen_by=SENDING_SIDE),
    _own("report-submitted", report, "submitted_on", "period", seen_by=SENDING_SIDE),
    _own("sector-task-closed", sector_task, "done_on", "code"),
    _own("obligation-escalated", escalation, "raised_on", "kind", seen_by=SENDING_SIDE),
    _own("ended", placement, "ended_on", "end_kind"),
    _own("returned", placement, "returned_on"),
]  # fmt: skip
"""Every kind of moment; whoever keeps dated things of a placement adds a line."""


def timeline(placement_id: UUID, actor: Actor, moments: Iterable[Moment] = tuple(MOMENTS)) -> CompoundSelect[Any]:
    """(on, what, subject_kind, subject, detail) of one placement, in order of days."""
    branches = [
        select(
            cast(each.day, Date).label("on"),
            literal(each.what, Text).label("what"),
            literal(each.thing.name, Text).label("subject_kind"),
            each.thing.c.id.label("subject"),
            cast(each.detail if each.detail is not None else literal(None), Text).label("detail"),
        ).where(each.of == placement_id, each.day.is_not(None), true() if each.where is None else each.where)
        for each in moments
        if each.seen_by is None or actor.has(*each.seen_by)
    ]
    return union_all(*branches).order_by("on", "what", "subject")
