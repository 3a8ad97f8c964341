"""A budget's way through its chain of approval."""

from __future__ import annotations

from uuid import UUID

from funding.domain.approvals.approval import ApprovalState
from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.budgets.budget import BUDGET, Budget
from funding.domain.freezing.freeze import FreezeKind
from funding.usecases.approvals.ask import Request, ask_approvals, withdraw_approvals
from funding.usecases.approvals.sign import sign_approvals
from funding.usecases.freezing.require_free import require_free
from funding.usecases.ports import FundingWork


async def submit_budget(work: FundingWork, budget_id: UUID) -> Budget:
    """Send a budget to the authorities that its rolling sum asks for; others of its session may need more too (F-03).

    Raises:
        NotFound, StaleVersion, Conflict (``wrong-state``, ``fund-frozen``, ``outside-fund-period``).
    """
    others = await work.budgets.list(session=await work.budget_session(budget_id))
    budget = await work.budgets.get(budget_id, target=True)
    fund = await work.funds.get(budget.fund)
    fund.require_open(work.today)
    await require_free(work, (FreezeKind.BUDGET, str(budget.id)))
    budget.submit(by=work.actor, today=work.today)
    request = Request(
        kind=ApprovalKind.BUDGET,
        subject=budget.id,
        fund=budget.fund,
        programme=budget.programme,
        policy_version=budget.policy_version,
        payee=budget.session,
        parts={line.category: line.amount for line in budget.lines},
        handlers=budget.handlers,
    )
    [asked] = await ask_approvals(work, [request])
    pending = await work.approvals.list(
        kind=ApprovalKind.BUDGET, subject=[each.id for each in others], state=ApprovalState.PENDING
    )
    chains = {each.subject: each for each in pending} | {budget.id: asked}
    for each in others:
        if each.id in chains:
            each.follow(chains[each.id])
    return budget


async def approve_budget(work: FundingWork, budget_id: UUID) -> Budget:
    """Sign the next step; the last one moves the money from the grants to the approved categories (F-01, F-03).

    Raises:
        NotFound, StaleVersion, Forbidden (``same-person``, ``not-your-step``), Conflict (``wrong-state``,
        ``fund-frozen``), RuleViolated (``overdrawn`` when the sources have not given that much).
    """
    budget = await work.budgets.get(budget_id, target=True)
    (await work.funds.get(budget.fund)).require_active()
    await require_free(work, (FreezeKind.BUDGET, str(budget.id)))
    BUDGET.next("approve", budget.state, work.actor)
    [approval] = await sign_approvals(work, ApprovalKind.BUDGET, [budget.id])
    approved = budget.approve(approval, by=work.actor)
    if approved is not None:
        await work.books.post([budget.approval_entry(id=work.new_id(), on=work.today, by=work.actor)])
        work.announce(approved)
    return budget


async def return_budget(work: FundingWork, budget_id: UUID, *, reason: str) -> Budget:
    """Give a budget back to its preparer. Raises ``NotFound``, ``StaleVersion``, ``Conflict``: ``wrong-state``."""
    budget = await work.budgets.get(budget_id, target=True)
    budget.give_back(reason, by=work.actor)
    await withdraw_approvals(work, ApprovalKind.BUDGET, [budget.id])
    return budget
