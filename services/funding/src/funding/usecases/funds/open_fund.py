"""Open a fund."""

from __future__ import annotations

from collections.abc import Sequence

from funding.domain.budgets.fund import Fund, Source
from funding.usecases.policies.apply_policy import use_policy
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Conflict, Malformed


async def open_fund(
    work: FundingWork, *, code: str, name: str, programme: str, policy: str, sources: Sequence[Source]
) -> Fund:
    """Open a fund whose purposes are the expense categories of the programme's policy (F-01, F-05).

    Raises:
        RuleViolated: ``unknown-policy``.
        Malformed: ``source-twice``.
        Conflict: ``fund-exists``.
    """
    await use_policy(work, programme, policy)
    if len({source.code for source in sources}) != len(sources):
        raise Malformed("source-twice", "Name each source once.", pointer="/sources")
    if await work.funds.find(code=code) is not None:
        raise Conflict("fund-exists", "There is a fund with this code.", fund_code=code)
    rules = await work.policy(programme, policy)
    fund = Fund(
        id=work.new_id(),
        code=code,
        name=name,
        programme=programme,
        policy_version=policy,
        sources=list(sources),
        purposes=list(rules.purposes),
        opened_by=work.actor.subject,
    )
    work.funds.add(fund)
    return fund
