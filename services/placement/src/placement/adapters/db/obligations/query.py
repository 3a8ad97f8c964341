"""A page of obligations, the earliest first: every kind gives its own first rows by its own index, then they are merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, select, true, tuple_, union_all

from placement.adapters.db.obligations.source import Source
from placement.adapters.db.tables import escalation
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a caller asks for; None means all.

    Attributes:
        owed_by: who owes it, by code.
        until: the last due day that is asked for.
        overdue: True for what should have been done before ``today``.
        mine: the codes under which the caller's roles owe things, or None; what was brought before one of these
            offices counts as theirs too.
    """

    today: date
    kind: str | None = None
    participation: UUID | None = None
    owed_by: str | None = None
    session: str | None = None
    host: str | None = None
    until: date | None = None
    overdue: bool | None = None
    mine: frozenset[str] | None = None

    def of(self, due: FromClause) -> ColumnElement[bool]:
        """The predicate over the columns of a source."""
        terms: list[ColumnElement[bool]] = [
            due.c[name] == value
            for name in ("participation", "owed_by", "session", "host")
            if (value := getattr(self, name)) is not None
        ]
        if self.until is not None:
            terms.append(due.c.due_on <= self.until)
        if self.overdue is not None:
            terms.append(due.c.due_on < self.today if self.overdue else due.c.due_on >= self.today)
        if self.mine is not None:
            raised = exists().where(escalation.c.obligation == due.c.id, escalation.c.office.in_(sorted(self.mine)))
            terms.append(due.c.owed_by.in_(sorted(self.mine)) | ((due.c.due_on < self.today) & raised))
        return and_(true(), *terms)


def heard_by(actor: Actor, sources: Iterable[Source], kind: str | None) -> list[Source]:
    """The sources that the caller's roles hear of, only those of ``kind`` when it is given."""
    return [
        each for each in sources
        if kind in (None, each.kind) and (each.seen_by is None or actor.has(*each.seen_by))
    ]  # fmt: skip


def page_of(
    sources: Iterable[Source],
    wanted: Wanted,
    visible: Callable[[FromClause], ColumnElement[bool]],
    *,
    after: tuple[date, UUID] | None,
    limit: int,
) -> Select[Any]:
    """The first ``limit`` obligations after a position, ordered by (due day, id).

    Args:
        sources: at least one.
        wanted: the filters.
        visible: gives the caller's scope over the columns of a source.
        after: the position of the page before.
        limit: how many rows.
    """
    branches = []
    for each in sources:
        due = each.statement.subquery("due")
        terms = [wanted.of(due), visible(due)]
        if after is not None:
            # The first term alone can use an index on the day; the second one decides among those of one day.
            terms += [due.c.due_on >= after[0], tuple_(due.c.due_on, due.c.id) > tuple_(*after)]
        branch = select(due).where(*terms).order_by(due.c.due_on, due.c.id).limit(limit)
        branches.append(select(branch.subquery("first")))
    every = union_all(*branches).subquery("every")
    return select(every).order_by(every.c.due_on, every.c.id).limit(limit)


def escalated(obligations: Iterable[UUID]) -> Select[Any]:
    """(obligation, office) of every step that was taken for these, in order."""
    return (
        select(escalation.c.obligation, escalation.c.office)
        .where(escalation.c.obligation.in_(list(obligations)))
        .order_by(escalation.c.obligation, escalation.c.step)
    )
