"""Units register delegates, selection's participants take their seats, seats are given back (K-01, S-14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from placement.domain.classes.seats import LIVE, ClassQuota, ClassSeat, ClassSeatState, ClassUnit, next_in_line
from placement.domain.classes.short_class import OPEN, ShortClass
from placement.domain.placements.placement import Placement
from placement.domain.placements.segments import Segment
from placement.domain.placements.states import PlacementState
from placement.usecases.batches import Batch, by
from placement.usecases.classes.announce_class import the_class
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets, system
from shared.kernel.refusals import Conflict, NotFound, RuleViolated

_SERVICE = system("placement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegate:
    """A person a unit sends. ``wait`` says whether a place in the queue will do when no seat is left."""

    unit: str
    account: str
    wait: bool = True
    participation: UUID | None = None


async def register_delegates(work: PlacementWork, id: UUID, delegates: Sequence[Delegate]) -> list[ClassSeat]:
    """Register delegates of units; who finds no seat in the category waits, in the order of registration.

    Raises:
        Conflict: ``class-not-open``, ``registered-already``, ``unit-seats-taken``, ``no-seat-left`` for those who do not wait.
        RuleViolated: ``registration-over``, ``unit-not-on-roll``.
        NotFound: a unit that is not the caller's.
    """
    course = await work.classes.get(id, target=True)
    return await _seat(work, course, delegates, foreign=True)


async def enrol_participants(work: PlacementWork, id: UUID, participations: Sequence[UUID] | None) -> list[ClassSeat]:
    """Give those whom selection chose for the session of the class their seats; None means all who have none yet.

    A person with a seat is placed with the host of the class. Raises as ``register_delegates`` does, and
    ``RuleViolated`` ``other-session``, ``Conflict`` ``wrong-state`` for a case that is not awaiting a place.
    """
    course = await the_class(work, id)
    if participations is None:
        cases = await work.placements.list(
            programme=course.programme, session=course.session, state=PlacementState.AWAITING_MATCH
        )
    else:
        found = await Batch().load(work.placements, participations, "participation")
        cases = [found[each] for each in participations]
    seated = {seat.participation for seat in await work.class_seats.list(class_id=id, state=LIVE)}
    if participations is None:
        cases = [case for case in cases if case.id not in seated]
    batch = Batch()
    for number, case in enumerate(cases):
        with batch.at(number, "participation"):
            if (case.programme, case.session) != (course.programme, course.session):
                raise RuleViolated("other-session", "This person was selected for something else.", rule="K-01")
            if case.state is not PlacementState.AWAITING_MATCH:
                raise Conflict("wrong-state", "This person is not awaiting a place.", state=case.state)
    batch.settle()
    delegates = [Delegate(unit=case.sending_unit, account=case.account, participation=case.id) for case in cases]
    return await _seat(work, course, delegates, foreign=False)


async def _seat(
    work: PlacementWork, course: ShortClass, delegates: Sequence[Delegate], *, foreign: bool
) -> list[ClassSeat]:
    wanted = {delegate.unit for delegate in delegates}
    units = {unit.unit: unit for unit in await work.class_units.list(class_id=course.id, unit=wanted)}
    quotas = {quota.category: quota for quota in await work.class_quotas.list(class_id=course.id)}
    accounts = [delegate.account for delegate in delegates]
    there = {seat.account for seat in await work.class_seats.list(class_id=course.id, account=accounts, state=LIVE)}
    first = await work.class_seats.count(class_id=course.id) + 1
    counted, batch, seats = Counter(accounts), Batch(), list[ClassSeat]()
    free = {category: quota.free for category, quota in quotas.items()}
    if foreign:
        for number, delegate in enumerate(delegates):
            with batch.at(number, "unit"):
                work.authorise(Facets(unit=delegate.unit))
        batch.settle()
    course.must_register(work.today)
    for number, delegate in enumerate(delegates):
        with batch.at(number):
            unit = units.get(delegate.unit)
            if unit is None:
                raise RuleViolated("unit-not-on-roll", "This unit is not on the roll of the class.", rule="S-14")
            if delegate.account in there or counted[delegate.account] > 1:
                raise Conflict("registered-already", "This delegate is registered already.", rule="S-14")
            if free[unit.category] <= 0 and not delegate.wait:
                raise Conflict("no-seat-left", "All seats of this category are taken.", rule="S-14")
            free[unit.category] -= 1
            unit.take()
            seats.append(
                ClassSeat(
                    id=work.new_id(), class_id=course.id, number=first + len(seats), category=unit.category,
                    unit=unit.unit, province=unit.province, account=delegate.account,
                    participation=delegate.participation,
                )
            )  # fmt: skip
    batch.settle()
    for seat in seats:
        work.class_seats.add(seat)
    for category in sorted({seat.category for seat in seats}):
        await fill(work, course, quotas[category])
    return seats


async def release_seat(work: PlacementWork, class_id: UUID, seat_id: UUID) -> ClassSeat:
    """Give a seat back; the first who waits for one of the category takes it.

    Raises:
        Conflict: ``wrong-state``, ``class-not-open``, ``seat-of-application`` (withdraw the application instead).
    """
    course = await work.classes.get(class_id)
    seat = await work.class_seats.get(seat_id, target=True)
    if seat.class_id != class_id:
        raise NotFound("not-found", "There is no such thing, or you may not see it.")
    work.authorise(seat.facets)
    course.must_be(*OPEN)
    if seat.participation is not None:
        raise Conflict("seat-of-application", "This seat came with an application; withdraw that.", rule="S-14")
    await _give_back(work, course, seat)
    return seat


async def leave_class(work: PlacementWork, participation: UUID) -> None:
    """Moved by ``application.withdrawn`` and ``deselected``: the seat of the person becomes free."""
    for seat in await work.class_seats.list(participation=participation, state=LIVE):
        course = await work.classes.get(seat.class_id)
        if course.state in OPEN:
            await _give_back(work, course, seat)


async def _give_back(work: PlacementWork, course: ShortClass, seat: ClassSeat) -> None:
    quota = await work.class_quotas.find(class_id=course.id, category=seat.category)
    unit = await work.class_units.find(class_id=course.id, unit=seat.unit)
    assert isinstance(quota, ClassQuota)
    assert isinstance(unit, ClassUnit)
    seat.release(quota, unit, by=work.actor)
    await fill(work, course, quota)


async def fill(work: PlacementWork, course: ShortClass, quota: ClassQuota) -> None:
    """Seat who waits as long as the category has free seats; participations are placed with the host of the class."""
    if quota.free <= 0:
        return
    waiting = await work.class_seats.list(class_id=course.id, category=quota.category, state=ClassSeatState.WAITING)
    taking = next_in_line(waiting, quota)
    for seat in taking:
        seat.seat(quota, on=work.today, by=_SERVICE)
    ids = [seat.participation for seat in taking if seat.participation is not None]
    for case in by(await work.placements.list(id=ids), "id").values() if ids else ():
        _place(work, case, course)


def _place(work: PlacementWork, case: Placement, course: ShortClass) -> None:
    fact = case.enrol(host=course.host, province=course.host_province, by=_SERVICE)
    work.segments.add(
        Segment(
            id=work.new_id(), placement=case.id, account=case.account, host=course.host,
            starts_on=case.planned_start, ends_on=case.planned_end,
        )
    )  # fmt: skip
    work.announce(fact)
