"""Units of a class, seats by unit category, delegates on them (K-01, S-14)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict


class ClassSeatState(StrEnum):
    """Waiting for a seat, on one, or off it."""

    WAITING = "waiting"
    SEATED = "seated"
    RELEASED = "released"


S = ClassSeatState
LIVE = (S.WAITING, S.SEATED)
_ITSELF = frozenset({Role.SYSTEM})

CLASS_SEAT = Lifecycle(
    "class seat",
    initial=S.WAITING,
    transitions=[
        Transition("seat", S.WAITING, S.SEATED, _ITSELF),
        *arrows(
            "release",
            LIVE,
            S.RELEASED,
            frozenset({Role.UNIT_OFFICER, Role.MINISTRY_OFFICER, Role.REGIONAL_OFFICER, Role.SYSTEM}),
        ),
    ],
)


@dataclass(kw_only=True)
class ClassUnit(Aggregate):
    """A unit that is asked to send delegates. ``registered`` counts those seated and waiting; ``most`` is the limit."""

    class_id: UUID
    unit: str
    category: str
    province: str
    most: int
    registered: int = 0

    def take(self) -> None:
        """One delegate more. Raises ``Conflict`` ``unit-seats-taken``."""
        if self.registered >= self.most:
            raise Conflict(
                "unit-seats-taken", f"This unit has {self.most} delegates, which is the limit.", rule="S-14",
                most=self.most,
            )  # fmt: skip
        self.registered += 1

    def give_back(self) -> None:
        """One delegate less."""
        self.registered -= 1


@dataclass(kw_only=True)
class ClassQuota(Aggregate):
    """The seats of one unit category; ``units`` is how many units the programme asks (K-01)."""

    class_id: UUID
    category: str
    units: int
    seats: int
    taken: int = 0

    @property
    def free(self) -> int:
        """Seats nobody has."""
        return self.seats - self.taken

    def change(self, seats: int) -> None:
        """Have more or fewer seats, never fewer than are taken. Raises ``Conflict`` ``seats-below-taken``."""
        if seats < self.taken:
            raise Conflict(
                "seats-below-taken", f"{self.taken} seats of this category are taken.", rule="K-01", taken=self.taken
            )
        self.seats = seats


@dataclass(kw_only=True)
class ClassSeat(Aggregate):
    """A delegate of a unit. ``number`` is the delegate's in the class, in order of registration.

    ``participation`` is that of selection for those who came through it. ``evaluated`` says that the delegate has
    answered the form, never what (K-09).
    """

    lifecycle: ClassVar[Lifecycle[ClassSeatState]] = CLASS_SEAT

    class_id: UUID
    number: int
    category: str
    unit: str
    province: str
    account: str
    participation: UUID | None = None
    breakout: int | None = None
    evaluated: bool = False
    seated_on: date | None = None
    state: ClassSeatState = ClassSeatState.WAITING

    @property
    def facets(self) -> Facets:
        """What relations to the seat are decided by."""
        return Facets(account=self.account, unit=self.unit)

    def seat(self, quota: ClassQuota, *, on: date, by: Actor) -> None:
        """Take a free seat of the category."""
        self._advance("seat", by)
        quota.taken += 1
        self.seated_on = on

    def release(self, quota: ClassQuota, unit: ClassUnit, *, by: Actor) -> None:
        """Give the seat, or the place in the queue, back."""
        held = self.state is ClassSeatState.SEATED
        self._advance("release", by)
        quota.taken -= held
        self.breakout = None
        unit.give_back()

    def evaluate(self) -> None:
        """The delegate has answered the form. Raises ``Conflict`` ``evaluated-already``."""
        if self.evaluated:
            raise Conflict("evaluated-already", "Your answers have been counted already.", rule="K-09")
        self.evaluated = True


def next_in_line(waiting: Iterable[ClassSeat], quota: ClassQuota) -> list[ClassSeat]:
    """Who takes the free seats of a category: those who registered first."""
    mine = sorted((seat for seat in waiting if seat.state is ClassSeatState.WAITING), key=lambda seat: seat.number)
    return [seat for seat in mine if seat.category == quota.category][: max(quota.free, 0)]
