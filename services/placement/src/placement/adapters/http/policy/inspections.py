"""Rules of inspections: the region inspects, the host answers; the inspected read what was conducted (D-03)."""

from __future__ import annotations

from placement.adapters.http.policy.words import HOST, MINISTRY, REGION, TRAINEE, UNIT
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

INSPECTIONS: list[Rule] = [
    Rule("inspection-draw.read", REGION, Relation.DESCENDANT),
    Rule("inspection-draw.read", MINISTRY | {Role.AUDITOR}),
    *(Rule(f"inspection-draw.{verb}", REGION, Relation.DESCENDANT) for verb in ("make", "confirm", "discard")),
    Rule("inspection.read", REGION, Relation.DESCENDANT),
    Rule("inspection.read", MINISTRY | {Role.AUDITOR}),
    Rule("inspection.read", HOST, Relation.HOST),
    Rule("inspection.read", UNIT, Relation.OWN_UNIT),
    Rule("inspection.read", TRAINEE, Relation.SELF),
    Rule("inspection.read", {Role.MENTOR}, Relation.ASSIGNED),
    *(
        Rule(f"inspection.{verb}", REGION, Relation.DESCENDANT)
        for verb in ("plan", "reschedule", "cancel", "conduct", "find", "demand", "close")
    ),
    Rule("inspection.answer", HOST, Relation.HOST),
]
