"""Freeze and thaw a fund."""

from __future__ import annotations

from uuid import UUID

from funding.domain.budgets.fund import Fund
from funding.usecases.ports import FundingWork


async def freeze_fund(work: FundingWork, fund_id: UUID, *, reason: str) -> Fund:
    """Stop every decision on the fund's money (F-07). Raises ``NotFound``, ``Conflict``: ``wrong-state``."""
    fund = await work.funds.get(fund_id, target=True)
    work.announce(fund.freeze(work.actor))
    work.note("fund.frozen", "fund", str(fund.id), reason=reason)
    return fund


async def thaw_fund(work: FundingWork, fund_id: UUID, *, reason: str) -> Fund:
    """Let decisions go on. Raises ``NotFound``, ``Conflict``: ``wrong-state``."""
    fund = await work.funds.get(fund_id, target=True)
    work.announce(fund.thaw(work.actor))
    work.note("fund.thawed", "fund", str(fund.id), reason=reason)
    return fund
