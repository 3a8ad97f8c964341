"""Training plans over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi import Query as QueryParameter

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import NOTHING, Done, Items, NoMembers
from placement.adapters.http.schemas.plans import (
    ConsultationIn,
    PlanAnswerIn,
    PlanChangeOut,
    PlanChangesOut,
    PlanIn,
    PlanOut,
    PlanRef,
    PlanTextIn,
    RevisionIn,
)
from placement.adapters.http.scoping import PREFIX, bound, filtered, visible
from placement.domain.plans import Plan
from placement.domain.plans.text import changes
from placement.usecases.plans.bring_plans_into_force import answer_comments, approve_plans, consult_plan
from placement.usecases.plans.draft_plans import draft_plans, revise_plan, rewrite_plan
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.work.mapping import Mapping

router = APIRouter(prefix=f"{PREFIX}/plans", tags=["plans"])
table = tables.plan
_texts = Mapping(Plan, table)
Approving = Annotated[Command[SqlPlacementWork], Depends(command("plan.approve"))]


@router.post("", status_code=201, response_model=Done, responses=PROBLEMS)
async def post_plans(
    body: Items[PlanIn], command: Annotated[Command[SqlPlacementWork], Depends(command("plan.draft"))]
) -> Response:
    """Draft a plan for each placement, with a work post and training (M-06, P-15)."""
    drafts = [item.draft() for item in body.items]
    return await command.run(lambda work: draft_plans(work, drafts), present=Done.of, status=201)


@router.post("/approvals", response_model=Done, responses=PROBLEMS)
async def post_approvals(body: Items[PlanRef], command: Approving) -> Response:
    """Approve a list of plans after the trainees were consulted (M-07)."""
    ids = [item.plan for item in body.items]
    return await command.run(lambda work: approve_plans(work, ids), present=Done.of)


@router.post("/{plan_id}/consult", response_model=PlanOut, responses=PROBLEMS)
async def post_consult(
    plan_id: UUID,
    body: ConsultationIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("plan.consult"))],
) -> Response:
    """Say what one thinks of one's own plan; the comments are kept."""
    return await command.run(
        lambda work: consult_plan(work, plan_id, body.comments, agrees=body.agrees), present=PlanOut.of
    )


@router.post("/{plan_id}/rewrite", response_model=PlanOut, responses=PROBLEMS)
async def post_rewrite(
    plan_id: UUID,
    body: PlanTextIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("plan.draft"))],
) -> Response:
    """Write a draft anew; the trainee has to be consulted on the new text."""
    return await command.run(lambda work: rewrite_plan(work, plan_id, body.text()), present=PlanOut.of)


@router.post("/{plan_id}/answer", response_model=PlanOut, responses=PROBLEMS)
async def post_answer(
    plan_id: UUID,
    body: PlanAnswerIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("plan.answer"))],
) -> Response:
    """Answer the trainee's comments in writing; needed before the approval when the trainee disagrees (M-07)."""
    return await command.run(lambda work: answer_comments(work, plan_id, body.answer), present=PlanOut.of)


@router.post("/{plan_id}/approve", response_model=PlanOut, responses=PROBLEMS)
async def post_approve(plan_id: UUID, command: Approving, _: NoMembers = NOTHING) -> Response:
    """Approve one plan; it is in force from then on."""
    return await command.run(
        lambda work: approve_plans(work, [plan_id], alone=True),
        present=lambda plans, actor: PlanOut.of(plans[0], actor),
    )


@router.post("/{plan_id}/revisions", status_code=201, response_model=PlanOut, responses=PROBLEMS)
async def post_revision(
    plan_id: UUID,
    body: RevisionIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("plan.revise"))],
) -> Response:
    """Draft the next edition."""
    return await command.run(
        lambda work: revise_plan(work, plan_id, body.text(), body.reason),
        present=PlanOut.of,
        status=201,
        location=lambda plan: f"{PREFIX}/plans/{plan.id}",
    )


@router.get("", response_model=PageOf[PlanOut], responses=READ_PROBLEMS)
async def list_plans(
    query: Annotated[Query, Depends(query("plan.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    participation: UUID | None = None,
    state: str | None = None,
    session: str | None = None,
) -> Response:
    """Plans the caller may see."""
    filters = {table.c.participation: participation, table.c.state: state, tables.placement.c.session: session}
    return await query.page(
        filtered(visible(table, query.scope), filters),
        table,
        page,
        lambda row: PlanOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/{plan_id}", response_model=PlanOut, responses=READ_PROBLEMS)
async def read_plan(plan_id: UUID, query: Annotated[Query, Depends(query("plan.read"))]) -> Response:
    """One edition of a plan."""
    row = await query.one(visible(table, query.scope).where(table.c.id == plan_id))
    return query.answer(PlanOut.row(row, query.actor))


@router.get("/{plan_id}/changes", response_model=PlanChangesOut, responses=READ_PROBLEMS)
async def read_changes(
    plan_id: UUID,
    query: Annotated[Query, Depends(query("plan.read"))],
    against: Annotated[UUID | None, QueryParameter(description="another edition; without it the one before")] = None,
) -> Response:
    """What differs from another edition of the same plan, member by member; nothing for a first edition."""
    mine = visible(table, query.scope)
    row = await query.one(mine.where(table.c.id == plan_id))
    other = await query.one(
        mine.where(table.c.id == (against or row.revises or plan_id), table.c.participation == row.participation)
    )
    after, before = (_texts.thing([found._mapping[name] for name in _texts.names]) for found in (row, other))
    return query.answer(
        PlanChangesOut(
            plan=after.id,
            edition=after.edition,
            against=before.id,
            against_edition=before.edition,
            changes=[PlanChangeOut.model_validate(each, from_attributes=True) for each in changes(before, after)],
        )
    )
