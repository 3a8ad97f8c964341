"""From a figure to its postings: the entries that a filter of a statement selects, each with what it moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    cast,
    column,
    func,
    select,
    true,
)
from sqlalchemy import Column as TableColumn

from funding.adapters.db.schema.ledger_tables import entry

NOTHING: Final = "(none)"
"""How a filter asks for what has no value in a dimension."""
ledger_flow: Final = Table(
    "ledger_flow",
    MetaData(),
    *(TableColumn(name, Text) for name in ("period", "kind", "cause", "way", "source", "category", "session")),
    *(TableColumn(name, Text) for name in ("area", "payee")),
    *(TableColumn(name, Uuid) for name in ("entry", "fund", "account")),
    TableColumn("booked_on", Date),
    TableColumn("recorded_at", DateTime(timezone=True)),
    TableColumn("amount", BigInteger),
)


def chosen(
    *,
    fund: UUID | None,
    kind: Sequence[str],
    cause: Sequence[str],
    until: date | None,
    known_at: datetime | None,
    **equal: str | None,
) -> ColumnElement[bool]:
    """The predicate over postings; ``equal`` are way and dimensions, ``(none)`` asks for those without a value."""
    flow = ledger_flow.c
    terms: list[ColumnElement[bool]] = []
    if fund is not None:
        terms.append(flow.fund == fund)
    if kind:
        terms.append(flow.kind.in_(kind))
    if cause:
        terms.append(flow.cause.in_(cause))
    if until is not None:
        terms += [flow.booked_on <= until, flow.period <= f"{until:%Y-%m}"]
    if known_at is not None:
        terms.append(flow.recorded_at <= known_at)
    for name, value in equal.items():
        if value is not None:
            terms.append(flow[name].is_(None) if value == NOTHING else flow[name] == value)
    return and_(true(), *terms)


def entries_moving(predicate: ColumnElement[bool]) -> Select[Any]:
    """Entries with the sum of their postings that the predicate selects; entries with none are left out."""
    moved = (
        select(ledger_flow.c.entry, cast(func.sum(ledger_flow.c.amount), BigInteger).label("amount"))
        .where(predicate)
        .group_by(ledger_flow.c.entry)
        .subquery("moved")
    )
    return select(entry, moved.c.amount).join(moved, moved.c.entry == entry.c.id)


def postings_in_order(predicate: ColumnElement[bool]) -> Select[Any]:
    """Every posting that the predicate selects, by day and entry, for files."""
    names = ("entry", "booked_on", "kind", "cause", "source", "category", "session", "area", "payee", "amount")
    selected = select(*(ledger_flow.c[name] for name in names)).where(predicate)
    return selected.order_by(column("booked_on"), column("entry"))
