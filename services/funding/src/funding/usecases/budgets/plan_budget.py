"""Plan a budget."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from funding.domain.budgets.budget import Budget, Contribution, Line
from funding.domain.budgets.fund import Fund
from funding.domain.freezing.freeze import FreezeKind
from funding.domain.ledger.accounts import Account, AccountKind
from funding.usecases.freezing.require_free import require_free
from funding.usecases.policies.apply_policy import use_policy
from funding.usecases.ports import FundingWork
from shared.kernel.money import yuan
from shared.kernel.refusals import Finding, Malformed, RuleViolated


async def plan_budget(
    work: FundingWork,
    *,
    fund_id: UUID,
    session: str,
    batch: str,
    policy: str,
    lines: Sequence[Line],
    contributions: Sequence[Contribution],
) -> Budget:
    """Write down what a session is to cost by category, and who gives it (F-02).

    Without ``contributions`` the policy's rule of the sources divides the sum (P-09).

    Raises:
        NotFound: the fund.
        Conflict: ``fund-frozen``.
        RuleViolated: ``purpose-locked`` (F-05), ``unknown-policy``, ``other-fund``.
        Malformed: ``budget-wrong`` with findings for doubled, unknown or empty members and unequal sums.
    """
    allocation = await work.allocation_of(session)
    fund = await work.funds.get(fund_id)
    fund.require_open(work.today)
    await use_policy(work, fund.programme, policy)
    if allocation is not None and (allocation.fund, allocation.policy_version) != (fund_id, policy):
        raise RuleViolated("other-fund", "The session is paid from another fund or under another policy.", rule="F-05")
    contributions = contributions or await _from_sources(work, fund, policy, lines)
    require_plan(fund, lines, contributions)
    budget = Budget(
        id=work.new_id(),
        fund=fund_id,
        session=session,
        batch=batch,
        programme=fund.programme,
        policy_version=policy,
        lines=list(lines),
        contributions=list(contributions),
        prepared_by=work.actor.subject,
        handlers=[work.actor.subject],
    )
    work.budgets.add(budget)
    return budget


async def amend_budget(
    work: FundingWork, budget_id: UUID, *, lines: Sequence[Line], contributions: Sequence[Contribution]
) -> Budget:
    """Put other lines in place before the budget is submitted (F-02); for more later, plan a further budget.

    Raises:
        NotFound, StaleVersion, Conflict (``wrong-state``, ``fund-frozen``), RuleViolated, Malformed as for planning.
    """
    budget = await work.budgets.get(budget_id, target=True)
    fund = await work.funds.get(budget.fund)
    fund.require_open(work.today)
    await require_free(work, (FreezeKind.BUDGET, str(budget.id)))
    contributions = contributions or await _from_sources(work, fund, budget.policy_version, lines)
    require_plan(fund, lines, contributions)
    budget.amend(list(lines), list(contributions), by=work.actor)
    return budget


def require_plan(fund: Fund, lines: Sequence[Line], contributions: Sequence[Contribution]) -> None:
    """See that lines and contributions fit the fund and one another.

    Raises:
        RuleViolated: ``purpose-locked`` (F-05).
        Malformed: ``budget-wrong`` with findings for doubled, unknown or empty members and unequal sums.
    """
    findings = [
        *_doubled([line.category for line in lines], "/lines"),
        *_doubled([part.source for part in contributions], "/contributions"),
        *(
            Finding("not-positive", "The amount must be above zero.", f"/{member}/{nth}/amount")
            for member, amounts in _amounts(lines, contributions).items()
            for nth, amount in enumerate(amounts)
            if amount <= 0
        ),
        *(
            Finding("unknown-source", "The fund has no such source.", f"/contributions/{nth}/source")
            for nth, part in enumerate(contributions)
            if part.source not in {source.code for source in fund.sources}
        ),
    ]
    if not contributions:
        detail = "The policy divides nothing over the sources; say what each gives."
        findings.append(Finding("no-shares", detail, "/contributions", "P-09"))
    asked, given = sum(line.amount for line in lines), sum(part.amount for part in contributions)
    if contributions and asked != given:
        detail = f"The lines come to {yuan(asked)}, the contributions to {yuan(given)}."
        findings.append(Finding("unequal", detail, "/contributions", "F-02"))
    if findings:
        raise Malformed("budget-wrong", "The budget does not fit together.", findings=findings)
    strange = sorted({line.category for line in lines} - set(fund.purposes))
    if strange:
        detail = "This fund may not be used for these expense categories."
        raise RuleViolated("purpose-locked", detail, rule="F-05", categories=strange, purposes=fund.purposes)


async def _from_sources(work: FundingWork, fund: Fund, version: str, lines: Sequence[Line]) -> Sequence[Contribution]:
    """What each source gives by the policy's rule; nothing when the policy has none."""
    plan = (await work.policy(fund.programme, version)).sources
    if plan is None:
        return ()
    accounts = {code: Account(fund.id, AccountKind.GRANTED, code, None) for code, _ in plan.shares}
    balances = await work.books.balances(accounts.values())
    granted = {code: balances[account] for code, account in accounts.items()}
    parts = plan.divide(sum(line.amount for line in lines), granted)
    return [Contribution(code, amount) for code, amount in parts.items()]


def _amounts(lines: Sequence[Line], contributions: Sequence[Contribution]) -> dict[str, list[int]]:
    return {"lines": [line.amount for line in lines], "contributions": [part.amount for part in contributions]}


def _doubled(codes: list[str], pointer: str) -> list[Finding]:
    return [
        Finding("twice", "Name it once.", f"{pointer}/{nth}") for nth, code in enumerate(codes) if code in codes[:nth]
    ]
