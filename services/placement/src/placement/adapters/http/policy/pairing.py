"""Rules of what secondments are linked with and contribute."""

from __future__ import annotations

from placement.adapters.http.policy.words import HOST, MINISTRY, REGION, TRAINEE, UNIT, persons
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

PAIRING: list[Rule] = [
    Rule("paired-object.register", REGION | MINISTRY),
    Rule("paired-object.read", REGION | MINISTRY | UNIT | TRAINEE | {Role.AUDITOR}),
    *persons("secondment-link"),
    Rule("secondment-link.add", REGION, Relation.DESCENDANT),
    Rule("secondment-link.add", MINISTRY),
    *persons("contribution"),
    Rule("contribution.record", TRAINEE, Relation.SELF),
    Rule("contribution.record", HOST, Relation.HOST),
    Rule("contribution.record", REGION, Relation.DESCENDANT),
]
