"""Shapes of budgets and allocations."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from funding.adapters.http.shapes.common import Category, CategoryAmount, Money, MoneyIn, SessionCode, money
from funding.adapters.http.shapes.funds.approvals import StepOut
from funding.domain.budgets.allocation import Allocation
from funding.domain.budgets.budget import Budget
from shared.http.resources import Body, CodeText, Resource
from shared.kernel.actor import Actor


class LineBody(Body):
    """Expense of a category."""

    category: Category
    amount: MoneyIn


class ContributionBody(Body):
    """What a source gives."""

    source: CodeText
    amount: MoneyIn


class PlanBudget(Body):
    """A budget of a session; without contributions the policy's rule of the sources divides the sum."""

    fund: UUID
    session: SessionCode
    batch: CodeText
    policy: CodeText
    lines: list[LineBody] = Field(min_length=1, max_length=50)
    contributions: list[ContributionBody] = Field(default_factory=list, max_length=20)


class AmendBudget(Body):
    """Other lines for a budget that nobody is asked to approve yet."""

    lines: list[LineBody] = Field(min_length=1, max_length=50)
    contributions: list[ContributionBody] = Field(default_factory=list, max_length=20)


class ContributionOut(Resource):
    """What a source gives."""

    source: str
    amount: Money


class BudgetOut(Resource):
    """A budget."""

    id: UUID
    version: int
    state: str
    allowed_actions: list[str]
    fund: UUID
    session: str
    batch: str
    programme: str
    policy_version: str
    amount: Money
    lines: list[CategoryAmount]
    contributions: list[ContributionOut]
    prepared_by: str
    rolling_amount: Money
    chain: list[StepOut]
    return_reason: str | None

    @classmethod
    def of(cls, budget: Budget, actor: Actor) -> BudgetOut:
        """The representation."""
        return cls(
            id=budget.id,
            version=budget.version,
            state=budget.state,
            allowed_actions=budget.allowed_actions(actor),
            fund=budget.fund,
            session=budget.session,
            batch=budget.batch,
            programme=budget.programme,
            policy_version=budget.policy_version,
            amount=money(budget.amount),
            lines=[CategoryAmount(category=line.category, amount=money(line.amount)) for line in budget.lines],
            contributions=[ContributionOut(source=c.source, amount=money(c.amount)) for c in budget.contributions],
            prepared_by=budget.prepared_by,
            rolling_amount=money(budget.rolling_amount),
            chain=[StepOut.of(step) for step in budget.chain],
            return_reason=budget.return_reason,
        )


class AllocationOut(Resource):
    """The pot of a session and where its money is now."""

    id: UUID
    version: int
    state: str
    fund: UUID
    session: str
    programme: str
    batch: str
    policy_version: str
    amount: Money
    contributions: list[ContributionOut]
    available: Money
    reserved: Money
    committed: Money

    @classmethod
    def of(cls, allocation: Allocation, *, available: int, reserved: int, committed: int) -> AllocationOut:
        """The representation; balances in fen from the ledger."""
        return cls(
            id=allocation.id,
            version=allocation.version,
            state=allocation.state,
            fund=allocation.fund,
            session=allocation.session,
            programme=allocation.programme,
            batch=allocation.batch,
            policy_version=allocation.policy_version,
            amount=money(allocation.amount),
            contributions=[
                ContributionOut(source=source, amount=money(part)) for source, part in allocation.contributions.items()
            ],
            available=money(available),
            reserved=money(reserved),
            committed=money(committed),
        )
