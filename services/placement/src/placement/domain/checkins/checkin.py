"""A check-in: a person says by code what they need, or nothing at all (D-04, domain.md 7.4).

There is no text: what is to be said is said to a human being. Nobody but the person sees an invitation, a refusal, an
"all is well" or a withdrawal; mentor and welfare contact see needs that the person chose to tell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from placement.domain.year_rules import CheckinRules
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Malformed


class CheckinState(StrEnum):
    """Invited, asking, being helped, settled; or declined, withdrawn, lapsed."""

    INVITED = "invited"
    ASKED = "asked"
    TAKEN_UP = "taken_up"
    SETTLED = "settled"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


S = CheckinState
TOLD = (S.ASKED, S.TAKEN_UP, S.SETTLED)
"""States that mentor and welfare contact see, and only with needs told."""
_TRAINEE = frozenset({Role.APPLICANT})
_HELPER = frozenset({Role.MENTOR})

CHECKIN = Lifecycle(
    "check-in",
    initial=S.INVITED,
    transitions=[
        Transition("ask", S.INVITED, S.ASKED, _TRAINEE),
        Transition("say-well", S.INVITED, S.SETTLED, _TRAINEE),
        Transition("decline", S.INVITED, S.DECLINED, _TRAINEE),
        Transition("take-up", S.ASKED, S.TAKEN_UP, _HELPER),
        Transition("settle", S.TAKEN_UP, S.SETTLED, _HELPER | _TRAINEE),
        *arrows("withdraw", (S.ASKED, S.TAKEN_UP), S.WITHDRAWN, _TRAINEE),
        Transition("lapse", S.INVITED, S.LAPSED, frozenset({Role.SYSTEM})),
    ],
)


@dataclass(kw_only=True)
class Checkin(Aggregate):
    """One check-in. ``number`` counts invitations; a request that the person began has none."""

    lifecycle: ClassVar[Lifecycle[CheckinState]] = CHECKIN

    participation: UUID
    number: int | None = None
    opened_on: date
    needs: list[str] = field(default_factory=list)
    settled_on: date | None = None
    state: CheckinState = CheckinState.INVITED

    def facets(self, account: str, helpers: frozenset[str]) -> Facets:
        """The person always; the helpers once a need was told."""
        told = self.state in TOLD and bool(self.needs)
        return Facets(account=account, assigned=helpers if told else frozenset())

    def ask(self, needs: list[str], rules: CheckinRules, *, by: Actor) -> None:
        """Tell needs by code. Raises ``Malformed`` ``unknown-need``."""
        self._advance("ask", by)
        self.needs = known(needs, rules)

    def say_well(self, on: date, *, by: Actor) -> None:
        """Nothing is needed."""
        self._advance("say-well", by)
        self.settled_on = on

    def decline(self, *, by: Actor) -> None:
        """The person does not want to; it has no consequence and nobody hears of it."""
        self._advance("decline", by)

    def withdraw(self, *, by: Actor) -> None:
        """What was told is taken back, needs included."""
        self._advance("withdraw", by)
        self.needs = []

    def take_up(self, *, by: Actor) -> None:
        """Mentor or welfare contact see to it."""
        self._advance("take-up", by)

    def settle(self, on: date, *, by: Actor) -> None:
        """It is seen to."""
        self._advance("settle", by)
        self.settled_on = on

    def lapse(self, *, by: Actor) -> None:
        """The term is over; the invitation stands no longer."""
        self._advance("lapse", by)


def known(needs: list[str], rules: CheckinRules) -> list[str]:
    """The needs, once each, in the order of the policy's list. Raises ``Malformed`` ``unknown-need``."""
    unknown = sorted(set(needs) - set(rules.needs))
    if unknown:
        raise Malformed("unknown-need", f"Use of: {', '.join(rules.needs)}.", rule="D-04", codes=unknown)
    return [need for need in rules.needs if need in needs]


@dataclass(kw_only=True)
class WelfareContact:
    """Who besides the mentor may be turned to at a host; one at a time."""

    id: UUID
    version: int = 0
    host: str
    account: str
    named_on: date
