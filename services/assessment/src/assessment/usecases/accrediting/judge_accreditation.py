"""Review, assign, refuse, withdraw, revoke: what happens to an accreditation, and to the card with it (T-02, T-03)."""

from __future__ import annotations

from uuid import UUID

from assessment.domain.accrediting.accreditation import Accreditation, AccreditationState
from assessment.domain.accrediting.card import CardState, TalentCard, issue_card
from assessment.domain.accrediting.rule import AccreditationRule
from assessment.domain.certifying.numbering import series_of_pattern
from assessment.usecases.accrediting.rules import rule_of
from assessment.usecases.certifying.issue_certificates import Series
from assessment.usecases.ports import AssessmentPort

SUPERSEDED = "superseded"
LIVE_CARDS = {CardState.ACTIVE, CardState.SUSPENDED, CardState.EXPIRED}


async def review(work: AssessmentPort, id: UUID, tier: str) -> Accreditation:
    """Find the tier that the evidence supports."""
    found, rule = await _target(work, id)
    found.review(tier, rule, by=work.actor, on=work.today)
    return found


async def send_back(work: AssessmentPort, id: UUID, reason: str) -> Accreditation:
    """Have it reviewed again."""
    found, rule = await _target(work, id)
    found.send_back(reason, rule, by=work.actor)
    return found


async def assign(work: AssessmentPort, id: UUID, tier: str) -> Accreditation:
    """Assign the tier and issue its card; the tier and card that it takes the place of end in the same transaction."""
    found, rule = await _target(work, id)
    work.announce(found.assign(tier, rule, by=work.actor, on=work.today))
    if found.supersedes is not None:
        old = await work.accreditations.get(found.supersedes)
        if old.state is AccreditationState.TIER_ASSIGNED:
            old.supersede(by=work.actor, on=work.today)
    await end_cards(work, found.account, found.programme, SUPERSEDED)
    await work.flush()
    await _issue_card(work, found, rule)
    return found


async def refuse(work: AssessmentPort, id: UUID, reason: str) -> Accreditation:
    """Refuse it for a coded reason."""
    found, rule = await _target(work, id)
    found.refuse(reason, rule, by=work.actor, on=work.today)
    return found


async def withdraw(work: AssessmentPort, id: UUID) -> Accreditation:
    """The person no longer wants it."""
    found, _ = await _target(work, id)
    found.withdraw(work.actor)
    return found


async def revoke(work: AssessmentPort, id: UUID, reason: str) -> Accreditation:
    """Take the tier back, and the card with it."""
    found, rule = await _target(work, id)
    work.announce(found.revoke(reason, rule, by=work.actor, on=work.today))
    await end_cards(work, found.account, found.programme, reason)
    return found


async def end_cards(work: AssessmentPort, account: str, programme: str, reason: str) -> None:
    """Revoke whatever card the account still has in the programme."""
    for card in await work.cards.list(account=account, programme=programme, state=LIVE_CARDS):
        work.announce(card.revoke(reason, by=work.actor, on=work.today))


async def _issue_card(work: AssessmentPort, accreditation: Accreditation, rule: AccreditationRule) -> TalentCard:
    tier = rule.tier(accreditation.tier or "")
    assert tier is not None
    series = series_of_pattern(rule.number, tier=tier.code, year=work.today.year)
    number = (await Series(work).of(series)).draw(rule.serial_digits)
    card, issued = issue_card(work.new_id(), number, accreditation, tier, work.today)
    work.cards.add(card)
    work.announce(issued)
    return card


async def _target(work: AssessmentPort, id: UUID) -> tuple[Accreditation, AccreditationRule]:
    found = await work.accreditations.get(id, target=True)
    work.authorise(found.facets)
    return found, await rule_of(work, found.programme, found.policy_version)
