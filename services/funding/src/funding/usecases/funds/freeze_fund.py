"""Freeze and thaw a fund."""

from __future__ import annotations

from uuid import UUID

from funding.domain.budgets.fund import FUND, Fund
from funding.domain.freezing.freeze import FreezeKind, Thing
from funding.usecases.freezing.freeze import freeze_thing, thaw_thing
from funding.usecases.ports import FundingWork


async def freeze_fund(work: FundingWork, fund_id: UUID, *, reason: str) -> Fund:
    """Stop every decision on the fund's money (F-07). Raises ``NotFound``, ``Conflict``: ``wrong-state``."""
    fund = await work.funds.get(fund_id, target=True)
    await freeze_thing(work, Thing(FreezeKind.FUND, str(fund.id)), reason=reason)
    return fund


async def thaw_fund(work: FundingWork, fund_id: UUID, *, reason: str) -> Fund:
    """Let decisions go on. Raises ``NotFound``, ``Conflict``: ``wrong-state``."""
    fund = await work.funds.get(fund_id, target=True)
    FUND.next("thaw", fund.state, work.actor)
    await thaw_thing(work, Thing(FreezeKind.FUND, str(fund.id)), reason=reason)
    return fund
