"""Delegate one's authority to sign, and take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from funding.domain.approvals.delegation import Delegation
from funding.domain.approvals.kinds import ApprovalKind
from funding.usecases.ports import FundingWork


async def delegate_authority(
    work: FundingWork,
    *,
    delegate: str,
    delegate_organisation: str,
    kinds: Sequence[ApprovalKind],
    up_to: int | None,
    valid_from: date,
    valid_to: date,
) -> Delegation:
    """Let a named person sign for the actor (F-03).

    Raises:
        RuleViolated: ``delegation-wrong`` with every finding.
    """
    given = Delegation(
        id=work.new_id(),
        delegator=work.actor.subject,
        organisation=work.actor.organisation,
        delegate=delegate,
        delegate_organisation=delegate_organisation,
        kinds=list(dict.fromkeys(kinds)),
        up_to=up_to,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    given.require_sound(work.today)
    work.delegations.add(given)
    return given


async def revoke_delegation(work: FundingWork, delegation_id: UUID) -> Delegation:
    """Take it back from now on. Raises ``NotFound``, ``StaleVersion``, ``Conflict``, ``Forbidden``: ``not-yours``."""
    given = await work.delegations.get(delegation_id, target=True)
    given.revoke(by=work.actor, today=work.today)
    return given
