"""Follow-ups: scheduled when a term ends, moved by the business clock, recorded by unit or region (C-04, C-06)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from assessment.domain.participation import Participation
from assessment.domain.returning.follow_up import FollowUp, Found, schedule
from assessment.domain.schemes.scheme import Scheme
from assessment.usecases.ports import AssessmentPort
from shared.kernel.actor import system

_CLOCK = system("assessment")


def schedule_follow_ups(work: AssessmentPort, holder: Participation, scheme: Scheme, ended_on: date) -> None:
    """Schedule every round of the scheme, counted from the last day of the term."""
    for round in scheme.follow_up.rounds:
        work.follow_ups.add(schedule(work.new_id(), round, scheme.follow_up, holder, ended_on))


async def keep_follow_ups(work: AssessmentPort, limit: int = 500) -> int:
    """Moved by the due clock: what falls due becomes due, what was missed overdue. Gives how many moved."""
    moved = await work.follow_ups_to_move(work.today, limit)
    for follow_up in moved:
        follow_up.pass_time(work.today, _CLOCK)
    return len(moved)


async def record(work: AssessmentPort, id: UUID, found: Found) -> FollowUp:
    """Write down what a follow-up found; again amends it."""
    follow_up = await work.follow_ups.get(id, target=True)
    work.authorise(follow_up.facets)
    work.announce(follow_up.record(found, by=work.actor, on=work.today))
    return follow_up
