"""Which overdue obligations a step of the policy brings before a higher office today, and did not before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Date, Integer, Select, Text, bindparam, cast, exists, func, select, true, union_all

from placement.adapters.db.obligations.source import Source
from placement.adapters.db.tables import escalation, policy
from shared.kernel.actor import Role

OFFICES = {
    "sending_unit": Role.UNIT_OFFICER,
    "region": Role.REGIONAL_OFFICER,
    "ministry": Role.MINISTRY_OFFICER,
}
"""Who may hear of what others owe, from below upwards."""
_STEP = (
    "obligation",
    "kind",
    "subject_kind",
    "subject",
    "participation",
    "session",
    "owed_by",
    "office",
    "step",
    "due_on",
)


def to_escalate(sources: Iterable[Source]) -> Select[Any]:
    """The columns of ``Overdue``, the longest overdue first; to be executed with ``today`` and ``most`` rows.

    A step with ``after_days`` 7 is taken on the seventh day after the last one. A step towards the side that owes the
    thing itself is none, nor is one towards an office that does not hear of such things.
    """
    day = bindparam("today", type_=Date)
    branches = []
    for each in sources:
        hearing = [office for office, role in OFFICES.items() if each.seen_by is None or role in each.seen_by]
        due = each.statement.where(true()).subquery("due")
        steps = (
            func.jsonb_array_elements(policy.c.effective["escalation"])
            .table_valued("value", with_ordinality="number", name="step")
            .render_derived()
        )
        office = func.jsonb_extract_path_text(steps.c.value, "to")
        kinds = func.jsonb_extract_path(steps.c.value, "kinds")
        after = cast(func.jsonb_extract_path_text(steps.c.value, "after_days"), Integer)
        raised = exists().where(escalation.c.obligation == due.c.id, escalation.c.step == cast(steps.c.number, Integer))
        branches.append(
            select(
                due.c.id.label("obligation"),
                *(due.c[name] for name in ("kind", "subject_kind", "subject", "participation", "session", "owed_by")),
                cast(office, Text).label("office"),
                cast(steps.c.number, Integer).label("step"),
                due.c.due_on,
            )
            .select_from(due)
            .join(
                policy,
                (policy.c.programme == due.c.programme) & (policy.c.policy_version == due.c.policy_version),
            )
            .join(steps, true())
            .where(
                due.c.due_on < day,
                due.c.due_on + after <= day,
                due.c.owed_by != office,
                office.in_(hearing),
                kinds.is_(None) | func.jsonb_exists(kinds, due.c.kind),
                ~raised,
            )
        )
    every = union_all(*branches).subquery("every")
    columns = [every.c[name] for name in _STEP]
    return (
        select(*columns)
        .order_by(every.c.due_on, every.c.obligation, every.c.step)
        .limit(bindparam("most", type_=Integer))
    )
