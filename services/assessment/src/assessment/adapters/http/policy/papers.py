"""Rules of papers: who may see what was handed out of a certificate."""

from __future__ import annotations

from assessment.adapters.http.policy.words import OVERSEERS
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

PAPERS: list[Rule] = [
    Rule("certificate.hand-outs", {Role.APPLICANT}, Relation.SELF),
    Rule("certificate.hand-outs", {Role.ISSUER}, Relation.DESCENDANT),
    Rule("certificate.hand-outs", OVERSEERS),
]
