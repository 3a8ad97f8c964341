"""Rules of study groups: the region forms and leads, leaders schedule and collect reports (D-01, D-02)."""

from __future__ import annotations

from placement.adapters.http.policy.words import MINISTRY, REGION, TRAINEE, UNIT
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

LEADER = {Role.GROUP_LEADER, Role.APPLICANT}
"""The appointment itself gives the right: a member who leads needs no other role in the token (D-01)."""

GROUPS: list[Rule] = [
    Rule("grouping.read", REGION, Relation.DESCENDANT),
    Rule("group.read", REGION, Relation.DESCENDANT),
    Rule("group.read", MINISTRY | {Role.AUDITOR}),
    Rule("group.read", UNIT, Relation.OWN_UNIT),
    Rule("group.read", TRAINEE, Relation.SELF),
    Rule("group.read", LEADER, Relation.ASSIGNED),
    *(
        Rule(f"group.{verb}", REGION, Relation.DESCENDANT)
        for verb in ("form", "appoint-leader", "activate", "change-members", "dissolve")
    ),
    Rule("group.collect", LEADER, Relation.ASSIGNED),
    Rule("meeting.read", REGION, Relation.DESCENDANT),
    Rule("meeting.read", TRAINEE, Relation.SELF),
    Rule("meeting.read", LEADER, Relation.ASSIGNED),
    *(Rule(f"meeting.{verb}", LEADER, Relation.ASSIGNED) for verb in ("call", "call-off")),
    Rule("group-report.read", REGION, Relation.DESCENDANT),
    Rule("group-report.read", UNIT, Relation.OWN_UNIT),
    Rule("group-report.read", TRAINEE, Relation.SELF),
    Rule("group-report.read", LEADER, Relation.ASSIGNED),
    Rule("group-report.submit", LEADER, Relation.ASSIGNED),
    *(
        rule
        for verb in ("acknowledge", "return")
        for rule in (
            Rule(f"group-report.{verb}", REGION, Relation.DESCENDANT),
            Rule(f"group-report.{verb}", UNIT, Relation.OWN_UNIT),
        )
    ),
    Rule("obligation.read", LEADER, Relation.ASSIGNED),
]
