"""Close an accounting month."""

from __future__ import annotations

from funding.domain.ledger.period import Period
from funding.usecases.ports import FundingWork


async def close_period(work: FundingWork, key: str) -> Period:
    """Close a month that is over; from then on it takes no posting.

    Raises:
        RuleViolated: ``period-running``.
        Conflict: ``wrong-state`` when it is closed already.
    """
    period = await work.periods.find(key=key)
    if period is None:
        period = Period(id=work.new_id(), key=key)
        work.periods.add(period)
    period.close(work.actor, work.today)
    return period
