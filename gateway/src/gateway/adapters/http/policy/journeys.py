"""Who may read journeys and boards, and hand out links to them."""

from __future__ import annotations

from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

RULES = [
    Rule("journey.read", {Role.APPLICANT}, Relation.SELF),
    Rule("journey.read", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("journey.read", {Role.HOST_OFFICER}, Relation.HOST),
    Rule(
        "journey.read",
        {
            Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.ASSESSOR, Role.ISSUER,
            Role.FINANCE_PREPARER, Role.FINANCE_APPROVER, Role.AGENCY,
        },
        Relation.DESCENDANT,
    ),
    Rule("journey.read", {Role.AUDITOR, Role.OPERATOR}, Relation.ANY),
    Rule("board.read", {Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER}, Relation.DESCENDANT),
    Rule("board.read", {Role.AUDITOR, Role.OPERATOR}, Relation.ANY),
    Rule(
        "view-link.create",
        {
            Role.APPLICANT, Role.UNIT_OFFICER, Role.HOST_OFFICER, Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER,
            Role.MINISTRY_OFFICER, Role.ASSESSOR, Role.ISSUER, Role.FINANCE_PREPARER, Role.FINANCE_APPROVER,
            Role.AUDITOR, Role.OPERATOR,
        },
    ),
]  # fmt: skip
"""``view-link.create`` only lets somebody ask; the link is made for what ``journey.read`` or ``board.read`` allows."""
