"""Prepare and approve instalments, many at a time and by several persons (F-01, F-03)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from funding.domain.approvals.approval import Approval
from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.payments.instalment import INSTALMENT, Instalment, InstalmentState
from funding.usecases.approvals.ask import Request, ask_approvals
from funding.usecases.approvals.sign import delegations_of, pending_approvals, sign_one
from funding.usecases.freezing.free_payments import free_payments
from funding.usecases.ports import FundingWork
from shared.kernel.lifecycle import Aggregate
from shared.kernel.refusals import Conflict, Finding, Forbidden, Refusal

P = TypeVar("P", bound=Aggregate)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which instalments: all of a session (and milestone) that are in the right state, or these."""

    session: str | None = None
    milestone: str | None = None
    instalments: Sequence[UUID] = ()


async def prepare_instalments(work: FundingWork, choice: Choice) -> list[Instalment]:
    """Put due instalments forward for payment and ask for approval; all or none.

    Raises:
        NotFound, Conflict (``nothing-to-do``, ``fund-frozen``, ``bulk-refused`` with every finding).
    """
    chosen = await choose(work, choice, InstalmentState.DUE)
    each_of(chosen, lambda each: each.prepare(work.actor))
    await _ask(work, chosen)
    return chosen


async def approve_instalments(work: FundingWork, choice: Choice) -> list[Instalment]:
    """Sign the next step for prepared instalments; all or none, and none that the approver has handled (F-01).

    Of a whole session only those are signed whose turn it is; an instalment whose last signature is given is approved.

    Raises:
        NotFound, Conflict (``nothing-to-do``, ``fund-frozen``, ``bulk-refused``), Forbidden (``same-person``,
        ``not-your-step``).
    """
    chosen = await choose(work, choice, InstalmentState.PREPARED)
    approvals = await pending_approvals(work, ApprovalKind.PAYMENT, [each.id for each in chosen])
    unasked = [each for each in chosen if each.id not in approvals and each.state is InstalmentState.PREPARED]
    approvals |= {each.subject: each for each in await _ask(work, unasked)}
    rights = await delegations_of(work)
    if not choice.instalments:
        mine = [each for each in chosen if approvals[each.id].awaits_any(work.actor, rights, work.today)]
        chosen = mine or chosen

    def sign(each: Instalment) -> None:
        INSTALMENT.next("approve", each.state, work.actor)
        approval = approvals[each.id]
        sign_one(work, approval, rights)
        if approval.is_complete:
            each.approve(work.actor, approval.signers)

    each_of(chosen, sign)
    return chosen


async def choose(work: FundingWork, choice: Choice, state: InstalmentState) -> list[Instalment]:
    """The chosen instalments, held for change, of funds that are not frozen."""
    if choice.instalments:
        chosen = await work.instalments.get_many(dict.fromkeys(choice.instalments))
    else:
        named: dict[str, Any] = {"session": choice.session}
        if choice.milestone:
            named["milestone"] = choice.milestone
        chosen = await work.instalments.list(state=state, **named)
    if not chosen:
        raise Conflict("nothing-to-do", f"No instalment is {state}.", state=str(state))
    for fund in sorted({each.fund for each in chosen}):
        (await work.funds.get(fund)).require_active()
    return await free_payments(work, chosen, named=bool(choice.instalments))


def each_of(chosen: Sequence[P], act: Callable[[P], None], word: str = "instalment") -> None:
    """Do the same to each; when any refuses, all refusals are reported together. ``word`` is what each is called."""
    refused: list[Refusal] = []
    findings: list[Finding] = []
    for nth, each in enumerate(chosen):
        try:
            act(each)
        except (Conflict, Forbidden) as refusal:
            refused.append(refusal)
            values = {word: str(each.id)}
            findings.append(Finding(refusal.code, refusal.detail, f"/{word}s/{nth}", refusal.rule, values=values))
    if not refused:
        return
    if all(isinstance(refusal, Forbidden) for refusal in refused):
        first = refused[0]
        raise Forbidden(first.code, first.detail, rule=first.rule, findings=findings)
    raise Conflict("bulk-refused", f"Not every {word} allows this; nothing was done.", findings=findings)


async def _ask(work: FundingWork, prepared: Sequence[Instalment]) -> list[Approval]:
    """Ask for approval under the policy of the instalment's session."""
    requests = []
    for each in prepared:
        fund, allocation = await work.funds.get(each.fund), await work.allocation_of(each.session)
        requests.append(
            Request(
                kind=ApprovalKind.PAYMENT,
                subject=each.id,
                fund=each.fund,
                programme=fund.programme,
                policy_version=allocation.policy_version if allocation else fund.policy_version,
                payee=each.payee,
                parts=each.parts,
                handlers=[each.prepared_by] if each.prepared_by else [],
            )
        )
    return await ask_approvals(work, requests) if requests else []
