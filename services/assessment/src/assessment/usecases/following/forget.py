"""The person behind a participation was erased (domain rules 7.3): let go of the account, keep the records."""

from __future__ import annotations

from uuid import UUID

from assessment.domain.participation import ERASED
from assessment.domain.returning.link import LinkState
from assessment.usecases.ports import AssessmentPort


async def forget(work: AssessmentPort, participation: UUID) -> None:
    """Blank the account everywhere and the wording of achievements, end alumni links; the certificate stays valid."""
    known = await work.participations.find(id=participation)
    if known is None:
        return
    known.forget()
    for assessment in await work.assessments.list(participation=participation):
        assessment.forget(ERASED)
    for achievement in await work.achievements.list(participation=participation):
        achievement.forget(ERASED)
    for link in await work.links.list(participation=participation):
        if link.state is not LinkState.ENDED:
            link.lapse(by=work.actor, on=work.today)
        link.account = ERASED
    for certificate in await work.certificates.list(participation=participation):
        certificate.account = ERASED
    for waiver in await work.waivers.list(participation=participation):
        waiver.account = ERASED
    for follow_up in await work.follow_ups.list(participation=participation):
        follow_up.account = ERASED
    work.note("person.forget", "participation", str(participation))
