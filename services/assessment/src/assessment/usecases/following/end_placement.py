"""A placement is over (C-01: only a completed term is assessed)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from assessment.domain.participation import ParticipationState
from assessment.usecases.following.leave import running_assessment, void_assessment
from assessment.usecases.ports import AssessmentPort
from assessment.usecases.returning.follow_ups import schedule_follow_ups
from assessment.usecases.schemes import Schemes
from shared.kernel.refusals import TooEarly


async def end_placement(work: AssessmentPort, participation: UUID, *, kind: str, ended_on: date, reason: str) -> None:
    """Note the end of the term, or void the assessment of a placement that did not last.

    Args:
        work: the unit of work.
        participation: whose placement.
        kind: ``normal``, ``early``, ``before_start`` or ``no_show``.
        ended_on: last day.
        reason: code.

    Raises:
        TooEarly: ``selected`` or ``placed`` has not arrived.
    """
    known = await work.participations.find(id=participation)
    if known is None:
        raise TooEarly("selected for this participation")
    if known.state in {ParticipationState.LEFT, ParticipationState.TERM_ENDED}:
        return
    if known.state is ParticipationState.SELECTED:
        raise TooEarly("placed for this participation")
    if kind == "normal":
        assessment = await running_assessment(work, participation)
        known.end_term(work.actor)
        if assessment is not None:
            scheme = await Schemes(work).of(assessment)
            assessment.end_term(ended_on, scheme)
            schedule_follow_ups(work, known, scheme, ended_on)
        return
    if kind == "before_start":
        known.await_host(work.actor)
    else:
        known.leave(work.actor)
    await void_assessment(work, participation, reason)
