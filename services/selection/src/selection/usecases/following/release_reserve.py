"""Let the reserve go when nobody can be replaced any more."""

from __future__ import annotations

from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.roster.succession import may_replace
from selection.usecases.ports import SelectionWork
from shared.kernel.actor import system


async def release_reserve(work: SelectionWork) -> int:
    """Move every waiting candidate whose session's last day of replacement has passed to ``not_selected``.

    Returns:
        how many were released.
    """
    released = 0
    for session in await work.readings.sessions_with_reserve():
        policy = await work.readings.policy(session.programme, session.policy_version)
        if may_replace(work.today, session.planned_start, policy.replacement_until_days):
            continue
        for application in await work.applications.list(session_id=session.id, state=ApplicationState.RESERVE):
            work.announce(application.release(system("selection")))
            released += 1
    return released
