"""A placement was confirmed: its completion assessment opens (C-01)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from assessment.domain.assessing.opening import open_assessment
from assessment.domain.participation import ParticipationState
from assessment.domain.schemes.policy import Policy, PolicyState
from assessment.domain.schemes.scheme import Scheme
from assessment.usecases.items import LIVE
from assessment.usecases.ports import AssessmentPort
from shared.kernel.refusals import TooEarly


async def follow_placed(work: AssessmentPort, participation: UUID, *, host: str, planned_end: date) -> None:
    """Open the assessment, or note the new host of one that is open; where a programme only accredits, note the placement.

    Raises:
        TooEarly: ``selected`` has not arrived, or the policy is not loaded.
    """
    known = await work.participations.find(id=participation)
    if known is None:
        raise TooEarly("selected for this participation")
    if known.state in {ParticipationState.LEFT, ParticipationState.TERM_ENDED}:
        return
    policy = await work.policy(known.programme, known.policy_version)
    if policy is None:
        raise TooEarly(f"policy {known.policy_version} of {known.programme}")
    known.place(work.actor)
    if not policy.assesses:
        return
    scheme = await _in_use(work, policy)
    assessment = await work.assessments.find(participation=participation, state=LIVE)
    if assessment is not None:
        assessment.host, assessment.planned_end = host, planned_end
        return
    assessment, opened = open_assessment(
        work.new_id(), known, scheme, host=host, planned_end=planned_end, on=work.today
    )
    work.assessments.add(assessment)
    work.announce(opened)


async def _in_use(work: AssessmentPort, policy: Policy) -> Scheme:
    if policy.state is PolicyState.IN_USE:
        return policy.scheme()
    return (await work.policies.get(policy.id)).use(work.actor)
