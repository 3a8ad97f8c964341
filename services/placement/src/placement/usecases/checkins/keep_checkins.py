"""Moved by the due clock: invite at the policy's intervals, end invitations with the term, forget after a year."""

from __future__ import annotations

from placement.domain.checkins.checkin import Checkin, CheckinState
from placement.domain.reports import add_months
from placement.usecases.checkins.ports import CheckinWork
from shared.kernel.actor import system

_SERVICE = system("placement")
KEPT_MONTHS = 12
"""How long check-ins are kept after the end of the placement (domain.md 7.3 no. 6)."""


async def invite(work: CheckinWork, limit: int = 500) -> int:
    """Invite everybody whose next check-in is due; end invitations of those who are gone. Gives how many it dealt with."""
    done = 0
    for programme, version in await work.policies_at_work():
        months = (await work.rules(programme, version)).year.checkins.every_months
        if months is None:
            continue
        for participation, number in await work.invitations_due((programme, version), months, work.today, limit):
            work.checkins.add(
                Checkin(id=work.new_id(), participation=participation, number=number, opened_on=work.today)
            )
            done += 1
    gone = await work.checkins.list(id=await work.invitations_over(limit), state=CheckinState.INVITED)
    for checkin in gone:
        checkin.lapse(by=_SERVICE)
    return done + len(gone)


async def forget(work: CheckinWork) -> int:
    """Delete the check-ins of placements that ended more than twelve months ago. Gives how many."""
    return await work.forget_checkins(add_months(work.today, -KEPT_MONTHS))
