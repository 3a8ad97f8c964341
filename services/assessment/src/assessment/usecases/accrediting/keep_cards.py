"""Suspend, reinstate, renew and expire talent cards (T-03)."""

from __future__ import annotations

from uuid import UUID

from assessment.domain.accrediting.card import CardState, TalentCard
from assessment.domain.accrediting.rule import AccreditationRule
from assessment.usecases.accrediting.rules import rule_of
from assessment.usecases.ports import AssessmentPort

_AT_ONCE = 200


async def suspend(work: AssessmentPort, id: UUID, reason: str) -> TalentCard:
    """Let a card not be served for now."""
    card, rule = await _target(work, id)
    work.announce(card.suspend(reason, rule, by=work.actor, on=work.today))
    return card


async def reinstate(work: AssessmentPort, id: UUID) -> TalentCard:
    """Let a suspended card be served again."""
    card, rule = await _target(work, id)
    work.announce(card.reinstate(rule, by=work.actor, on=work.today))
    return card


async def renew(work: AssessmentPort, id: UUID) -> TalentCard:
    """Extend a card by the years of its tier."""
    card, rule = await _target(work, id)
    work.announce(card.renew(rule, by=work.actor, on=work.today))
    return card


async def expire_cards(work: AssessmentPort) -> int:
    """The duty: cards whose last day is over end, some at a time; how many."""
    over = await work.cards_over(work.today, _AT_ONCE)
    for card in over:
        if card.state in {CardState.ACTIVE, CardState.SUSPENDED}:
            work.announce(card.expire(by=work.actor, on=work.today))
    return len(over)


async def _target(work: AssessmentPort, id: UUID) -> tuple[TalentCard, AccreditationRule]:
    card = await work.cards.get(id, target=True)
    work.authorise(card.facets)
    return card, await rule_of(work, card.programme, card.policy_version)
