"""Rules of pre-training: the region and its prefectures organise it (M-11)."""

from __future__ import annotations

from placement.adapters.http.policy.words import MINISTRY, REGION, TRAINEE, UNIT
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

PRE_TRAINING: list[Rule] = [
    Rule("pre-training.plan", REGION, Relation.DESCENDANT),
    Rule("pre-training.record", REGION, Relation.DESCENDANT),
    Rule("pre-training.read", REGION | {Role.LOCAL_REVIEWER}, Relation.DESCENDANT),
    Rule("pre-training.read", MINISTRY | {Role.AUDITOR}),
    Rule("pre-training-invitation.read", TRAINEE, Relation.SELF),
    Rule("pre-training-invitation.read", UNIT, Relation.OWN_UNIT),
    Rule("pre-training-invitation.read", REGION | {Role.LOCAL_REVIEWER}, Relation.DESCENDANT),
    Rule("pre-training-invitation.read", MINISTRY | {Role.AUDITOR}),
]
