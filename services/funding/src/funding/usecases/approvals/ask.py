"""Ask for approval: everything asked for the same payee and purpose is counted, and pending ones are raised with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from funding.domain.approvals.approval import COUNTED, Approval, ApprovalState
from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.approvals.matrix import Matrix
from funding.domain.approvals.rolling import counted, purses_of, rolling_amount, window_start
from funding.usecases.ports import FundingWork


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; see ``Approval`` for the members. ``parts`` in fen by purpose."""

    kind: ApprovalKind
    subject: UUID
    fund: UUID
    programme: str
    policy_version: str
    payee: str
    parts: Mapping[str, int]
    handlers: Sequence[str]


async def ask_approvals(work: FundingWork, requests: Sequence[Request]) -> list[Approval]:
    """Ask for all of these at once; gives the approvals in the order of the requests.

    Askers for the same payee and purpose queue up until the unit is left, so two halves that are asked for at the same
    moment are decided on their sum. Pending approvals that the new ones push into a higher tier get its authorities.
    Call it when funds are locked already and before accounts are.
    """
    asked = [
        Approval(
            id=work.new_id(),
            kind=each.kind,
            subject=each.subject,
            fund=each.fund,
            programme=each.programme,
            policy_version=each.policy_version,
            payee=each.payee,
            parts={purpose: amount for purpose, amount in each.parts.items() if amount},
            handlers=list(dict.fromkeys(each.handlers)),
            asked_on=work.today,
        )
        for each in requests
    ]
    await work.queue_up({purse.key for each in asked for purse in purses_of(each)})
    groups: dict[tuple[str, ApprovalKind], list[Approval]] = defaultdict(list)
    for each in asked:
        groups[each.programme, each.kind].append(each)
    for (programme, kind), new in sorted(groups.items()):
        await _route(work, programme, kind, new)
    for each in asked:
        work.approvals.add(each)
    return asked


async def withdraw_approvals(work: FundingWork, kind: ApprovalKind, subjects: Iterable[UUID]) -> None:
    """What was asked for these no longer counts; nothing to withdraw is fine."""
    wanted = sorted(set(subjects))
    if wanted:
        for each in await work.approvals.list(kind=kind, subject=wanted, state=set(COUNTED)):
            each.withdraw()


async def _route(work: FundingWork, programme: str, kind: ApprovalKind, new: list[Approval]) -> None:
    pending = await work.approvals.list(
        programme=programme, kind=kind, payee={each.payee for each in new}, state=ApprovalState.PENDING
    )
    funds = {each.id: each for each in await work.funds.get_many(sorted({each.fund for each in [*new, *pending]}))}
    matrices: dict[str, Matrix] = {}
    for each in [*new, *pending]:
        matrices[each.policy_version] = (await work.policy(programme, each.policy_version)).matrix
    since = {version: window_start(work.today, matrix.rolling_days) for version, matrix in matrices.items()}
    sums = {
        day: await work.rolling_sums(programme, kind, sorted({each.payee for each in new}), day)
        for day in sorted(set(since.values()))
    }
    for day, known in sums.items():
        for purse, amount in counted(new, day).items():
            known[purse] = known.get(purse, 0) + amount
    for each in [*new, *pending]:
        total = rolling_amount(each, sums[since[each.policy_version]])
        each.route(matrices[each.policy_version], total, autonomous=kind in funds[each.fund].autonomy)
