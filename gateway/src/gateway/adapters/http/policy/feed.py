"""Who may read the feed of all events, and of whom: authorities and agencies what lies below their organisation."""

from __future__ import annotations

from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

RULES = [
    Rule(
        "event.read",
        {Role.AGENCY, Role.MINISTRY_OFFICER, Role.REGIONAL_OFFICER, Role.LOCAL_REVIEWER},
        Relation.DESCENDANT,
    ),
    Rule("event.read", {Role.AUDITOR, Role.OPERATOR}, Relation.ANY),
]
"""Decision 0038. A unit, a host and a person see journeys, not the feed."""
