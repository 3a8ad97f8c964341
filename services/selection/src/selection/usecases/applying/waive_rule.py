"""Waive one rule for one person, with a reason (S-09)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.applying.application import Application
from selection.usecases.applying.create_application import own_application
from selection.usecases.applying.forms import judged
from selection.usecases.ports import SelectionWork


async def waive_rule(work: SelectionWork, application_id: UUID, rule: str, reason: str) -> Application:
    """Record the waiver and ask the rules again.

    Raises:
        Conflict: ``wrong-state``.
        RuleViolated: ``not-waivable``.
    """
    application = await own_application(work, application_id)
    call = await work.readings.call(application.call_id)
    policy = await work.readings.policy(application.programme, application.policy_version)
    application.waive(rule, reason, work.actor, work.now)
    application.judge(judged(application, call.profile, policy, work.today))
    return application
