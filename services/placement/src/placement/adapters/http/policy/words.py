"""The words of the policy table: sets of roles, and rules that are asked for again and again."""

from __future__ import annotations

from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

SETTERS = {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.OPERATOR}
EVERYONE = set(Role) - {Role.SYSTEM}
MINISTRY = {Role.MINISTRY_OFFICER}
HOST = {Role.HOST_OFFICER}
REGION = {Role.REGIONAL_OFFICER}
UNIT = {Role.UNIT_OFFICER}
TRAINEE = {Role.APPLICANT}


def host_or_region(action: str) -> list[Rule]:
    """The host of the placement, and the region that answers for the person."""
    return [Rule(action, HOST, Relation.HOST), Rule(action, REGION, Relation.DESCENDANT)]


def unit_or_region(action: str) -> list[Rule]:
    """The sending unit, and the region above it."""
    return [Rule(action, UNIT, Relation.OWN_UNIT), Rule(action, REGION, Relation.DESCENDANT)]


def persons(resource: str, *, host: bool = True) -> list[Rule]:
    """Who sees what belongs to one person: the person, the sending side, the offices above, the host."""
    action = f"{resource}.read"
    rules = [
        Rule(action, TRAINEE, Relation.SELF),
        Rule(action, UNIT, Relation.OWN_UNIT),
        Rule(action, REGION | {Role.LOCAL_REVIEWER}, Relation.DESCENDANT),
        Rule(action, {Role.MINISTRY_OFFICER, Role.AUDITOR}),
    ]
    return [*rules, Rule(action, HOST, Relation.HOST)] if host else rules
