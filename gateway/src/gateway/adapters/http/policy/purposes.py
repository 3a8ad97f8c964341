"""Who may read the purpose log: auditors and operators all of it, a person what was read of the person."""

from __future__ import annotations

from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

RULES = [
    Rule("purpose.read", {Role.AUDITOR, Role.OPERATOR}),
    Rule("purpose.read", {Role.APPLICANT}, Relation.SELF),
]
"""The services decide again, by the same two rows of their own."""
