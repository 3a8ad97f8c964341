"""Who may do what about people's data and rights: rows of the policy table."""

from __future__ import annotations

from shared.audit.reads import RULES as PERSONAL_READS
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

_APPLICANT = {Role.APPLICANT}
_REGION = {Role.REGIONAL_OFFICER}
_EVERYONE = frozenset(Role) - {Role.SYSTEM}
_DECIDERS = {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER}

RIGHTS = (
    *PERSONAL_READS,
    Rule("register.read", _EVERYONE),
    *(Rule(f"person.{verb}", _APPLICANT, Relation.SELF) for verb in ("read", "declare", "withdraw", "export", "erase")),
    Rule("vault.open", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("vault.open", {Role.LOCAL_REVIEWER}, Relation.REVIEWER),
    Rule("vault.open", {Role.REGIONAL_OFFICER, Role.SERVICE}),
    Rule("vault.read", {Role.OPERATOR, Role.AUDITOR}),
    Rule("session.compose", _REGION),
    Rule("composition.read", {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR}),
    Rule("correction.request", _APPLICANT, Relation.SELF),
    Rule("correction.withdraw", _APPLICANT, Relation.SELF),
    Rule("correction.open", _APPLICANT, Relation.SELF),
    Rule("correction.open", _REGION),
    Rule("correction.answer", _REGION),
    Rule("correction.read", _APPLICANT, Relation.SELF),
    Rule("correction.read", {Role.REGIONAL_OFFICER, Role.AUDITOR}),
    Rule("hold.place", {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR}),
    Rule("hold.release", {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR}),
    Rule("hold.read", {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR}),
    Rule("retention.report", {Role.OPERATOR, Role.AUDITOR, Role.REGIONAL_OFFICER}),
    Rule("application.explain", _APPLICANT, Relation.SELF),
    Rule("application.explain", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("application.explain", {Role.LOCAL_REVIEWER}, Relation.REVIEWER),
    Rule("application.explain", {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR}),
    Rule("appeal.file", _APPLICANT, Relation.SELF),
    Rule("appeal.withdraw", _APPLICANT, Relation.SELF),
    Rule("appeal.accept", _DECIDERS),
    Rule("appeal.take_up", _DECIDERS),
    Rule("appeal.decide", _DECIDERS),
    Rule("appeal.close", _DECIDERS),
    Rule("appeal.read", _APPLICANT, Relation.SELF),
    Rule("appeal.read", {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR}),
)
