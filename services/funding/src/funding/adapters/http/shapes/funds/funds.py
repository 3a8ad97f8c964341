"""Shapes of policies, funds and accounting months."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from funding.adapters.http.shapes.common import MoneyIn, Reference
from funding.domain.applied_policy import AppliedPolicy
from funding.domain.approvals.kinds import ApprovalKind
from funding.domain.budgets.fund import Fund
from funding.domain.ledger.period import Period
from shared.http.resources import Body, CodeText, Line, Prose, Resource
from shared.kernel.actor import Actor


class FundingPolicyOut(Resource):
    """A version of a funding policy, as handed in and as it holds."""

    programme: str
    version: str
    inherits: str | None
    sha256: str
    used: bool
    content: dict[str, Any]
    effective: dict[str, Any]

    @classmethod
    def of(cls, policy: AppliedPolicy, _: Actor) -> FundingPolicyOut:
        """The representation."""
        return cls(
            programme=policy.programme,
            version=policy.policy_version,
            inherits=policy.inherits,
            sha256=policy.sha256,
            used=policy.used,
            content=policy.content,
            effective=policy.effective,
        )


class SourceBody(Body):
    """A financier."""

    code: CodeText
    name: Line


class OpenFund(Body):
    """A fund to be opened."""

    code: CodeText = Field(max_length=40)
    name: Line
    programme: CodeText
    policy: CodeText
    sources: list[SourceBody] = Field(min_length=1, max_length=20)
    autonomy: list[ApprovalKind] = Field(default_factory=list, max_length=10)
    starts_on: date | None = None
    ends_on: date | None = None


class Grant(Body):
    """Money that came in."""

    source: CodeText
    amount: MoneyIn
    reference: Reference
    granted_on: date


class FundingReason(Body):
    """Why."""

    reason: Prose


class SourceOut(Resource):
    """A financier."""

    code: str
    name: str


class FundOut(Resource):
    """A fund."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    code: str
    name: str
    programme: str
    policy_version: str
    sources: list[SourceOut]
    purposes: list[str]
    autonomy: list[ApprovalKind]
    starts_on: date | None
    ends_on: date | None

    @classmethod
    def of(cls, fund: Fund, actor: Actor) -> FundOut:
        """The representation."""
        return cls(
            id=fund.id,
            version=fund.version,
            state=fund.state,
            allowed_actions=fund.allowed_actions(actor),
            code=fund.code,
            name=fund.name,
            programme=fund.programme,
            policy_version=fund.policy_version,
            sources=[SourceOut(code=each.code, name=each.name) for each in fund.sources],
            purposes=fund.purposes,
            autonomy=fund.autonomy,
            starts_on=fund.starts_on,
            ends_on=fund.ends_on,
        )


class PeriodOut(Resource):
    """An accounting month."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    period: str

    @classmethod
    def of(cls, period: Period, actor: Actor) -> PeriodOut:
        """The representation."""
        return cls(
            id=period.id,
            version=period.version,
            state=period.state,
            allowed_actions=period.allowed_actions(actor),
            period=period.key,
        )
