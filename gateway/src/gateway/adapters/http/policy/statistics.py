"""Who may read statistics and load observations."""

from __future__ import annotations

from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

RULES = [
    Rule("statistic.read", {Role.UNIT_OFFICER}, Relation.OWN_UNIT),
    Rule("statistic.read", {Role.HOST_OFFICER}, Relation.HOST),
    Rule(
        "statistic.read",
        {
            Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.FINANCE_PREPARER,
            Role.FINANCE_APPROVER, Role.AGENCY,
        },
        Relation.DESCENDANT,
    ),
    Rule("statistic.read", {Role.AUDITOR, Role.OPERATOR}, Relation.ANY),
    Rule(
        "observation.read",
        {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR, Role.OPERATOR, Role.AGENCY},
    ),
    Rule("observation.load", {Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.OPERATOR}),
]  # fmt: skip
"""Statistics over journeys count what ``journey.read`` would show; stated numbers are the same for every reader."""
