"""Leave, or be withdrawn by an officer, as the policy says for the stage that was reached."""

from __future__ import annotations

from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.applying.stage import stage_of
from selection.domain.policy.places import LeavingRule, Stage
from selection.usecases.applying.create_application import own_application
from selection.usecases.following.vacate_place import vacate_place
from selection.usecases.leaving.answer_offer import retract_offer
from selection.usecases.ports import SelectionWork
from selection.usecases.seating.seat_people import release_held
from shared.kernel.actor import Role, system
from shared.kernel.refusals import Conflict, Finding, Forbidden, Malformed


async def withdraw_application(work: SelectionWork, application_id: UUID, reason: str) -> Application:
    """Withdraw; a place held before the start goes to the reserve in the same transaction.

    Raises:
        Malformed: ``unknown-code`` for a reason that the policy does not list.
        Forbidden: ``leaving-not-yours`` when the policy leaves this stage to others.
        Conflict: ``wrong-state``, ``leaving-closed`` after the stage's last day.
    """
    application = await own_application(work, application_id)
    policy = await work.readings.policy(application.programme, application.policy_version)
    if reason not in policy.withdrawal_reasons:
        raise Malformed(
            "unknown-code",
            "The policy has no such reason.",
            findings=[Finding("unknown-code", f"The policy knows {sorted(policy.withdrawal_reasons)}.", "/reason")],
        )
    before, stage = application.state, stage_of(application)
    rule = policy.places.leaving_at(stage)
    if not work.actor.has(*rule.by):
        raise Forbidden("leaving-not-yours", "At this stage others withdraw an application.", stage=stage.value)
    by = work.actor if work.actor.has(Role.APPLICANT) else system("selection")
    facts = application.withdraw(reason, by)
    await _in_time(work, application, stage, rule)
    work.announce(*facts)
    if before is ApplicationState.SELECTED:
        if stage is not Stage.STARTED:
            await vacate_place(work, application, reason, stage)
    else:
        await release_held(work, application)
    if before is ApplicationState.RESERVE:
        await retract_offer(work, application)
    return application


async def _in_time(work: SelectionWork, application: Application, stage: Stage, rule: LeavingRule) -> None:
    if rule.until_days is None:
        return
    session = await work.readings.session(application.session_id)
    if not rule.open_on(work.today, session.planned_start):
        raise Conflict(
            "leaving-closed", "The last day to withdraw at this stage has passed.",
            stage=stage.value, planned_start=session.planned_start.isoformat(), until_days=rule.until_days,
        )  # fmt: skip
