"""Shapes of approvals and delegations."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from funding.adapters.http.shapes.common import CategoryAmount, Money, MoneyIn, money, parts_of
from funding.domain.approvals.approval import Approval
from funding.domain.approvals.chain import Step
from funding.domain.approvals.delegation import Delegation
from funding.domain.approvals.kinds import ApprovalKind
from shared.http.resources import Body, CodeText, Resource
from shared.kernel.actor import Actor


class StepOut(Resource):
    """One signature of the chain; ``on_behalf_of`` is the approver who delegated to the one who signed."""

    authority: str
    organisation: str
    approved_by: str | None
    approved_at: datetime | None
    on_behalf_of: str | None
    delegation: UUID | None

    @classmethod
    def of(cls, step: Step) -> StepOut:
        """The representation."""
        return cls(
            authority=step.authority,
            organisation=step.organisation,
            approved_by=step.approved_by,
            approved_at=step.approved_at,
            on_behalf_of=step.on_behalf_of,
            delegation=step.delegation,
        )


class ApprovalOut(Resource):
    """What is asked of whom, and who signed."""

    id: UUID
    version: int
    state: str
    kind: ApprovalKind
    subject: UUID
    fund: UUID
    programme: str
    policy_version: str
    payee: str
    amount: Money
    parts: list[CategoryAmount]
    rolling_amount: Money
    asked_on: date
    handlers: list[str]
    chain: list[StepOut]
    awaits: str | None
    ex_post: bool

    @classmethod
    def of(cls, each: Approval, _: Actor) -> ApprovalOut:
        """The representation."""
        return cls(
            id=each.id,
            version=each.version,
            state=each.state,
            kind=each.kind,
            subject=each.subject,
            fund=each.fund,
            programme=each.programme,
            policy_version=each.policy_version,
            payee=each.payee,
            amount=money(each.amount),
            parts=parts_of(each.parts),
            rolling_amount=money(each.rolling_amount),
            asked_on=each.asked_on,
            handlers=each.handlers,
            chain=[StepOut.of(step) for step in each.chain],
            awaits=each.awaits,
            ex_post=each.ex_post,
        )


class Delegate(Body):
    """Who may sign for the caller, what, how much and when; ``up_to`` null sets no limit."""

    delegate: CodeText
    delegate_organisation: CodeText
    kinds: list[ApprovalKind] = Field(min_length=1, max_length=10)
    up_to: MoneyIn | None = None
    valid_from: date
    valid_to: date


class DelegationOut(Resource):
    """Delegated authority."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    delegator: str
    organisation: str
    delegate: str
    delegate_organisation: str
    kinds: list[ApprovalKind]
    up_to: Money | None
    valid_from: date
    valid_to: date
    revoked_on: date | None

    @classmethod
    def of(cls, each: Delegation, actor: Actor) -> DelegationOut:
        """The representation."""
        return cls(
            id=each.id,
            version=each.version,
            state=each.state,
            allowed_actions=each.allowed_actions(actor),
            delegator=each.delegator,
            organisation=each.organisation,
            delegate=each.delegate,
            delegate_organisation=each.delegate_organisation,
            kinds=each.kinds,
            up_to=None if each.up_to is None else money(each.up_to),
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            revoked_on=each.revoked_on,
        )
