"""A vacated place and what becomes of it: offered to the reserve in order, filled, left vacant; a process with memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict

_PLACE = ZoneInfo("Asia/Shanghai")


class VacancyState(StrEnum):
    """``open`` lasts no longer than a transaction; ``vacant`` waits for a person of the selecting authority."""

    OPEN = "open"
    OFFERED = "offered"
    FILLED = "filled"
    VACANT = "vacant"
    LAPSED = "lapsed"


_S = VacancyState
_SYSTEM = frozenset({Role.SYSTEM})
_ASKED = frozenset({Role.APPLICANT})
PENDING = (_S.OFFERED, _S.VACANT)
"""States in which something is still to come."""

VACANCY = Lifecycle(
    "vacancy",
    initial=_S.OPEN,
    transitions=[
        Transition("fill", _S.OPEN, _S.FILLED, _SYSTEM),
        Transition("offer", _S.OPEN, _S.OFFERED, _SYSTEM),
        Transition("accept", _S.OFFERED, _S.FILLED, _ASKED),
        Transition("decline", _S.OFFERED, _S.OPEN, _ASKED),
        Transition("retract", _S.OFFERED, _S.OPEN, _SYSTEM),
        Transition("expire", _S.OFFERED, _S.OPEN, _SYSTEM),
        Transition("exhaust", _S.OPEN, _S.VACANT, _SYSTEM),
        Transition("reopen", _S.VACANT, _S.OPEN, frozenset({Role.REGIONAL_OFFICER})),
        *arrows("lapse", (_S.OPEN, _S.OFFERED, _S.VACANT), _S.LAPSED, _SYSTEM),
    ],
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One member of the reserve who was asked; ``answer`` is accepted, declined, expired, retracted or lapsed."""

    participation: UUID
    offered_at: datetime
    answer_by: datetime
    answer: str | None = None
    answered_at: datetime | None = None


@dataclass(kw_only=True)
class Vacancy(Aggregate):
    """A place that somebody left; unique per leaver and per promoted person, so that it is filled at most once.

    Attributes:
        participation: who left.
        stage: how far they had come.
        promoted: who took the place, or None.
        offered_to: who is asked at the moment, until ``answer_by``.
        offers: everybody who was asked, in order.
    """

    lifecycle: ClassVar[Lifecycle[VacancyState]] = VACANCY

    state: VacancyState = field(default=VacancyState.OPEN)
    session_id: UUID
    roster_id: UUID
    participation: UUID
    cause: str
    stage: str | None = None
    promoted: UUID | None = None
    roster_version: int
    vacated_at: datetime
    offered_to: UUID | None = None
    answer_by: datetime | None = None
    offers: list[Offer] = field(default_factory=list)

    @property
    def asked(self) -> frozenset[UUID]:
        """Everybody who was asked for this place already."""
        return frozenset(offer.participation for offer in self.offers)

    def fill(self, promoted: UUID, by: Actor) -> None:
        """Be taken without asking."""
        self._advance("fill", by)
        self.promoted = promoted

    def offer(self, participation: UUID, at: datetime, until: datetime, by: Actor) -> None:
        """Ask one of the reserve."""
        self._advance("offer", by)
        self.offered_to, self.answer_by = participation, until
        self.offers = [*self.offers, Offer(participation, at, until)]

    def accept(self, by: Actor, at: datetime) -> None:
        """Take the place. Raises ``Conflict`` ``offer-overdue`` when the time to answer has passed."""
        self._in_time(at)
        self._advance("accept", by)
        self.promoted = self.offered_to
        self._answer("accepted", at)

    def decline(self, by: Actor, at: datetime) -> None:
        """Leave the place to the next. Raises ``Conflict`` ``offer-overdue``."""
        self._in_time(at)
        self._advance("decline", by)
        self._answer("declined", at)

    def retract(self, by: Actor, at: datetime) -> None:
        """Stop asking one who left the reserve meanwhile."""
        self._advance("retract", by)
        self._answer("retracted", at)

    def expire(self, by: Actor, at: datetime) -> None:
        """Stop asking one who did not answer in time."""
        self._advance("expire", by)
        self._answer("expired", at)

    def exhaust(self, by: Actor) -> None:
        """Find nobody who could take the place; it stays open."""
        self._advance("exhaust", by)

    def reopen(self, by: Actor) -> None:
        """Try again, because a quota or the reserve has changed; whoever was asked before may be asked again."""
        self._advance("reopen", by)
        self.offers = []

    def lapse(self, by: Actor, at: datetime) -> None:
        """End without anybody, because the last day of replacement has passed or the policy fills no such place."""
        self._advance("lapse", by)
        if self.offered_to is not None:
            self._answer("lapsed", at)

    def _in_time(self, at: datetime) -> None:
        if self.state is VacancyState.OFFERED and self.answer_by is not None and at >= self.answer_by:
            raise Conflict(
                "offer-overdue", "The time to answer this offer has passed.", answer_by=self.answer_by.isoformat()
            )

    def _answer(self, answer: str, at: datetime) -> None:
        *earlier, last = self.offers
        self.offers = [*earlier, replace(last, answer=answer, answered_at=at)]
        self.offered_to = self.answer_by = None


def answer_until(now: datetime, days: int, last_day: date) -> datetime:
    """When an offer ends: after so many days, and never after the last day of replacement is over."""
    over = datetime.combine(last_day + timedelta(days=1), time(), _PLACE).astimezone(now.tzinfo)
    return min(now + timedelta(days=days), over)
