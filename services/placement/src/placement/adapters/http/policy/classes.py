"""Rules of short classes: the ministry or the organising region runs them, units and delegates take part."""

from __future__ import annotations

from placement.adapters.http.policy.words import EVERYONE, HOST, MINISTRY, REGION, TRAINEE, UNIT
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule


def _organiser(action: str) -> list[Rule]:
    return [Rule(action, MINISTRY), Rule(action, REGION, Relation.DESCENDANT)]


CLASSES: list[Rule] = [
    Rule("class.read", EVERYONE),
    *(
        rule
        for verb in ("announce", "move", "set-up", "enrol", "group", "supply", "answer")
        for rule in _organiser(f"class.{verb}")
    ),
    *_organiser("class.call"),
    Rule("class.call", HOST, Relation.HOST),
    *_organiser("class-summary.read"),
    Rule("class-summary.read", HOST, Relation.HOST),
    Rule("class-summary.read", {Role.AUDITOR, Role.SERVICE}),
    *(
        rule
        for action in ("class-seat.read", "class-seat.register", "class-seat.release", "class-question.ask")
        for rule in (*_organiser(action), Rule(action, UNIT, Relation.OWN_UNIT))
    ),
    Rule("class-seat.read", TRAINEE, Relation.SELF),
    Rule("class-seat.read", {Role.LOCAL_REVIEWER}, Relation.DESCENDANT),
    Rule("class-seat.read", HOST, Relation.HOST),
    Rule("class-seat.read", {Role.AUDITOR}),
    Rule("class-seat.evaluate", TRAINEE, Relation.SELF),
    Rule("class-question.ask", TRAINEE, Relation.SELF),
    *_organiser("class-question.read"),
    Rule("class-question.read", UNIT, Relation.OWN_UNIT),
    Rule("class-question.read", TRAINEE, Relation.SELF),
    Rule("class-question.read", {Role.AUDITOR}),
]
