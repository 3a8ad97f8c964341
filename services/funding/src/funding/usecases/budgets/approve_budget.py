"""A budget's way through its chain of approval."""

from __future__ import annotations

from uuid import UUID

from funding.domain.budgets.budget import Budget
from funding.usecases.ports import FundingWork


async def submit_budget(work: FundingWork, budget_id: UUID) -> Budget:
    """Send a budget to the authorities that its rolling sum asks for (F-03).

    Raises:
        NotFound, StaleVersion, Conflict (``wrong-state``, ``fund-frozen``).
    """
    budget = await work.budgets.get(budget_id, target=True)
    others = await work.budgets.list(fund=budget.fund, session=budget.session)
    policy = await work.policy(budget.programme, budget.policy_version)
    (await work.funds.get(budget.fund)).require_active()
    budget.submit(policy, others, by=work.actor, today=work.today)
    return budget


async def approve_budget(work: FundingWork, budget_id: UUID) -> Budget:
    """Sign the next step; the last one moves the money from the grants to the approved categories (F-01, F-03).

    Raises:
        NotFound, StaleVersion, Forbidden (``same-person``, ``not-your-step``), Conflict (``wrong-state``,
        ``fund-frozen``), RuleViolated (``overdrawn`` when the sources have not given that much).
    """
    budget = await work.budgets.get(budget_id, target=True)
    (await work.funds.get(budget.fund)).require_active()
    approved = budget.approve(by=work.actor, at=work.now)
    if approved is not None:
        await work.books.post([budget.approval_entry(id=work.new_id(), on=work.today, by=work.actor)])
        work.announce(approved)
    return budget


async def return_budget(work: FundingWork, budget_id: UUID, *, reason: str) -> Budget:
    """Give a budget back to its preparer. Raises ``NotFound``, ``StaleVersion``, ``Conflict``: ``wrong-state``."""
    budget = await work.budgets.get(budget_id, target=True)
    budget.give_back(reason, by=work.actor)
    return budget
