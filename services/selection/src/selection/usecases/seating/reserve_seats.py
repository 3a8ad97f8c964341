"""Reserve and release single places; the last one goes to exactly one (S-06, W-01)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from selection.domain.quota.counting import SeatMove
from selection.domain.quota.seat import Seat, SeatState
from selection.usecases.ports import SelectionWork
from shared.kernel.actor import system
from shared.kernel.refusals import Finding, Malformed


async def reserve_seat(
    work: SelectionWork, session_id: UUID, node: str, unit: str | None, expires_at: datetime | None, reason: str
) -> Seat:
    """Hold one place at a node for the selecting authority, for a unit or for nobody yet.

    Raises:
        NotFound: ``session-not-found``.
        Malformed: ``bad-seat`` for an unknown node, unit or an end in the past.
        Conflict: ``quota-full`` naming the full nodes (S-06).
    """
    session = await work.readings.session(session_id)
    findings = []
    if node not in {cell.code for cell in session.tree.cells}:
        findings.append(Finding("unknown-code", "The quota tree has no such node.", "/node", "S-06"))
    if unit is not None and unit not in await work.readings.organisations([unit]):
        findings.append(Finding("unknown-unit", "There is no such unit.", "/unit"))
    if expires_at is not None and expires_at <= work.now:
        findings.append(Finding("end-in-past", "The reservation would end before it begins.", "/expires_at"))
    if findings:
        raise Malformed("bad-seat", "The seat cannot be reserved like this.", findings=findings)
    seat = Seat(
        id=work.new_id(), session_id=session_id, node=node, traits={}, participation=None, unit=unit,
        expires_at=expires_at, reason=reason, made_by=work.actor.subject,
    )  # fmt: skip
    work.seats.add(seat)
    await work.quotas.move(session, [SeatMove(node, reserved=1)])
    return seat


async def release_seat(work: SelectionWork, seat_id: UUID) -> Seat:
    """Give a reservation back. Raises ``Conflict`` ``wrong-state`` unless it is reserved."""
    seat = await work.seats.get(seat_id, target=True)
    seat.release(work.actor)
    await work.quotas.move(await work.readings.session(seat.session_id), [SeatMove(seat.node, reserved=-1)])
    return seat


async def expire_seats(work: SelectionWork) -> int:
    """End every reservation whose time has passed.

    Returns:
        how many ended.
    """
    ended: dict[UUID, list[SeatMove]] = {}
    for seat in await work.seats.get_many(await work.readings.seats_due(work.now)):
        if seat.state is SeatState.RESERVED and seat.expires_at is not None and seat.expires_at <= work.now:
            seat.expire(system("selection"))
            ended.setdefault(seat.session_id, []).append(SeatMove(seat.node, reserved=-1))
            work.note("seat.expire", "seat", str(seat.id), node=seat.node)
    for session_id, moves in sorted(ended.items()):
        await work.quotas.move(await work.readings.session(session_id), moves)
    return sum(map(len, ended.values()))
