"""Alumni and hosts stay in touch if both want to (C-05)."""

from __future__ import annotations

from uuid import UUID

from assessment.domain.participation import ParticipationState
from assessment.domain.returning.link import AlumniLink, side_of
from assessment.usecases.items import LIVE
from assessment.usecases.ports import AssessmentPort
from shared.kernel.refusals import NotFound, RuleViolated


async def propose(work: AssessmentPort, participation: UUID, purpose: str) -> AlumniLink:
    """Ask the other side for a lasting contact, after the term.

    Raises:
        NotFound: there is no such participation, or the caller is neither the trainee nor the host's officer.
        RuleViolated: ``term-running``, or ``no-host`` where nobody hosted.
        Conflict: ``link-exists``.
    """
    holder = await work.participations.get(participation)
    assessment = await work.assessments.find(participation=participation, state=LIVE)
    if assessment is None:
        raise NotFound("not-found", "There is no such participation, or you may not see it.")
    work.authorise(assessment.facets)
    if holder.state is not ParticipationState.TERM_ENDED:
        raise RuleViolated("term-running", "A lasting contact begins after the term.", rule="C-05")
    if not assessment.host:
        raise RuleViolated("no-host", "Nobody hosted this person.", rule="C-05")
    link = AlumniLink(
        id=work.new_id(), participation=participation, account=holder.account, programme=holder.programme,
        session=holder.session, unit=holder.unit, host=assessment.host, purpose=purpose,
        proposed_by=side_of(work.actor, holder.account), proposed_on=work.today,
    )  # fmt: skip
    work.links.add(link)
    return link


async def accept(work: AssessmentPort, id: UUID) -> AlumniLink:
    """The other side agrees."""
    link = await _target(work, id)
    link.accept(by=work.actor, on=work.today)
    return link


async def end(work: AssessmentPort, id: UUID) -> AlumniLink:
    """Either side ends it."""
    link = await _target(work, id)
    link.end(by=work.actor, on=work.today)
    return link


async def _target(work: AssessmentPort, id: UUID) -> AlumniLink:
    link = await work.links.get(id, target=True)
    work.authorise(link.facets)
    return link
