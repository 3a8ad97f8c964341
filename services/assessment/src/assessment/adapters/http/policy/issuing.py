"""Rules of issuing in bulk and of its jobs."""

from __future__ import annotations

from shared.jobs.routes import job_rules
from shared.kernel.actor import Relation, Role
from shared.work.policy import Rule

ISSUING: list[Rule] = [
    Rule("issuing.start", {Role.ISSUER}, Relation.DESCENDANT),
    Rule("printing.start", {Role.ISSUER}, Relation.DESCENDANT),
    Rule("printing.fetch", {Role.ISSUER}, Relation.OWN_UNIT),
    *job_rules({Role.ISSUER, Role.AUDITOR}),
]
