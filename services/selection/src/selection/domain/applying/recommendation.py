"""The employer's recommendation: a separate act, before or after the application (S-03)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition


class RecommendationState(StrEnum):
    """What the unit said about one of its people for one call."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_S = RecommendationState
_UNIT = frozenset({Role.UNIT_OFFICER})

RECOMMENDATION = Lifecycle(
    "recommendation",
    initial=_S.ASKED,
    transitions=[
        Transition("give", _S.ASKED, _S.GIVEN, _UNIT),
        Transition("refuse", _S.ASKED, _S.REFUSED, _UNIT),
        Transition("give", _S.REFUSED, _S.GIVEN, _UNIT),
        Transition("give", _S.WITHDRAWN, _S.GIVEN, _UNIT),
        Transition("withdraw", _S.GIVEN, _S.WITHDRAWN, _UNIT),
    ],
)


@dataclass(kw_only=True)
class Recommendation(Aggregate):
    """What one unit says about one account for one call; it needs no application yet.

    Attributes:
        reason: why refused or withdrawn.
        given_by: subject of the officer who acted last.
    """

    lifecycle: ClassVar[Lifecycle[RecommendationState]] = RECOMMENDATION

    state: RecommendationState = field(default=RecommendationState.ASKED)
    call_id: UUID
    account: str
    unit: str
    reason: str | None = None
    given_by: str | None = None
    given_at: datetime | None = None

    @property
    def facets(self) -> Facets:
        """How callers stand to this recommendation."""
        return Facets(account=self.account, unit=self.unit)

    def state_opinion(self, opinion: str, reason: str | None, by: Actor, at: datetime) -> None:
        """Recommend (``given``) or decline to (``refused``); the same opinion again changes nothing."""
        if self.state.value == opinion:
            return
        self._advance("give" if opinion == RecommendationState.GIVEN else "refuse", by)
        self.reason, self.given_by, self.given_at = reason, by.subject, at

    def withdraw(self, reason: str, by: Actor, at: datetime) -> None:
        """Take a recommendation back."""
        self._advance("withdraw", by)
        self.reason, self.given_by, self.given_at = reason, by.subject, at
