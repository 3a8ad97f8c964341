"""Hand an application in, or in again after a return (S-03)."""

from __future__ import annotations

from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.usecases.applying.create_application import own_application
from selection.usecases.applying.forms import judged
from selection.usecases.ports import SelectionWork
from selection.usecases.seating.seat_people import seat_on_submission


async def submit_application(work: SelectionWork, application_id: UUID) -> Application:
    """Submit.

    Raises:
        Conflict: ``call-not-open`` for a first submission outside the window (S-02), ``correction-overdue``,
            ``wrong-state``, ``quota-full`` where a submission takes a seat (S-06).
        RuleViolated: ``not-eligible`` (S-09).
    """
    application = await own_application(work, application_id)
    call = await work.readings.call(application.call_id)
    if application.state is ApplicationState.DRAFT:
        call.accepts(work.now)
    policy = await work.readings.policy(application.programme, application.policy_version)
    eligibility = judged(application, call.profile, policy, work.today)
    work.announce(application.submit(eligibility, work.actor, work.now, work.today))
    await seat_on_submission(work, application, policy.places)
    return application
