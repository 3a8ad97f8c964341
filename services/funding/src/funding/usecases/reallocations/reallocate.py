"""Ask to move free money between sessions and categories, sign it, refuse it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.budgets.allocation import Allocation, AllocationState
from funding.domain.budgets.fund import Fund
from funding.domain.budgets.reallocation import REALLOCATION, Reallocation, Shift
from funding.domain.freezing.freeze import FreezeKind
from funding.usecases.approvals.ask import Request, ask_approvals, withdraw_approvals
from funding.usecases.approvals.sign import sign_approvals
from funding.usecases.freezing.require_free import require_free
from funding.usecases.ports import FundingWork
from shared.kernel.money import yuan
from shared.kernel.refusals import Conflict, Finding, RuleViolated


async def ask_reallocation(
    work: FundingWork, *, giver: str, taker: str, shifts: Sequence[Shift], reason: str
) -> Reallocation:
    """Ask the authorities to move free money; nothing moves before the last of them signs (F-02, F-03).

    Raises:
        RuleViolated: ``no-allocation``, ``reallocation-wrong``, ``overdrawn`` for what is not free today.
        Conflict: ``allocation-closed``, ``fund-frozen``, ``frozen``, ``outside-fund-period``.
    """
    giving, taking, fund = await _pots(work, giver, taker)
    asked = Reallocation(
        id=work.new_id(),
        fund=fund.id,
        giver=giver,
        taker=taker,
        shifts=list(shifts),
        reason=reason,
        asked_by=work.actor.subject,
        asked_on=work.today,
    )
    asked.require_sense(giving, taking, fund.purposes)
    work.reallocations.add(asked)
    request = Request(
        kind=ApprovalKind.REALLOCATION,
        subject=asked.id,
        fund=fund.id,
        programme=taking.programme,
        policy_version=taking.policy_version,
        payee=taker,
        parts=asked.taken(),
        handlers=[work.actor.subject],
    )
    await ask_approvals(work, [request])
    await _require_free_money(work, giving, asked)
    return asked


async def approve_reallocation(work: FundingWork, reallocation_id: UUID) -> Reallocation:
    """Sign the next step; the last one moves the money.

    Raises:
        NotFound, StaleVersion, Forbidden (``same-person``, ``not-your-step``), RuleViolated (``overdrawn`` when it is
        no longer free), Conflict as for asking.
    """
    asked = await work.reallocations.get(reallocation_id, target=True)
    giving, taking, _ = await _pots(work, asked.giver, asked.taker)
    REALLOCATION.next("approve", asked.state, work.actor)
    [approval] = await sign_approvals(work, ApprovalKind.REALLOCATION, [asked.id])
    asked.approve(work.actor)
    if approval.is_complete:
        await work.books.post([asked.book(giving, taking, id=work.new_id(), on=work.today, by=work.actor)])
    return asked


async def refuse_reallocation(work: FundingWork, reallocation_id: UUID, *, reason: str) -> Reallocation:
    """Do not move it. Raises ``NotFound``, ``StaleVersion``, ``Conflict``: ``wrong-state``."""
    asked = await work.reallocations.get(reallocation_id, target=True)
    asked.refuse(reason, by=work.actor)
    await withdraw_approvals(work, ApprovalKind.REALLOCATION, [asked.id])
    return asked


async def _pots(work: FundingWork, giver: str, taker: str) -> tuple[Allocation, Allocation, Fund]:
    found = {each.session: each for each in await work.allocations.list(session={giver, taker})}
    if missing := sorted({giver, taker} - set(found)):
        raise RuleViolated("no-allocation", "Nothing was allocated to this session.", rule="F-02", sessions=missing)
    for each in found.values():
        if each.state is AllocationState.CLOSED:
            raise Conflict("allocation-closed", "The session's money was closed.", session=each.session)
    fund = await work.funds.get(found[giver].fund)
    fund.require_open(work.today)
    await require_free(work, *((FreezeKind.ALLOCATION, str(each.id)) for each in found.values()))
    return found[giver], found[taker], fund


async def _require_free_money(work: FundingWork, giving: Allocation, asked: Reallocation) -> None:
    wanted: dict[str, int] = {}
    for shift in asked.shifts:
        wanted[shift.source] = wanted.get(shift.source, 0) + shift.amount
    balances = await work.books.balances([giving.available(category) for category in wanted])
    findings = [
        Finding("overdrawn", f"{category}: {yuan(short)} yuan short.", rule="F-02", values={"short": yuan(short)})
        for category, amount in wanted.items()
        if (short := amount - balances[giving.available(category)]) > 0
    ]
    if findings:
        raise RuleViolated("overdrawn", "There is not enough money for this.", rule="F-02", findings=findings)
