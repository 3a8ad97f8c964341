"""Leave of one's own will, at any time until the end of training."""

from __future__ import annotations

from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.usecases.applying.create_application import own_application
from selection.usecases.following.vacate_place import vacate_place
from selection.usecases.ports import SelectionWork
from selection.usecases.seating.seat_people import release_held
from shared.kernel.refusals import Finding, Malformed


async def withdraw_application(work: SelectionWork, application_id: UUID, reason: str) -> Application:
    """Withdraw; a place held before the start goes to the reserve in the same transaction.

    Raises:
        Malformed: ``unknown-code`` for a reason that the policy does not list.
        Conflict: ``wrong-state``.
    """
    application = await own_application(work, application_id)
    policy = await work.readings.policy(application.programme, application.policy_version)
    if reason not in policy.withdrawal_reasons:
        raise Malformed(
            "unknown-code",
            "The policy has no such reason.",
            findings=[Finding("unknown-code", f"The policy knows {sorted(policy.withdrawal_reasons)}.", "/reason")],
        )
    held_a_place = application.state is ApplicationState.SELECTED
    work.announce(*application.withdraw(reason, work.actor))
    if held_a_place and application.started_on is None:
        await vacate_place(work, application, reason)
    elif not held_a_place:
        await release_held(work, application)
    return application
