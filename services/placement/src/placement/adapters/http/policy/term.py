"""Rules of sector tasks, calendars and the registers of the term."""

from __future__ import annotations

from placement.adapters.http.policy.words import HOST, MINISTRY, REGION, TRAINEE, UNIT
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

_DEPARTMENT = {Role.SECTOR_DEPARTMENT}
_OWING = TRAINEE | UNIT | REGION | MINISTRY | HOST | _DEPARTMENT | {Role.MENTOR, Role.GROUP_LEADER}

TERM: list[Rule] = [
    Rule("sector-task.read", _DEPARTMENT, Relation.DESCENDANT),
    Rule("sector-task.read", HOST, Relation.HOST),
    Rule("sector-task.read", MINISTRY | {Role.AUDITOR}),
    Rule("sector-task.finish", _DEPARTMENT, Relation.DESCENDANT),
    Rule("sector-task.waive", _DEPARTMENT, Relation.DESCENDANT),
    Rule("sector-task.waive", MINISTRY),
    Rule("obligation.read", _DEPARTMENT, Relation.DESCENDANT),
    *(Rule(f"calendar.{verb}", _OWING, Relation.SELF) for verb in ("read", "open", "rotate", "revoke")),
    *(
        rule
        for action in ("statistics.read", "host-archive.read")
        for rule in (Rule(action, HOST, Relation.HOST), Rule(action, MINISTRY | {Role.AUDITOR}))
    ),
    Rule("statistics.read", REGION, Relation.DESCENDANT),
    Rule("host-archive.read", REGION),
    *(Rule(f"host.{verb}", {Role.OPERATOR, Role.MINISTRY_OFFICER}) for verb in ("pause", "resume", "close")),
]
