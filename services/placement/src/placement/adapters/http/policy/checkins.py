"""Rules of check-ins: the person, the mentor, the welfare contact (a mentor's token), and nobody else (domain.md 7.4)."""

from __future__ import annotations

from placement.adapters.http.policy.words import HOST, TRAINEE
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

HELPER = {Role.MENTOR}

CHECKINS: list[Rule] = [
    Rule("checkin.read", TRAINEE, Relation.SELF),
    Rule("checkin.read", HELPER, Relation.ASSIGNED),
    Rule("checkin.respond", TRAINEE, Relation.SELF),
    *(Rule(f"checkin.{verb}", HELPER, Relation.ASSIGNED) for verb in ("take-up", "settle")),
    Rule("welfare-contact.name", HOST, Relation.HOST),
    Rule("welfare-contact.read", HOST, Relation.HOST),
    Rule("welfare-contact.read", TRAINEE, Relation.SELF),
]
