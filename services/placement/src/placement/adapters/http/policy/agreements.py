"""Rules of agreements: editions, pages, files, responsibilities."""

from __future__ import annotations

from placement.adapters.http.policy.words import HOST, MINISTRY, REGION, TRAINEE, UNIT, persons, unit_or_region
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

AGREEMENTS: list[Rule] = [
    *persons("agreement"),
    *(rule for verb in ("draft", "offer", "amend") for rule in unit_or_region(f"agreement.{verb}")),
    *(
        rule
        for verb in ("sign", "refuse")
        for rule in (
            Rule(f"agreement.{verb}", TRAINEE, Relation.SELF),
            Rule(f"agreement.{verb}", UNIT, Relation.OWN_UNIT),
            Rule(f"agreement.{verb}", HOST, Relation.HOST),
            Rule(f"agreement.{verb}", REGION, Relation.DESCENDANT),
            Rule(f"agreement.{verb}", MINISTRY),
        )
    ),
    *(
        rule
        for verb in ("attest", "scan")
        for rule in (
            *unit_or_region(f"agreement.{verb}"),
            Rule(f"agreement.{verb}", HOST, Relation.HOST),
            Rule(f"agreement.{verb}", MINISTRY),
        )
    ),
    Rule("agreement.file", REGION, Relation.DESCENDANT),
    Rule("agreement.terminate", REGION, Relation.DESCENDANT),
    Rule("agreement-page.read", TRAINEE, Relation.SELF),
    *unit_or_region("agreement-page.read"),
    Rule("agreement-page.read", HOST, Relation.HOST),
    Rule("agreement-page.read", MINISTRY | {Role.AUDITOR}),
    *(rule for verb in ("prepare", "submit", "read") for rule in unit_or_region(f"agreement-filing.{verb}")),
    Rule("agreement-filing.read", TRAINEE, Relation.SELF),
    Rule("agreement-filing.read", MINISTRY | {Role.AUDITOR}),
    Rule("agreement-filing.answer", REGION, Relation.DESCENDANT),
    *persons("responsibility"),
    Rule("responsibility.read", {Role.MENTOR}, Relation.ASSIGNED),
]
