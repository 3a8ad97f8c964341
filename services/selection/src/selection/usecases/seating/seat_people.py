"""Seats of people: held from submission where the policy says so, used by a fixed roster, vacated by who leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.balancing.tree import QuotaTree
from selection.domain.policy.places import Places, SeatRule
from selection.domain.programmes.programme import Session
from selection.domain.quota.counting import SeatMove, codes_of, home_code
from selection.domain.quota.seat import Seat, SeatState
from selection.domain.roster.roster import Entry
from selection.usecases.ports import SelectionWork
from shared.kernel.actor import system

_BY = system("selection")


async def seat_on_submission(work: SelectionWork, application: Application, places: Places) -> None:
    """Take a seat at once where a registration counts as one (short classes), at the node of the statement.

    Raises:
        Conflict: ``quota-full`` naming the full nodes (S-06).
    """
    if places.seats is not SeatRule.ON_SUBMISSION:
        return
    session = await work.readings.session(application.session_id)
    node = home_code(session.tree, application.traits)
    moves = [SeatMove(node, reserved=1)]
    until = None if places.hold_days is None else work.now + timedelta(days=places.hold_days)
    seat = await work.seats.find(participation=application.id, state=SeatState.RESERVED)
    if seat is None:
        seat = _seat(work, session, application.id, node, application.traits, "submitted")
        work.seats.add(seat)
    else:
        moves.append(SeatMove(seat.node, reserved=-1))
    seat.rehome(node, dict(application.traits), until)
    await work.quotas.move(session, moves)


async def hold_for(work: SelectionWork, session: Session, entry: Entry, reason: str) -> SeatMove:
    """A reservation for a member of the reserve who is asked; the caller moves the counters."""
    node = home_code(session.tree, entry.traits)
    work.seats.add(_seat(work, session, entry.application, node, entry.traits, reason))
    return SeatMove(node, reserved=1)


async def let_go(work: SelectionWork, participations: Sequence[UUID]) -> list[SeatMove]:
    """Release what is reserved for people who are no longer in question; the caller moves the counters."""
    moves = []
    if participations:
        for seat in await work.seats.list(participation=list(participations), state=SeatState.RESERVED):
            seat.release(_BY)
            moves.append(SeatMove(seat.node, reserved=-1))
    return moves


async def release_held(work: SelectionWork, application: Application) -> None:
    """Give back the seat reserved for a person who leaves or is rejected, if there is one."""
    moves = await let_go(work, [application.id])
    if moves:
        await work.quotas.move(await work.readings.session(application.session_id), moves)


async def seat_roster(work: SelectionWork, session: Session, selected: Sequence[Entry], others: Iterable[UUID]) -> None:
    """Use a place for everybody selected and give back what the others held; one statement moves all counters.

    A reservation for the person is used first, then one for the person's unit on the same path.

    Raises:
        Conflict: ``quota-full`` naming the full nodes, where reservations stand in the way (S-06).
    """
    held = await work.seats.list(session_id=session.id, state=SeatState.RESERVED)
    moves: list[SeatMove] = []
    for entry in selected:
        moves += _used(work, session, entry, held)
    left_out = set(others)
    for seat in held:
        if seat.state is SeatState.RESERVED and seat.participation in left_out:
            seat.release(_BY)
            moves.append(SeatMove(seat.node, reserved=-1))
    await work.quotas.move(session, moves)


async def vacated(work: SelectionWork, participation: UUID) -> list[SeatMove]:
    """Vacate the place of one who left; the caller moves the counters."""
    seat = await work.seats.find(participation=participation, state=SeatState.USED)
    if seat is None:
        return []
    seat.vacate(_BY)
    return [SeatMove(seat.node, used=-1)]


async def promoted(work: SelectionWork, session: Session, entry: Entry) -> list[SeatMove]:
    """Use a place for one of the reserve; the caller moves the counters."""
    held = await work.seats.list(participation=entry.application, state=SeatState.RESERVED)
    return _used(work, session, entry, held)


def _used(work: SelectionWork, session: Session, entry: Entry, held: Sequence[Seat]) -> list[SeatMove]:
    tree: QuotaTree = session.tree
    node = home_code(tree, entry.traits)
    own = next((each for each in held if each.participation == entry.application), None)
    seat = own or _for_unit(held, set(codes_of(tree, node)), entry.unit)
    moves = [SeatMove(node, used=1)]
    if seat is None:
        seat = _seat(work, session, entry.application, node, entry.traits, "fixed")
        work.seats.add(seat)
    else:
        moves.append(SeatMove(seat.node, reserved=-1))
    seat.use(entry.application, node, entry.traits, _BY)
    return moves


def _for_unit(held: Sequence[Seat], path: set[str], unit: str) -> Seat | None:
    """The reservation for this unit on the path that was made first."""
    return next(
        (
            seat
            for seat in sorted(held, key=lambda each: each.id)
            if seat.state is SeatState.RESERVED and seat.participation is None
            and seat.unit == unit and seat.node in path
        ),
        None,
    )  # fmt: skip


def _seat(
    work: SelectionWork, session: Session, participation: UUID, node: str, traits: dict[str, str], reason: str
) -> Seat:
    return Seat(
        id=work.new_id(), session_id=session.id, node=node, traits=dict(traits), participation=participation, unit=None,
        expires_at=None, reason=reason, made_by=work.actor.subject,
    )  # fmt: skip
