"""Who has an inbox: everybody who may owe something; an agency owes a look at a webhook that was disabled."""

from __future__ import annotations

from shared.kernel.actor import Role
from shared.work.policy import Rule

RULES = [Rule("inbox.read", set(Role) - {Role.SERVICE, Role.SYSTEM})]
