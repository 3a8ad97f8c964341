"""Budgets: planned, approved, allocated, closed; and the pots of the sessions."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import select

from funding.adapters.db import tables
from funding.adapters.db.readings import ALLOCATIONS, BUDGETS, allocations_with_balances, thing
from funding.adapters.db.unit_of_work import FundingUnit
from funding.adapters.http.routes.common import CodeFilter, NoBody, matching
from funding.adapters.http.shapes.funds.budgets import AllocationOut, AmendBudget, BudgetOut, PlanBudget
from funding.adapters.http.shapes.funds.funds import FundingReason
from funding.domain.budgets.budget import Budget, Contribution, Line
from funding.usecases.budgets.allocate_budget import allocate_budget, close_budget
from funding.usecases.budgets.approve_budget import approve_budget, return_budget, submit_budget
from funding.usecases.budgets.plan_budget import amend_budget, plan_budget
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix="/v1/funding", tags=["budgets"])
Read = Annotated[Query, Depends(query("budget.read"))]


@router.post("/budgets", response_model=BudgetOut, status_code=201, responses=PROBLEMS)
async def plan(body: PlanBudget, do: Annotated[Command[FundingUnit], Depends(command("budget.plan"))]) -> Response:
    """Plan what a session costs by category and who gives it."""

    async def act(work: FundingUnit) -> Budget:
        return await plan_budget(
            work,
            fund_id=body.fund,
            session=body.session,
            batch=body.batch,
            policy=body.policy,
            lines=[Line(line.category, line.amount.fen) for line in body.lines],
            contributions=[Contribution(part.source, part.amount.fen) for part in body.contributions],
        )

    return await do.run(
        act, present=BudgetOut.of, status=201, location=lambda budget: f"/v1/funding/budgets/{budget.id}"
    )


@router.post("/budgets/{budget_id}/amend", response_model=BudgetOut, responses=PROBLEMS)
async def amend(
    budget_id: UUID, body: AmendBudget, do: Annotated[Command[FundingUnit], Depends(command("budget.amend"))]
) -> Response:
    """Put other lines in place while nobody is asked to approve."""

    async def act(work: FundingUnit) -> Budget:
        return await amend_budget(
            work,
            budget_id,
            lines=[Line(line.category, line.amount.fen) for line in body.lines],
            contributions=[Contribution(part.source, part.amount.fen) for part in body.contributions],
        )

    return await do.run(act, present=BudgetOut.of)


@router.post("/budgets/{budget_id}/submit", response_model=BudgetOut, responses=PROBLEMS)
async def submit(
    budget_id: UUID,
    do: Annotated[Command[FundingUnit], Depends(command("budget.submit"))],
    body: NoBody | None = None,
) -> Response:
    """Send it to the authorities that its rolling sum asks for."""
    del body
    return await do.run(lambda work: submit_budget(work, budget_id), present=BudgetOut.of)


@router.post("/budgets/{budget_id}/approve", response_model=BudgetOut, responses=PROBLEMS)
async def approve(
    budget_id: UUID,
    do: Annotated[Command[FundingUnit], Depends(command("budget.approve"))],
    body: NoBody | None = None,
) -> Response:
    """Sign the next step of the chain."""
    del body
    return await do.run(lambda work: approve_budget(work, budget_id), present=BudgetOut.of)


@router.post("/budgets/{budget_id}/return", response_model=BudgetOut, responses=PROBLEMS)
async def give_back(
    budget_id: UUID, body: FundingReason, do: Annotated[Command[FundingUnit], Depends(command("budget.return"))]
) -> Response:
    """Return it to its preparer."""
    return await do.run(lambda work: return_budget(work, budget_id, reason=body.reason), present=BudgetOut.of)


@router.post("/budgets/{budget_id}/allocate", response_model=BudgetOut, responses=PROBLEMS)
async def allocate(
    budget_id: UUID,
    do: Annotated[Command[FundingUnit], Depends(command("budget.allocate"))],
    body: NoBody | None = None,
) -> Response:
    """Hand its money to the session."""
    del body
    return await do.run(lambda work: allocate_budget(work, budget_id), present=BudgetOut.of)


@router.post("/budgets/{budget_id}/close", response_model=BudgetOut, responses=PROBLEMS)
async def close(
    budget_id: UUID,
    do: Annotated[Command[FundingUnit], Depends(command("budget.close"))],
    body: NoBody | None = None,
) -> Response:
    """Close it; what its session did not use goes back to the sources."""
    del body
    return await do.run(lambda work: close_budget(work, budget_id), present=BudgetOut.of)


@router.get("/budgets", response_model=PageOf[BudgetOut], responses=READ_PROBLEMS)
async def list_budgets(
    read: Read,
    page: Annotated[PageParameters, Depends(page_parameters)],
    fund: UUID | None = None,
    session: CodeFilter = None,
    state: CodeFilter = None,
) -> Response:
    """All budgets."""
    filters: dict[str, Any] = {"fund": fund, "session": session, "state": state}
    statement = select(*BUDGETS.columns).where(read.scope.where({}), matching(tables.budget, filters))
    return await read.page(
        statement, tables.budget, page, lambda row: BudgetOut.of(thing(BUDGETS, row), read.actor), filters=filters
    )


@router.get("/budgets/{budget_id}", response_model=BudgetOut, responses=READ_PROBLEMS)
async def read_budget(budget_id: UUID, read: Read) -> Response:
    """A budget."""
    row = await read.one(select(*BUDGETS.columns).where(read.scope.where({}), tables.budget.c.id == budget_id))
    return read.answer(BudgetOut.of(BUDGETS.thing(row), read.actor))


@router.get("/allocations", response_model=PageOf[AllocationOut], responses=READ_PROBLEMS)
async def list_allocations(
    read: Annotated[Query, Depends(query("allocation.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    fund: UUID | None = None,
    session: CodeFilter = None,
) -> Response:
    """The pots of the sessions with their balances."""
    filters: dict[str, Any] = {"fund": fund, "session": session}
    statement = allocations_with_balances().where(read.scope.where({}), matching(tables.allocation, filters))

    def shown(row: Any) -> AllocationOut:
        return AllocationOut.of(
            thing(ALLOCATIONS, row), available=row.available, reserved=row.reserved, committed=row.committed
        )

    return await read.page(statement, tables.allocation, page, shown, filters=filters)
