"""A person withdrew after selection, or an amended roster no longer holds the person."""

from __future__ import annotations

from uuid import UUID

from assessment.domain.assessing.assessment import Assessment
from assessment.domain.participation import ParticipationState
from assessment.usecases.items import LIVE
from assessment.usecases.ports import AssessmentPort
from shared.kernel.refusals import TooEarly


async def leave(work: AssessmentPort, participation: UUID, reason: str) -> None:
    """Void what was opened; after a completed term there is nothing to leave.

    Raises:
        TooEarly: ``selected`` has not arrived.
    """
    known = await work.participations.find(id=participation)
    if known is None:
        raise TooEarly("selected for this participation")
    if known.state in {ParticipationState.LEFT, ParticipationState.TERM_ENDED}:
        return
    known.leave(work.actor)
    await void_assessment(work, participation, reason)


async def void_assessment(work: AssessmentPort, participation: UUID, reason: str) -> None:
    """Void the assessment of a training that ended before its term, if one is open."""
    assessment = await work.assessments.find(participation=participation, state=LIVE)
    if assessment is not None:
        work.announce(assessment.void(reason, work.actor))


async def running_assessment(work: AssessmentPort, participation: UUID) -> Assessment | None:
    """The assessment that an event about a placement concerns; None when the person has left, or is not assessed.

    Raises:
        TooEarly: ``selected`` or ``placed`` has not arrived.
    """
    assessment = await work.assessments.find(participation=participation, state=LIVE)
    if assessment is not None:
        return assessment
    known = await work.participations.find(id=participation)
    if known is None:
        raise TooEarly("selected for this participation")
    if known.has_left:
        return None
    policy = await work.policy(known.programme, known.policy_version)
    if policy is not None and not policy.assesses:
        return None
    raise TooEarly("placed for this participation")
