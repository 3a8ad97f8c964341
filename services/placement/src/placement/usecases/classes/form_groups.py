"""Breakout groups, dealt out by a seed and moved by hand (K-03)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from placement.domain.classes.breakouts import assign_groups
from placement.domain.classes.seats import ClassSeat
from placement.domain.classes.short_class import OPEN, ShortClass
from placement.usecases.batches import Batch
from placement.usecases.classes.announce_class import class_rules, the_class
from placement.usecases.classes.delegates import delegate_of, delegates_of
from placement.usecases.ports import PlacementWork
from shared.kernel.refusals import Malformed


async def form_groups(work: PlacementWork, id: UUID, seed: str) -> ShortClass:
    """Deal all delegates out into the groups of the policy; the same seed gives the same groups (K-03)."""
    course = await the_class(work, id)
    course.must_be(*OPEN)
    rules = await class_rules(work, course)
    seats = await delegates_of(work, course)
    for number, group in assign_groups(seats.values(), rules.groups, seed).items():
        seats[number].breakout = group
    course.group_seed = seed
    return course


async def move_between_groups(work: PlacementWork, id: UUID, moves: Sequence[tuple[int, int]]) -> list[ClassSeat]:
    """Move delegates by hand. Raises ``NotFound`` ``unknown-delegate``, ``Malformed`` ``unknown-group``."""
    course = await the_class(work, id)
    course.must_be(*OPEN)
    rules = await class_rules(work, course)
    seats, batch = await delegates_of(work, course), Batch()
    for place, (number, group) in enumerate(moves):
        with batch.at(place, "number"):
            seat = delegate_of(seats, number)
        with batch.at(place, "breakout"):
            if group > rules.groups:
                raise Malformed("unknown-group", f"The class has {rules.groups} groups.", rule="K-03")
            if number in seats:
                seat.breakout = group
    batch.settle()
    return [seats[number] for number, _ in moves]
