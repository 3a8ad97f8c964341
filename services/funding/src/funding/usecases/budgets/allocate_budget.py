"""Hand approved money to its session, and take back what it did not use."""

from __future__ import annotations

from uuid import UUID

from funding.domain.budgets.allocation import Allocation, AllocationState
from funding.domain.budgets.budget import Budget, BudgetState
from funding.domain.freezing.freeze import FreezeKind
from funding.domain.participation import ParticipationState
from funding.usecases.freezing.require_free import require_free
from funding.usecases.participations.keep_position import keep_positions
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Conflict, RuleViolated


async def allocate_budget(work: FundingWork, budget_id: UUID) -> Budget:
    """Allocate a budget to its session and pay at once for whoever waited for it (F-02).

    Raises:
        NotFound, StaleVersion, Conflict (``wrong-state``, ``fund-frozen``), RuleViolated (``other-fund``).
    """
    budget = await work.budgets.get(budget_id, target=True)
    allocation = await work.allocations.find(session=budget.session)
    waiting = await work.participations.get_many(await work.waiting(budget.session))
    fund = await work.funds.get(budget.fund)
    fund.require_open(work.today)
    frozen = [(FreezeKind.BUDGET, str(budget.id))]
    await require_free(work, *frozen, *([(FreezeKind.ALLOCATION, str(allocation.id))] if allocation else []))
    budget.allocate(by=work.actor)
    if allocation is None:
        allocation = Allocation(
            id=work.new_id(),
            fund=budget.fund,
            session=budget.session,
            programme=budget.programme,
            batch=budget.batch,
            policy_version=budget.policy_version,
            amount=0,
        )
        work.allocations.add(allocation)
    if (allocation.fund, allocation.policy_version) != (budget.fund, budget.policy_version):
        raise RuleViolated("other-fund", "The session is paid from another fund or under another policy.", rule="F-05")
    if allocation.state is AllocationState.CLOSED:
        raise Conflict("allocation-closed", "The session's money was closed.")
    allocation.take({part.source: part.amount for part in budget.contributions})
    entry = budget.allocation_entry(id=work.new_id(), on=work.today, by=work.actor)
    await work.books.post([entry])
    work.announce(budget.allocated())
    await keep_positions(work, waiting, cause=str(entry.id), allocation=allocation)
    return budget


async def close_budget(work: FundingWork, budget_id: UUID) -> Budget:
    """Close a budget; with the last one of its session, free money goes back to the sources it came from (F-05).

    Raises:
        NotFound, StaleVersion, Conflict (``wrong-state``, ``fund-frozen``, ``still-open`` while anybody's money is).
    """
    others = await work.budgets.list(session=await work.budget_session(budget_id))
    budget = await work.budgets.get(budget_id, target=True)
    allocation = await work.allocations.find(session=budget.session)
    open_states = set(ParticipationState) - {ParticipationState.RELEASED, ParticipationState.SETTLED}
    still_open = await work.participations.count(session=budget.session, state=open_states)
    fund = await work.funds.get(budget.fund)
    fund.require_active()
    await require_free(work, (FreezeKind.BUDGET, str(budget.id)))
    budget.close(by=work.actor)
    if still_open or allocation is None:
        raise Conflict("still-open", "Somebody's money is neither settled nor released.", participations=still_open)
    if any(other.state is BudgetState.ALLOCATED for other in others):
        return budget
    await require_free(work, (FreezeKind.ALLOCATION, str(allocation.id)))
    allocation.close(work.actor)
    accounts = {category: allocation.available(category) for category in fund.purposes}
    balances = await work.books.balances(accounts.values())
    unused = {category: balances[account] for category, account in accounts.items()}
    entry = allocation.closing_entry(unused, id=work.new_id(), on=work.today, by=work.actor)
    if entry is not None:
        await work.books.post([entry])
    return budget
