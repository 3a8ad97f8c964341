"""Moved by the due clock: what is overdue comes before the office that the policy names, once per step."""

from __future__ import annotations

from dataclasses import fields

from placement.domain.escalations import Escalation, Overdue
from placement.usecases.ports import PlacementWork


async def raise_overdue(work: PlacementWork, limit: int = 500) -> int:
    """Record every step that is due by now and was not taken; gives how many. Repeated, it does nothing more."""
    found = await work.overdue_to_raise(work.today, limit)
    for each in found:
        members = {field.name: getattr(each, field.name) for field in fields(Overdue)}
        work.escalations.add(Escalation(id=work.new_id(), raised_on=work.today, **members))
        work.note(
            "obligation.escalated", each.subject_kind, str(each.subject), kind=each.kind, office=each.office,
            step=each.step, due_on=str(each.due_on),
        )  # fmt: skip
    return len(found)
