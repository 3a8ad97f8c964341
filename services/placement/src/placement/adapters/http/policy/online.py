"""Rules of online courses (D-07)."""

from __future__ import annotations

from placement.adapters.http.policy.words import EVERYONE, MINISTRY, REGION, persons
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

ONLINE: list[Rule] = [
    Rule("online-course.register", REGION | MINISTRY | {Role.OPERATOR}),
    Rule("online-course.read", EVERYONE),
    Rule("course-completion.import", {Role.AGENCY}),
    Rule("course-completion.import", REGION, Relation.DESCENDANT),
    *persons("course-completion"),
]
