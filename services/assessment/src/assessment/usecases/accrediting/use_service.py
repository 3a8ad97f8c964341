"""A provider records that a card was used, and asks what a card may use (T-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assessment.domain.accrediting.card import TalentCard
from assessment.domain.accrediting.facts import CardUsed
from assessment.domain.accrediting.rule import AccreditationRule, CardService
from assessment.domain.accrediting.usage import Allowance, CardUse
from assessment.domain.certifying.numbering import is_well_formed, tidy
from assessment.usecases.accrediting.rules import rule_of
from assessment.usecases.ports import AssessmentPort
from shared.kernel.refusals import Malformed, NotFound, RuleViolated

MOST_DAYS_LATE = 31


@dataclass(frozen=True, slots=True)
class Offered:
    """One service that a card includes: uses left in the year, None without limit."""

    service: CardService
    yearly: int | None
    used: int


async def use_service(work: AssessmentPort, number: str, service: str, receipt: str, used_on: date) -> CardUse:
    """Record one use; the same receipt of the same provider is recorded once.

    Raises:
        Malformed: ``malformed-number``.
        NotFound: no such card.
        RuleViolated: ``use-in-future``, ``use-too-old``, and what ``TalentCard.serve`` refuses.
        Conflict: ``card-not-active``, ``allowance-used-up``, ``receipt-used``.
    """
    card = await _card(work, number)
    if used_on > work.today:
        raise RuleViolated("use-in-future", "A use cannot lie in the future.", rule="T-03")
    if (work.today - used_on).days > MOST_DAYS_LATE:
        raise RuleViolated("use-too-old", "A use is recorded within a month.", rule="T-03")
    rule = await rule_of(work, card.programme, card.policy_version)
    found, yearly = card.serve(service, rule, by=work.actor, on=used_on)
    allowance = await work.allowances.find(card=card.id, service=service, year=used_on.year)
    if allowance is None:
        allowance = Allowance(id=work.new_id(), card=card.id, service=service, year=used_on.year)
        work.allowances.add(allowance)
    allowance.use(yearly)
    use = CardUse(
        id=work.new_id(), card=card.id, account=card.account, unit=card.unit, programme=card.programme, tier=card.tier,
        service=service, area=found.area, provider=work.actor.organisation or work.actor.subject, receipt=receipt,
        used_on=used_on, recorded_at=work.now,
    )  # fmt: skip
    work.card_uses.add(use)
    work.announce(CardUsed(card.participation, card.id, use.id, used_on))
    return use


async def check_card(work: AssessmentPort, number: str) -> tuple[TalentCard, AccreditationRule, list[Offered]]:
    """A card with what it may use today, for a provider; the look is audited."""
    card = await _card(work, number)
    rule = await rule_of(work, card.programme, card.policy_version)
    counted = await work.allowances.list(card=card.id, year=work.today.year)
    used = {one.service: one.used for one in counted}
    offered = [
        Offered(service, entitled.yearly, used.get(service.code, 0))
        for service in rule.services
        if (entitled := service.of(card.tier)) is not None
    ]
    return card, rule, offered


async def _card(work: AssessmentPort, number: str) -> TalentCard:
    """The card of a number, locked, so that uses of one card come one after the other."""
    tidied = tidy(number)
    if not is_well_formed(tidied):
        raise Malformed("malformed-number", "Check the number; its last character is a check character.")
    card = await work.cards.find(number=tidied)
    if card is None:
        raise NotFound("not-found", "There is no such card, or you may not see it.")
    work.authorise(card.facets)
    return card
