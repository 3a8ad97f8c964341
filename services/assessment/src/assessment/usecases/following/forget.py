"""The person behind a participation was erased (domain rules 7.3): let go of the account, keep the records."""

from __future__ import annotations

from uuid import UUID

from assessment.domain.participation import ERASED
from assessment.domain.returning.link import LinkState
from assessment.usecases.ports import AssessmentPort


async def forget(work: AssessmentPort, participation: UUID) -> None:
    """Blank the account everywhere and the wording of achievements, end links and cards; the certificate stays valid."""
    known = await work.participations.find(id=participation)
    if known is None:
        return
    if known.account != ERASED:
        await _forget_accreditations(work, known.account)
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


async def _forget_accreditations(work: AssessmentPort, account: str) -> None:
    """Every accreditation of the account, however it was opened, with its cards and what was recorded of their use."""
    for accreditation in await work.accreditations.list(account=account):
        accreditation.forget(ERASED, work.actor)
    for card in await work.cards.list(account=account):
        changed = card.forget(ERASED, by=work.actor, on=work.today)
        if changed is not None:
            work.announce(changed)
    for use in await work.card_uses.list(account=account):
        use.account = ERASED
