"""The published forms of what happens to accreditations and cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assessment.domain.accrediting import facts
from shared.contracts import assessment as published
from shared.contracts.event import Event


def _accredited(fact: facts.Accredited) -> Event:
    return published.AccreditationAssigned(
        participation=fact.participation,
        accreditation=fact.accreditation,
        programme=fact.programme,
        tier=fact.tier,
        accredited_on=fact.accredited_on,
    )


def _revoked(fact: facts.AccreditationRevoked) -> Event:
    return published.AccreditationRevoked(
        participation=fact.participation,
        accreditation=fact.accreditation,
        reason=fact.reason,
        revoked_on=fact.revoked_on,
    )


def _card(fact: facts.CardChanged) -> Event:
    return published.CardChanged.model_validate(
        {
            "participation": fact.participation,
            "card": fact.card,
            "change": fact.change,
            "tier": fact.tier,
            "valid_until": fact.valid_until,
            "changed_on": fact.changed_on,
        }
    )


def _used(fact: facts.CardUsed) -> Event:
    return published.CardUsed(participation=fact.participation, card=fact.card, use=fact.use, used_on=fact.used_on)


ACCREDITING_FORMS: dict[type, Callable[[Any], Event]] = {
    facts.Accredited: _accredited,
    facts.AccreditationRevoked: _revoked,
    facts.CardChanged: _card,
    facts.CardUsed: _used,
}
