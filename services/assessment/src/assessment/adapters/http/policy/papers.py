"""Rules of papers: who may see what was handed out of a certificate."""

from __future__ import annotations

from assessment.adapters.http.policy.words import OVERSEERS
from shared.audit.reads import RULES as PERSONAL_READS
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

PAPERS: list[Rule] = [
    *PERSONAL_READS,
    Rule("certificate.hand-outs", {Role.APPLICANT}, Relation.SELF),
    Rule("certificate.hand-outs", {Role.ISSUER}, Relation.DESCENDANT),
    Rule("certificate.hand-outs", OVERSEERS),
]
