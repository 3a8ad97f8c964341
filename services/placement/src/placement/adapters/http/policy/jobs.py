"""Rules of jobs."""

from __future__ import annotations

from shared.jobs.routes import job_rules
from shared.kernel.actor import Role
from shared.work.policy import Rule

JOBS: list[Rule] = [
    *job_rules(
        {Role.MINISTRY_OFFICER, Role.REGIONAL_OFFICER, Role.HOST_OFFICER, Role.OPERATOR, Role.AUDITOR, Role.AGENCY}
    ),
]
