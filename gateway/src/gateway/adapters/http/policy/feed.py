"""Who may read the feed of all events."""

from __future__ import annotations

from shared.kernel.actor import Role
from shared.work.policy import Rule

RULES = [
    Rule("event.read", {Role.AGENCY, Role.MINISTRY_OFFICER, Role.AUDITOR, Role.OPERATOR}),
]
