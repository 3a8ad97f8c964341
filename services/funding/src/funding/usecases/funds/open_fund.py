"""Open a fund."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.budgets.fund import Fund, Source
from funding.usecases.policies.apply_policy import use_policy
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Conflict, Malformed, RuleViolated


async def open_fund(
    work: FundingWork,
    *,
    code: str,
    name: str,
    programme: str,
    policy: str,
    sources: Sequence[Source],
    autonomy: Sequence[ApprovalKind] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Fund:
    """Open a fund whose purposes are the expense categories of the programme's policy (F-01, F-05).

    Raises:
        RuleViolated: ``unknown-policy``, ``no-autonomy`` for a kind that the policy leaves no autonomy in (F-08).
        Malformed: ``source-twice``, ``impossible-date``.
        Conflict: ``fund-exists``.
    """
    await use_policy(work, programme, policy)
    if len({source.code for source in sources}) != len(sources):
        raise Malformed("source-twice", "Name each source once.", pointer="/sources")
    if await work.funds.find(code=code) is not None:
        raise Conflict("fund-exists", "There is a fund with this code.", fund_code=code)
    rules = await work.policy(programme, policy)
    spared = rules.matrix.autonomy.kinds if rules.matrix.autonomy else frozenset()
    if strange := sorted(set(autonomy) - spared):
        detail = "The programme's policy knows no autonomy in this."
        raise RuleViolated("no-autonomy", detail, rule="F-08", kinds=strange)
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Malformed("impossible-date", "The fund ends before it starts.", pointer="/ends_on")
    fund = Fund(
        id=work.new_id(),
        code=code,
        name=name,
        programme=programme,
        policy_version=policy,
        sources=list(sources),
        purposes=list(rules.purposes),
        opened_by=work.actor.subject,
        autonomy=list(dict.fromkeys(autonomy)),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    work.funds.add(fund)
    return fund
