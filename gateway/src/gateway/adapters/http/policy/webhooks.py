"""Who keeps webhooks: authorities and agencies for their own organisation, operators for all."""

from __future__ import annotations

from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

_KEEPERS = {Role.AGENCY, Role.MINISTRY_OFFICER, Role.REGIONAL_OFFICER}

RULES = [
    Rule("webhook.read", {Role.AUDITOR, Role.OPERATOR}, Relation.ANY),
    *(
        rule
        for action in ("webhook.read", "webhook.create", "webhook.change", "webhook.operate", "webhook.delete")
        for rule in (
            Rule(action, _KEEPERS, Relation.OWN_UNIT),
            *([Rule(action, {Role.OPERATOR}, Relation.ANY)] if action != "webhook.read" else []),
        )
    ),
]
