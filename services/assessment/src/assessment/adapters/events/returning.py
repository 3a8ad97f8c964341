"""The published forms of what happens after the return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from assessment.domain.returning import facts
from shared.contracts import assessment as published
from shared.contracts.event import Event, Money
from shared.kernel.money import yuan


def _achievement(fact: facts.AchievementChanged) -> Event:
    return published.AchievementChanged(**asdict(fact))


def _follow_up(fact: facts.FollowUpRecorded) -> Event:
    return published.FollowUpRecorded(**asdict(fact) | {"funds": Money(amount=yuan(fact.funds))})


RETURNING_FORMS: dict[type, Callable[[Any], Event]] = {
    facts.AchievementChanged: _achievement,
    facts.FollowUpRecorded: _follow_up,
}
