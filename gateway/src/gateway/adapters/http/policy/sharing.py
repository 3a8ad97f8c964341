"""Who may read the catalogue, ask for corrections and answer them."""

from __future__ import annotations

from gateway.domain.sharing.correction import OWNERS
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

ASKING = frozenset(Role) - {Role.SERVICE, Role.SYSTEM}
"""Everybody who signs in may ask for a correction of what they were shown."""

RULES = [
    Rule("catalogue.read", ASKING),
    Rule("correction.request", ASKING, Relation.SELF),
    Rule("correction.read", ASKING, Relation.SELF),
    Rule("correction.read", OWNERS, Relation.DESCENDANT),
    Rule("correction.read", {Role.AUDITOR}),
    Rule("correction.assign", OWNERS, Relation.DESCENDANT),
    Rule("correction.decide", OWNERS, Relation.DESCENDANT),
    Rule("correction.close", OWNERS, Relation.DESCENDANT),
]
"""``DESCENDANT`` is meant of the organisation that owns the dataset."""
