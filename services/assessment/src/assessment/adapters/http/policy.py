"""Who may do what, as one table: action × role × how the caller stands to the thing."""

from __future__ import annotations

from shared.kernel.actor import Relation, Role
from shared.work.policy import PolicyTable, Rule

R = Role
SEE_ALL_BELOW = frozenset({R.ASSESSOR, R.REGIONAL_OFFICER, R.MINISTRY_OFFICER, R.ISSUER, R.LOCAL_REVIEWER})
OVERSEERS = frozenset({R.AUDITOR, R.OPERATOR})
KEEPERS = frozenset({R.REGIONAL_OFFICER, R.MINISTRY_OFFICER, R.OPERATOR})
CONFIRMERS = frozenset({R.ASSESSOR, R.REGIONAL_OFFICER})
EVERYONE = frozenset(Role) - {R.SYSTEM}

POLICY = PolicyTable(
    "assessment",
    [
        Rule("audit.read", {R.AUDITOR}),
        Rule("policy.put", KEEPERS),
        Rule("policy.read", EVERYONE),
        Rule("assessment.read", {R.APPLICANT}, Relation.SELF),
        Rule("assessment.read", {R.UNIT_OFFICER}, Relation.OWN_UNIT),
        Rule("assessment.read", {R.HOST_OFFICER}, Relation.HOST),
        Rule("assessment.read", {R.MENTOR}, Relation.ASSIGNED),
        Rule("assessment.read", SEE_ALL_BELOW, Relation.DESCENDANT),
        Rule("assessment.read", OVERSEERS),
        Rule("assessment.score", {R.UNIT_OFFICER}, Relation.OWN_UNIT),
        Rule("assessment.score", {R.HOST_OFFICER}, Relation.HOST),
        Rule("assessment.score", {R.MENTOR}, Relation.ASSIGNED),
        Rule("assessment.score", {R.ASSESSOR}, Relation.DESCENDANT),
        Rule("assessment.record-result", {R.ASSESSOR}, Relation.DESCENDANT),
        Rule("assessment.confirm", CONFIRMERS, Relation.DESCENDANT),
        Rule("assessment.return", CONFIRMERS, Relation.DESCENDANT),
        Rule("assessment.reopen", {R.ASSESSOR}, Relation.DESCENDANT),
        Rule("assessment.appeal", {R.APPLICANT}, Relation.SELF),
        Rule("assessment.appeal", {R.UNIT_OFFICER}, Relation.OWN_UNIT),
        Rule("assessment.appeal", {R.REGIONAL_OFFICER}, Relation.DESCENDANT),
        Rule("assessment.decide", CONFIRMERS, Relation.DESCENDANT),
        Rule("certificate.read", {R.APPLICANT}, Relation.SELF),
        Rule("certificate.read", {R.UNIT_OFFICER}, Relation.OWN_UNIT),
        Rule("certificate.read", SEE_ALL_BELOW, Relation.DESCENDANT),
        Rule("certificate.read", OVERSEERS),
        Rule("certificate.issue", {R.ISSUER}, Relation.DESCENDANT),
        Rule("certificate.suspend", {R.ISSUER}, Relation.DESCENDANT),
        Rule("certificate.reinstate", {R.ISSUER}, Relation.DESCENDANT),
        Rule("certificate.revoke", {R.ISSUER}, Relation.DESCENDANT),
        Rule("certificate.reissue", {R.ISSUER}, Relation.DESCENDANT),
        Rule("certificate.hand-out", {R.APPLICANT}, Relation.SELF),
        Rule("certificate.hand-out", {R.ISSUER}, Relation.DESCENDANT),
        Rule("waiver.read", {R.APPLICANT}, Relation.SELF),
        Rule("waiver.read", {R.UNIT_OFFICER}, Relation.OWN_UNIT),
        Rule("waiver.read", SEE_ALL_BELOW, Relation.DESCENDANT),
        Rule("waiver.read", {R.AGENCY} | OVERSEERS),
        Rule("waiver.consume", {R.AGENCY}),
        Rule("waiver.consume", {R.REGIONAL_OFFICER}, Relation.DESCENDANT),
    ],
)
