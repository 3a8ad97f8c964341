"""Legal holds: while one stands nothing of the person is deleted, on request or by schedule."""

from __future__ import annotations

from uuid import UUID

from selection.domain.people.rights import LegalHold
from selection.usecases.ports import SelectionWork
from shared.kernel.refusals import NotFound


async def place_hold(work: SelectionWork, participation: UUID, reason: str, document: str) -> LegalHold:
    """Order that everything of a participation's person is kept. Raises ``NotFound`` ``not-found``."""
    person = (await work.readings.persons([participation])).get(participation)
    if person is None or person.erased_at is not None:
        raise NotFound("not-found", "There is no such thing, or you may not see it.")
    hold = LegalHold(
        id=work.new_id(), person_id=person.id, participation=participation, reason=reason, document=document,
        placed_by=work.actor.subject, placed_at=work.now,
    )  # fmt: skip
    work.holds.add(hold)
    return hold


async def release_hold(work: SelectionWork, hold_id: UUID) -> LegalHold:
    """Let go; a second time changes nothing. Raises ``NotFound`` ``not-found``."""
    hold = await work.holds.get(hold_id, target=True)
    hold.release(work.actor, work.now)
    return hold
