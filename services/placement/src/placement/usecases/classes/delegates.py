"""Delegates by their number."""

from __future__ import annotations

from collections.abc import Mapping

from placement.domain.classes.seats import ClassSeat, ClassSeatState
from placement.domain.classes.short_class import ShortClass
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import NotFound


async def delegates_of(work: PlacementWork, course: ShortClass) -> dict[int, ClassSeat]:
    """The seated delegates by their number, locked."""
    seats = await work.class_seats.list(class_id=course.id, state=ClassSeatState.SEATED)
    return {seat.number: seat for seat in seats}


def delegate_of(seats: Mapping[int, ClassSeat], number: int) -> ClassSeat:
    """The delegate of a number. Raises ``NotFound`` ``unknown-delegate``."""
    if number not in seats:
        raise NotFound("unknown-delegate", "The class has no delegate of this number.", number=number)
    return seats[number]
