"""Rules of expert missions: a locality asks, the region runs, the ministry approves, the team takes part."""

from __future__ import annotations

from placement.adapters.http.policy.words import MINISTRY, REGION, TRAINEE
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

LOCALITY = {Role.LOCAL_REVIEWER}

MISSIONS: list[Rule] = [
    Rule("mission.read", LOCALITY, Relation.REVIEWER),
    Rule("mission.read", REGION, Relation.DESCENDANT),
    Rule("mission.read", TRAINEE, Relation.ASSIGNED),
    Rule("mission.read", MINISTRY | {Role.AUDITOR}),
    Rule("mission-summary.read", REGION | MINISTRY | {Role.AUDITOR, Role.SERVICE}),
    Rule("mission.request", LOCALITY, Relation.REVIEWER),
    Rule("mission.request", REGION, Relation.DESCENDANT),
    Rule("mission.prepare", REGION, Relation.DESCENDANT),
    Rule("mission.approve", MINISTRY),
    Rule("mission.run", REGION, Relation.DESCENDANT),
    *(
        rule
        for verb in ("record", "report")
        for rule in (
            Rule(f"mission.{verb}", REGION, Relation.DESCENDANT),
            Rule(f"mission.{verb}", TRAINEE, Relation.ASSIGNED),
        )
    ),
]
"""Where a team is on which day is told to the team, the region and the locality only; the routes see to that."""
