"""Rules of schemes, assessments, certificates and waivers."""

from __future__ import annotations

from assessment.adapters.http.policy.words import CONFIRMERS, EVERYONE, KEEPERS, OVERSEERS, SEE_ALL_BELOW
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

RESULTS: list[Rule] = [
    Rule("audit.read", {Role.AUDITOR}),
    Rule("policy.put", KEEPERS),
    Rule("policy.read", EVERYONE),
    Rule("assessment.read", {Role.APPLICANT}, Relation.SELF),
    Rule("assessment.read", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("assessment.read", {Role.HOST_OFFICER}, Relation.HOST),
    Rule("assessment.read", {Role.MENTOR}, Relation.ASSIGNED),
    Rule("assessment.read", SEE_ALL_BELOW, Relation.DESCENDANT),
    Rule("assessment.read", OVERSEERS),
    Rule("assessment.score", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("assessment.score", {Role.HOST_OFFICER}, Relation.HOST),
    Rule("assessment.score", {Role.MENTOR}, Relation.ASSIGNED),
    Rule("assessment.score", {Role.ASSESSOR}, Relation.DESCENDANT),
    Rule("assessment.record-result", {Role.ASSESSOR}, Relation.DESCENDANT),
    Rule("assessment.confirm", CONFIRMERS, Relation.DESCENDANT),
    Rule("assessment.return", CONFIRMERS, Relation.DESCENDANT),
    Rule("assessment.reopen", {Role.ASSESSOR}, Relation.DESCENDANT),
    Rule("assessment.appeal", {Role.APPLICANT}, Relation.SELF),
    Rule("assessment.appeal", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("assessment.appeal", {Role.REGIONAL_OFFICER}, Relation.DESCENDANT),
    Rule("assessment.decide", CONFIRMERS, Relation.DESCENDANT),
    Rule("assessment.resit", {Role.ASSESSOR}, Relation.DESCENDANT),
    Rule("assessment.extend", CONFIRMERS, Relation.DESCENDANT),
    Rule("assessment.correct", CONFIRMERS, Relation.DESCENDANT),
    Rule("assessment.reject-correction", CONFIRMERS, Relation.DESCENDANT),
    *(
        Rule(f"assessment.{verb}", {Role.ASSESSOR}, Relation.REVIEWER)
        for verb in ("read", "score", "record-result", "reopen", "resit")
    ),
    *(
        Rule(f"assessment.{verb}", CONFIRMERS, Relation.REVIEWER)
        for verb in ("confirm", "return", "decide", "extend", "correct", "reject-correction")
    ),
    Rule("certificate.read", {Role.APPLICANT}, Relation.SELF),
    Rule("certificate.read", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("certificate.read", SEE_ALL_BELOW, Relation.DESCENDANT),
    Rule("certificate.read", OVERSEERS),
    Rule("certificate.issue", {Role.ISSUER}, Relation.DESCENDANT),
    Rule("certificate.suspend", {Role.ISSUER}, Relation.DESCENDANT),
    Rule("certificate.reinstate", {Role.ISSUER}, Relation.DESCENDANT),
    Rule("certificate.revoke", {Role.ISSUER}, Relation.DESCENDANT),
    Rule("certificate.reissue", {Role.ISSUER}, Relation.DESCENDANT),
    Rule("certificate.hand-out", {Role.APPLICANT}, Relation.SELF),
    Rule("certificate.hand-out", {Role.ISSUER}, Relation.DESCENDANT),
    Rule("waiver.read", {Role.APPLICANT}, Relation.SELF),
    Rule("waiver.read", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("waiver.read", SEE_ALL_BELOW, Relation.DESCENDANT),
    Rule("waiver.read", {Role.AGENCY} | OVERSEERS),
    Rule("waiver.consume", {Role.AGENCY}),
    Rule("waiver.consume", {Role.REGIONAL_OFFICER}, Relation.DESCENDANT),
]
