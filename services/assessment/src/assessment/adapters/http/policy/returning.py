"""Rules of achievements, follow-ups, alumni links, obligations and outcome statistics."""

from __future__ import annotations

from assessment.adapters.http.policy.words import OVERSEERS
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

_ABOVE = {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER}
_VERBS = ("correct", "withdraw")

RETURNING: list[Rule] = [
    Rule("achievement.read", {Role.APPLICANT}, Relation.SELF),
    Rule("achievement.read", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("achievement.read", _ABOVE, Relation.DESCENDANT),
    Rule("achievement.read", OVERSEERS),
    Rule("achievement.record", {Role.APPLICANT}, Relation.SELF),
    *(Rule(f"achievement.{verb}", {Role.APPLICANT}, Relation.SELF) for verb in _VERBS),
    *(Rule(f"achievement.{verb}", {Role.UNIT_OFFICER}, Relation.OWN_UNIT) for verb in ("verify", "return")),
    *(Rule(f"achievement.{verb}", {Role.REGIONAL_OFFICER}, Relation.DESCENDANT) for verb in ("verify", "return")),
    Rule("follow-up.read", {Role.APPLICANT}, Relation.SELF),
    Rule("follow-up.read", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("follow-up.read", _ABOVE, Relation.DESCENDANT),
    Rule("follow-up.read", OVERSEERS),
    Rule("follow-up.record", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("follow-up.record", {Role.REGIONAL_OFFICER}, Relation.DESCENDANT),
    Rule("link.read", {Role.APPLICANT}, Relation.SELF),
    Rule("link.read", {Role.HOST_OFFICER}, Relation.HOST),
    *(Rule(f"link.{verb}", {Role.APPLICANT}, Relation.SELF) for verb in ("propose", "accept", "end")),
    *(Rule(f"link.{verb}", {Role.HOST_OFFICER}, Relation.HOST) for verb in ("propose", "accept", "end")),
    Rule("outcome.read", _ABOVE, Relation.DESCENDANT),
    Rule("outcome.read", OVERSEERS),
    Rule("obligation.read", {Role.APPLICANT}, Relation.SELF),
    Rule("obligation.read", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("obligation.read", {Role.HOST_OFFICER}, Relation.HOST),
    Rule("obligation.read", {Role.MENTOR}, Relation.ASSIGNED),
    Rule("obligation.read", {Role.ASSESSOR, Role.ISSUER} | _ABOVE, Relation.DESCENDANT),
    Rule("obligation.read", {Role.ASSESSOR}, Relation.REVIEWER),
    Rule("obligation.read", OVERSEERS),
]
