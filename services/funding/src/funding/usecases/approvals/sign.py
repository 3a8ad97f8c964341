"""Sign what is pending, in one's own right or by delegation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from funding.domain.approvals.approval import Approval, ApprovalState
from funding.domain.approvals.delegation import Delegation, DelegationState
from funding.domain.approvals.kinds import ApprovalKind
from funding.usecases.ports import FundingWork
from shared.kernel.refusals import Conflict


async def sign_approvals(work: FundingWork, kind: ApprovalKind, subjects: Sequence[UUID]) -> list[Approval]:
    """Sign the next step of the pending approval of each of these; gives them in the order of ``subjects``.

    Raises:
        Conflict: ``wrong-state`` when nothing is pending.
        Forbidden: ``same-person``, ``not-your-step``.
    """
    found = await pending_approvals(work, kind, subjects)
    rights = await delegations_of(work)
    if missing := [str(subject) for subject in subjects if subject not in found]:
        raise Conflict("wrong-state", "Nothing is waiting for a signature.", subjects=missing)
    for subject in subjects:
        sign_one(work, found[subject], rights)
    return [found[subject] for subject in subjects]


async def pending_approvals(work: FundingWork, kind: ApprovalKind, subjects: Iterable[UUID]) -> dict[UUID, Approval]:
    """The pending approvals by what they are asked for."""
    wanted = sorted(set(subjects))
    found = await work.approvals.list(kind=kind, subject=wanted, state=ApprovalState.PENDING)
    return {each.subject: each for each in found}


async def delegations_of(work: FundingWork) -> list[Delegation]:
    """What others have delegated to the actor and not taken back."""
    return await work.delegations.list(delegate=work.actor.subject, state=DelegationState.GIVEN)


def sign_one(work: FundingWork, approval: Approval, rights: Sequence[Delegation]) -> None:
    """Sign one approval; a signature for somebody else leaves an audit entry of its own.

    Raises:
        Forbidden: ``same-person``, ``not-your-step``.
    """
    approval.sign(by=work.actor, at=work.now, today=work.today, delegations=rights)
    mine = next(step for step in approval.chain if step.approved_by == work.actor.subject)
    if mine.on_behalf_of is not None:
        work.note(
            "approval.sign_for",
            "approval",
            str(approval.id),
            on_behalf_of=mine.on_behalf_of,
            delegation=str(mine.delegation),
        )
