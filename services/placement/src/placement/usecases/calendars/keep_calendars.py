"""Open, renew and revoke the address of one's own calendar; the secret itself never comes here, only its hash."""

from __future__ import annotations

from uuid import UUID

from placement.domain.calendars import Calendar, CalendarState, a_calendar
from placement.usecases.ports import PlacementWork
from shared.kernel.actor import Facets
from shared.kernel.refusals import Conflict


async def open_calendar(work: PlacementWork, token_sha256: str) -> Calendar:
    """An address for the caller. Raises ``Conflict``: ``calendar-exists``."""
    work.authorise(Facets(account=work.actor.subject))
    known = await work.calendars.find(account=work.actor.subject, state=CalendarState.ACTIVE)
    if known is not None:
        raise Conflict("calendar-exists", "You have an address already; rotate it.", calendar=str(known.id))
    calendar = a_calendar(work.new_id(), token_sha256, work.today, by=work.actor)
    work.calendars.add(calendar)
    return calendar


async def rotate_calendar(work: PlacementWork, id: UUID, token_sha256: str) -> Calendar:
    """Another secret for the caller's address."""
    calendar = await _mine(work, id)
    calendar.rotate(token_sha256, work.today, by=work.actor)
    return calendar


async def revoke_calendar(work: PlacementWork, id: UUID) -> Calendar:
    """The caller's address shows nothing any more."""
    calendar = await _mine(work, id)
    calendar.revoke(by=work.actor)
    return calendar


async def _mine(work: PlacementWork, id: UUID) -> Calendar:
    calendar = await work.calendars.get(id, target=True)
    work.authorise(Facets(account=calendar.account))
    return calendar
