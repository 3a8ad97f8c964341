"""All obligations as one relation that a page can be cut from."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from sqlalchemy import Date, DateTime, Integer, Select, String, Table, Uuid, case, column, func, literal, select, text

from selection.adapters.db.obligations.sources import COLUMNS, SOURCES

_TYPES: dict[str, Any] = {
    "id": Uuid, "subject": Uuid, "session_id": Uuid, "due_on": Date, "escalation_days": Integer,
    "updated_at": DateTime(timezone=True),
}  # fmt: skip


def obligations() -> Table:
    """The relation; it has ``id`` and ``updated_at`` like a table, so that pages work as they do everywhere."""
    named = ", ".join(COLUMNS)
    union = " UNION ALL ".join(SOURCES)
    columns = [column(name, _TYPES.get(name, String)) for name in COLUMNS]
    statement = text(f"SELECT * FROM ({union}) AS u ({named})").columns(*columns)  # noqa: S608 - all of it is written in this package
    return cast(Table, statement.subquery("obligation"))


def with_urgency(table: Table, today: date) -> Select[Any]:
    """Every column, whether it is overdue on ``today``, and to whom it is escalated after the policy's days."""
    day = literal(today, Date)
    overdue = func.coalesce(table.c.due_on < day, False)
    above = case((table.c.role == "regional_officer", "ministry_officer"), else_="regional_officer")
    late = func.coalesce(table.c.due_on + table.c.escalation_days < day, False)
    escalated = case((late & (table.c.role != "ministry_officer"), above), else_=None)
    return select(*[table.c[name] for name in COLUMNS], overdue.label("overdue"), escalated.label("escalated_to"))
