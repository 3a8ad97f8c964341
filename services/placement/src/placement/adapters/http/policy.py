"""Who may do what: action × role × relation (the matrix of the gateway's documents is made from it)."""

from __future__ import annotations

from shared.kernel.actor import Relation, Role
from shared.work.policy import PolicyTable, Rule

_SETTERS = {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.OPERATOR}
_EVERYONE = set(Role) - {Role.SYSTEM}
_MINISTRY = {Role.MINISTRY_OFFICER}
_HOST = {Role.HOST_OFFICER}
_REGION = {Role.REGIONAL_OFFICER}
_UNIT = {Role.UNIT_OFFICER}
_TRAINEE = {Role.APPLICANT}


def _host_or_region(action: str) -> list[Rule]:
    return [Rule(action, _HOST, Relation.HOST), Rule(action, _REGION, Relation.DESCENDANT)]


def _unit_or_region(action: str) -> list[Rule]:
    return [Rule(action, _UNIT, Relation.OWN_UNIT), Rule(action, _REGION, Relation.DESCENDANT)]


def _persons(resource: str, *, host: bool = True) -> list[Rule]:
    """Who sees what belongs to one person: the person, the sending side, the offices above, the host."""
    action = f"{resource}.read"
    rules = [
        Rule(action, _TRAINEE, Relation.SELF),
        Rule(action, _UNIT, Relation.OWN_UNIT),
        Rule(action, _REGION | {Role.LOCAL_REVIEWER}, Relation.DESCENDANT),
        Rule(action, {Role.MINISTRY_OFFICER, Role.AUDITOR}),
    ]
    return [*rules, Rule(action, _HOST, Relation.HOST)] if host else rules


POLICY = PolicyTable(
    "placement",
    [
        Rule("audit.read", {Role.AUDITOR}),
        Rule("policy.apply", _SETTERS),
        Rule("policy.read", _EVERYONE),
        Rule("host.register", {Role.OPERATOR, Role.MINISTRY_OFFICER}),
        Rule("host.read", _EVERYONE),
        Rule("mentor.register", _HOST, Relation.HOST),
        Rule("mentor.read", _HOST, Relation.HOST),
        Rule("mentor.read", _REGION | _MINISTRY | {Role.AUDITOR}),
        *(
            rule
            for verb in ("open", "change", "close")
            for rule in (Rule(f"offer.{verb}", _HOST, Relation.HOST), Rule(f"offer.{verb}", _MINISTRY))
        ),
        Rule("offer.read", _HOST, Relation.HOST),
        Rule("offer.read", _REGION | _MINISTRY | {Role.AUDITOR, Role.SERVICE}),
        *(Rule(f"run.{verb}", _MINISTRY) for verb in ("start", "confirm", "discard")),
        Rule("run.read", _MINISTRY | _REGION | {Role.AUDITOR}),
        *_persons("placement"),
        Rule("placement.read", {Role.MENTOR}, Relation.ASSIGNED),
        Rule("placement.read", {Role.SERVICE}),
        Rule("placement.propose", _MINISTRY),
        Rule("placement.decide", _HOST, Relation.HOST),
        Rule("placement.confirm", _MINISTRY),
        *(
            rule
            for verb in ("arrive", "no-show", "suspend", "resume", "end")
            for rule in _host_or_region(f"placement.{verb}")
        ),
        Rule("placement.transfer", _MINISTRY),
        *(
            rule
            for verb in ("cancel", "extend")
            for rule in (Rule(f"placement.{verb}", _REGION, Relation.DESCENDANT), Rule(f"placement.{verb}", _MINISTRY))
        ),
        *_unit_or_region("placement.return"),
        *_persons("agreement"),
        *(rule for verb in ("draft", "offer", "amend") for rule in _unit_or_region(f"agreement.{verb}")),
        *(
            rule
            for verb in ("sign", "refuse")
            for rule in (
                Rule(f"agreement.{verb}", _TRAINEE, Relation.SELF),
                Rule(f"agreement.{verb}", _UNIT, Relation.OWN_UNIT),
                Rule(f"agreement.{verb}", _HOST, Relation.HOST),
            )
        ),
        Rule("agreement.file", _REGION, Relation.DESCENDANT),
        *_persons("mentorship"),
        Rule("mentorship.read", {Role.MENTOR}, Relation.ASSIGNED),
        Rule("mentorship.assign", _HOST, Relation.HOST),
        Rule("mentorship.record-contact", _HOST, Relation.HOST),
        Rule("mentorship.record-contact", {Role.MENTOR}, Relation.ASSIGNED),
        Rule("mentorship.activate", _HOST, Relation.HOST),
        *_persons("plan"),
        Rule("plan.read", {Role.MENTOR}, Relation.ASSIGNED),
        *(Rule(f"plan.{verb}", _HOST, Relation.HOST) for verb in ("draft", "approve", "revise")),
        Rule("plan.consult", _TRAINEE, Relation.SELF),
        Rule("report.read", _TRAINEE, Relation.SELF),
        Rule("report.read", _UNIT, Relation.OWN_UNIT),
        Rule("report.read", _REGION, Relation.DESCENDANT),
        Rule("report.submit", _TRAINEE, Relation.SELF),
        *_unit_or_region("report.acknowledge"),
        *_unit_or_region("report.return"),
        Rule("obligation.read", _TRAINEE, Relation.SELF),
        Rule("obligation.read", _UNIT, Relation.OWN_UNIT),
        Rule("obligation.read", _REGION | {Role.LOCAL_REVIEWER}, Relation.DESCENDANT),
        Rule("obligation.read", _MINISTRY | {Role.AUDITOR}),
        Rule("obligation.read", _HOST, Relation.HOST),
        Rule("obligation.read", {Role.MENTOR}, Relation.ASSIGNED),
    ],
)
