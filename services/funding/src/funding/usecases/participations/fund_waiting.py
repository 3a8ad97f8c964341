"""Try again for those whose session had no money when they were selected or placed."""

from __future__ import annotations

from funding.domain.participation import ParticipationState
from funding.usecases.participations.keep_position import keep_positions
from funding.usecases.ports import FundingWork


async def fund_waiting(work: FundingWork) -> int:
    """Reserve or commit for those who wait and can now be paid for; gives how many no longer wait. A duty of the clock."""
    waiting = await work.participations.get_many(await work.waiting(None))
    if waiting:
        await keep_positions(work, waiting, cause=str(work.new_id()))
    return sum(each.state is not ParticipationState.UNFUNDED and not each.lacking for each in waiting)
