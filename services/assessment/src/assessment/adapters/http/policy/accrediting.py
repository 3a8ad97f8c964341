"""Rules of accreditations, talent cards and their use (T-02, T-03)."""

from __future__ import annotations

from assessment.adapters.http.policy.words import EVERYONE, OVERSEERS
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

_BODY = {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER}
_OFFICES = _BODY | {Role.LOCAL_REVIEWER}

ACCREDITING: list[Rule] = [
    Rule("accreditation.apply", {Role.APPLICANT}, Relation.SELF),
    Rule("accreditation.withdraw", {Role.APPLICANT}, Relation.SELF),
    Rule("accreditation.read", {Role.APPLICANT}, Relation.SELF),
    Rule("accreditation.read", _OFFICES, Relation.DESCENDANT),
    Rule("accreditation.read", OVERSEERS),
    Rule("accreditation.review", {Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER}, Relation.DESCENDANT),
    *(Rule(f"accreditation.{verb}", _BODY, Relation.DESCENDANT) for verb in ("return", "assign", "refuse", "revoke")),
    Rule("card.read", {Role.APPLICANT}, Relation.SELF),
    Rule("card.read", _OFFICES, Relation.DESCENDANT),
    Rule("card.read", OVERSEERS),
    *(Rule(f"card.{verb}", _BODY, Relation.DESCENDANT) for verb in ("suspend", "reinstate", "renew")),
    Rule("card.check", {Role.AGENCY}),
    Rule("card.use", {Role.AGENCY}),
    Rule("catalogue.read", EVERYONE),
    Rule("card-statistic.read", _BODY | OVERSEERS | {Role.AGENCY}),
]
