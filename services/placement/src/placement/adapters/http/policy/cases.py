"""Rules of hosts, offers, runs, placements and what belongs to one placement."""

from __future__ import annotations

from placement.adapters.http.policy.words import (
    EVERYONE,
    HOST,
    MINISTRY,
    REGION,
    SETTERS,
    TRAINEE,
    UNIT,
    host_or_region,
    persons,
    unit_or_region,
)
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

CASES: list[Rule] = [
    Rule("audit.read", {Role.AUDITOR}),
    Rule("policy.apply", SETTERS),
    Rule("policy.read", EVERYONE),
    Rule("host.register", {Role.OPERATOR, Role.MINISTRY_OFFICER}),
    Rule("host.read", EVERYONE),
    Rule("mentor.register", HOST, Relation.HOST),
    Rule("mentor.read", HOST, Relation.HOST),
    Rule("mentor.read", REGION | MINISTRY | {Role.AUDITOR}),
    *(
        rule
        for verb in ("open", "change", "close")
        for rule in (Rule(f"offer.{verb}", HOST, Relation.HOST), Rule(f"offer.{verb}", MINISTRY))
    ),
    Rule("offer.read", HOST, Relation.HOST),
    Rule("offer.read", REGION | MINISTRY | {Role.AUDITOR, Role.SERVICE}),
    *(Rule(f"run.{verb}", MINISTRY) for verb in ("start", "confirm", "discard")),
    Rule("run.read", MINISTRY | REGION | {Role.AUDITOR}),
    *persons("placement"),
    Rule("placement.read", {Role.MENTOR}, Relation.ASSIGNED),
    Rule("placement.read", {Role.SERVICE}),
    Rule("placement.propose", MINISTRY),
    Rule("placement.decide", HOST, Relation.HOST),
    Rule("placement.confirm", MINISTRY),
    *(
        rule
        for verb in ("arrive", "no-show", "suspend", "resume", "end", "tick-formalities")
        for rule in host_or_region(f"placement.{verb}")
    ),
    Rule("placement.transfer", MINISTRY),
    *(
        rule
        for verb in ("cancel", "extend", "correct")
        for rule in (Rule(f"placement.{verb}", REGION, Relation.DESCENDANT), Rule(f"placement.{verb}", MINISTRY))
    ),
    *unit_or_region("placement.return"),
    *persons("mentorship"),
    Rule("mentorship.read", {Role.MENTOR}, Relation.ASSIGNED),
    Rule("mentorship.assign", HOST, Relation.HOST),
    Rule("mentorship.record-contact", HOST, Relation.HOST),
    Rule("mentorship.record-contact", {Role.MENTOR}, Relation.ASSIGNED),
    Rule("mentorship.activate", HOST, Relation.HOST),
    *persons("plan"),
    Rule("plan.read", {Role.MENTOR}, Relation.ASSIGNED),
    *(Rule(f"plan.{verb}", HOST, Relation.HOST) for verb in ("draft", "answer", "approve", "revise")),
    Rule("plan.consult", TRAINEE, Relation.SELF),
    Rule("report.read", TRAINEE, Relation.SELF),
    Rule("report.read", UNIT, Relation.OWN_UNIT),
    Rule("report.read", REGION, Relation.DESCENDANT),
    Rule("report.submit", TRAINEE, Relation.SELF),
    *unit_or_region("report.acknowledge"),
    *unit_or_region("report.return"),
    Rule("obligation.read", TRAINEE, Relation.SELF),
    Rule("obligation.read", UNIT, Relation.OWN_UNIT),
    Rule("obligation.read", REGION | {Role.LOCAL_REVIEWER}, Relation.DESCENDANT),
    Rule("obligation.read", MINISTRY | {Role.AUDITOR}),
    Rule("obligation.read", HOST, Relation.HOST),
    Rule("obligation.read", {Role.MENTOR}, Relation.ASSIGNED),
]
