"""One kind of obligation: a query over the things that wait, and who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    Uuid,
    cast,
    func,
    literal,
    null,
    select,
)

from placement.adapters.db.tables import placement, policy
from shared.kernel.actor import Role

_TYPES: Mapping[str, Any] = {
    "participation": Uuid,
    "account": Text,
    "unit": Text,
    "host": Text,
    "assigned": Text,
    "department": Text,
    "session": Text,
    "programme": Text,
    "policy_version": Text,
}
"""What decides who sees an obligation, and which session and policy it belongs to."""

_OF_PLACEMENT: Mapping[str, ColumnElement[Any]] = {
    "participation": placement.c.id,
    "account": placement.c.account,
    "unit": placement.c.sending_unit,
    "host": placement.c.host,
    "assigned": placement.c.mentor,
    "session": placement.c.session,
    "programme": placement.c.programme,
    "policy_version": placement.c.policy_version,
}

COLUMNS = (
    "id", "kind", "owed_by", "subject_kind", "subject", "due_on", "state", "revision", "updated_at", *_TYPES,
)  # fmt: skip
"""Every query of obligations gives these columns; ``due_on`` is never null."""


@dataclass(frozen=True, slots=True)
class Source:
    """Obligations of one kind.

    Attributes:
        kind: code, kebab-case: a verb and a noun.
        statement: gives ``COLUMNS``.
        seen_by: roles that hear of it at all; None when everybody does who stands in a relation to the thing.
    """

    kind: str
    statement: Select[Any]
    seen_by: frozenset[Role] | None = None


def source(
    kind: str,
    thing: Table,
    *,
    owed_by: str | ColumnElement[Any],
    due_on: ColumnElement[Any],
    where: ColumnElement[bool],
    rows: FromClause | None = None,
    of_placement: bool = True,
    apart: ColumnElement[Any] | None = None,
    seen_by: frozenset[Role] | None = None,
    **whose: ColumnElement[Any],
) -> Source:
    """One kind of obligation.

    Args:
        kind: code of what is due; with ``thing.id`` and ``owed_by`` it is the obligation's identity for ever.
        thing: table of what waits (columns ``id``, ``state``, ``version``, ``updated_at``).
        owed_by: who owes it: ``trainee``, ``sending_unit``, ``region``, ``ministry``, ``host``, ``mentor``,
            ``sector_department``, ``group_leader``, or an expression that gives one of them.
        due_on: the last day, never null; a column with an index on (due day, id) where it is owed makes it fast.
        where: when it is owed.
        rows: FROM clause when it is more than the thing and its placement.
        of_placement: False for things that belong to no placement; then name session and the rest yourself.
        apart: text that tells several apart who owe the same thing under the same code; empty for the first of them.
        seen_by: see ``Source``.
        whose: columns that take the place of the placement's: ``account``, ``unit``, ``host``, ``assigned`` (account
            of the person assigned), ``department``, ``session``, ``programme``, ``policy_version``.
    """
    if rows is None:
        own = thing is placement or not of_placement
        rows = thing if own else thing.join(placement, placement.c.id == thing.c.participation)
    given: dict[str, ColumnElement[Any]] = {**(_OF_PLACEMENT if of_placement else {}), **whose}
    who = literal(owed_by, Text) if isinstance(owed_by, str) else cast(owed_by, Text)
    named = literal(f"{kind}:", Text).concat(cast(thing.c.id, Text)).concat(":").concat(who)
    key = func.md5(named if apart is None else named.concat(apart))
    statement = select(
        cast(key, Uuid).label("id"),
        literal(kind, Text).label("kind"),
        who.label("owed_by"),
        literal(thing.name, Text).label("subject_kind"),
        thing.c.id.label("subject"),
        cast(due_on, Date).label("due_on") if not isinstance(due_on, Column) else due_on.label("due_on"),
        cast(thing.c.state, Text).label("state") if not isinstance(thing.c.state.type, Text) else thing.c.state,
        cast(thing.c.version, Integer).label("revision"),
        cast(thing.c.updated_at, DateTime(timezone=True)).label("updated_at"),
        *(_typed(given.get(name), name) for name in _TYPES),
    )
    return Source(kind, statement.select_from(rows).where(where), seen_by)


def _typed(column: ColumnElement[Any] | None, name: str) -> ColumnElement[Any]:
    return (cast(null(), _TYPES[name]) if column is None else column).label(name)


def said_days(kind: str, of: Table = placement) -> ColumnElement[Any]:
    """The days that the policy's ``deadlines`` name for ``kind``, NULL when it names none.

    Args:
        kind: code of what is due.
        of: table whose ``programme`` and ``policy_version`` name the policy.
    """
    return (
        select(cast(func.jsonb_extract_path_text(policy.c.effective, "deadlines", kind), Integer))
        .where(policy.c.programme == of.c.programme, policy.c.policy_version == of.c.policy_version)
        .correlate(of)
        .scalar_subquery()
    )


def days_after(kind: str, day: ColumnElement[Any], days: int, of: Table = placement) -> ColumnElement[Any]:
    """The day some days after ``day``: as many as the policy's ``deadlines`` say for ``kind``, else ``days``."""
    return cast(day, Date) + func.coalesce(said_days(kind, of), days)


def of_each(base: Source, whose: str) -> Source:
    """Several owe the same thing under the same code: the column ``whose`` is part of the identity."""
    due = base.statement.subquery("of_each")
    key = cast(func.md5(cast(due.c.id, Text).concat(due.c[whose])), Uuid).label("id")
    return Source(base.kind, select(key, *(due.c[name] for name in COLUMNS if name != "id")), base.seen_by)
