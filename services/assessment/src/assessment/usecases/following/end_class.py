"""A class or a mission is over: the term of its participants has ended (K-01, K-04)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from assessment.domain.assessing.evidence import Attendance
from assessment.domain.participation import Participation, ParticipationState
from assessment.usecases.following.leave import running_assessment
from assessment.usecases.following.open_assessment import follow_placed
from assessment.usecases.ports import AssessmentPort
from assessment.usecases.returning.follow_ups import schedule_follow_ups
from assessment.usecases.schemes import Schemes
from shared.kernel.refusals import TooEarly


async def end_class(
    work: AssessmentPort, participation: UUID, *, host: str, attendance: Attendance, completed_on: date
) -> None:
    """Take attendance and questions as evidence, whether the term's end was told before or not.

    Who came without being placed gets an assessment now.

    Raises:
        TooEarly: ``selected`` has not arrived, or the policy is not loaded.
    """
    known = await work.participations.find(id=participation)
    if known is None:
        raise TooEarly("selected for this participation")
    if known.has_left:
        return
    if known.state is ParticipationState.SELECTED:
        await follow_placed(work, participation, host=host, planned_end=completed_on)
    assessment = await running_assessment(work, participation)
    if assessment is None:
        _end_unassessed(work, known)
        return
    scheme = await Schemes(work).of(assessment)
    if known.state is ParticipationState.PLACED:
        known.end_term(work.actor)
        schedule_follow_ups(work, known, scheme, completed_on)
    if assessment.takes_evidence:
        assessment.end_class(completed_on, attendance, scheme)


async def end_mission(work: AssessmentPort, participation: UUID, *, completed_on: date) -> None:
    """End the term of an assessed member of a mission; in a programme that assesses nobody there is nothing to do."""
    known = await work.participations.find(id=participation)
    if known is None or await work.policy(known.programme, known.policy_version) is None:
        return
    if known.state in {ParticipationState.LEFT, ParticipationState.TERM_ENDED}:
        return
    if known.state is ParticipationState.SELECTED:
        await follow_placed(work, participation, host="", planned_end=completed_on)
    assessment = await running_assessment(work, participation)
    if assessment is None:
        _end_unassessed(work, known)
        return
    scheme = await Schemes(work).of(assessment)
    known.end_term(work.actor)
    assessment.end_term(completed_on, scheme)
    schedule_follow_ups(work, known, scheme, completed_on)


def _end_unassessed(work: AssessmentPort, known: Participation) -> None:
    """In a programme that only accredits, the end of a term is noted and nothing follows from it."""
    if known.state is ParticipationState.PLACED:
        known.end_term(work.actor)
