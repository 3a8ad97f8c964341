"""A placement was confirmed: its completion assessment opens (C-01)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from assessment.domain.assessing.opening import open_assessment
from assessment.domain.participation import ParticipationState
from assessment.domain.schemes.policy import PolicyState
from assessment.domain.schemes.scheme import Scheme
from assessment.usecases.items import LIVE
from assessment.usecases.ports import AssessmentPort
from shared.kernel.refusals import TooEarly


async def follow_placed(work: AssessmentPort, participation: UUID, *, host: str, planned_end: date) -> None:
    """Open the assessment, or note the new host of one that is open.

    Raises:
        TooEarly: ``selected`` has not arrived, or the policy is not loaded.
    """
    known = await work.participations.find(id=participation)
    if known is None:
        raise TooEarly("selected for this participation")
    if known.state in {ParticipationState.LEFT, ParticipationState.TERM_ENDED}:
        return
    scheme = await _scheme_in_use(work, known.programme, known.policy_version)
    known.place(work.actor)
    assessment = await work.assessments.find(participation=participation, state=LIVE)
    if assessment is not None:
        assessment.host, assessment.planned_end = host, planned_end
        return
    assessment, opened = open_assessment(
        work.new_id(), known, scheme, host=host, planned_end=planned_end, on=work.today
    )
    work.assessments.add(assessment)
    work.announce(opened)


async def _scheme_in_use(work: AssessmentPort, programme: str, version: str) -> Scheme:
    policy = await work.policy(programme, version)
    if policy is None:
        raise TooEarly(f"policy {version} of {programme}")
    if policy.state is PolicyState.IN_USE:
        return policy.scheme()
    return (await work.policies.get(policy.id)).use(work.actor)
