"""Tasks of sector departments over HTTP (M-02)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Select, select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import Done, Items, ReasonText
from placement.adapters.http.schemas.sectors import SectorTaskDoneIn, SectorTaskFinishIn, SectorTaskOut
from placement.adapters.http.scoping import PREFIX, filtered
from placement.usecases.sectors.do_tasks import Completion, finish_tasks, waive_task
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, Scope, page_parameters
from shared.http.resources import PageOf
from shared.kernel.actor import Relation

router = APIRouter(prefix=f"{PREFIX}/sector-tasks", tags=["sector tasks"])
table = tables.sector_task
Finishing = Annotated[Command[SqlPlacementWork], Depends(command("sector-task.finish"))]


def _seen(scope: Scope) -> Select[Any]:
    columns = {Relation.DESCENDANT: table.c.department, Relation.HOST: table.c.host}
    return select(table).where(scope.where(columns))


@router.get("", response_model=PageOf[SectorTaskOut], responses=READ_PROBLEMS)
async def list_sector_tasks(
    query: Annotated[Query, Depends(query("sector-task.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    state: str | None = None,
    participation: UUID | None = None,
    code: str | None = None,
) -> Response:
    """Tasks the caller may see: a department its own and those below it, a host its own, the ministry all."""
    filters: dict[Any, Any] = {table.c.state: state, table.c.participation: participation, table.c.code: code}
    return await query.page(
        filtered(_seen(query.scope), filters),
        table,
        page,
        lambda row: SectorTaskOut.row(row, query.actor),
        filters={"state": state, "participation": participation and str(participation), "code": code},
    )


@router.get("/{task_id}", response_model=SectorTaskOut, responses=READ_PROBLEMS)
async def read_sector_task(task_id: UUID, query: Annotated[Query, Depends(query("sector-task.read"))]) -> Response:
    """One task."""
    row = await query.one(_seen(query.scope).where(table.c.id == task_id))
    return query.answer(SectorTaskOut.row(row, query.actor))


@router.post("/{task_id}/finish", response_model=SectorTaskOut, responses=PROBLEMS)
async def post_finish(task_id: UUID, body: SectorTaskFinishIn, command: Finishing) -> Response:
    """The department did it."""
    done = Completion(task=task_id, done_on=body.done_on)
    return await command.run(
        lambda work: finish_tasks(work, [done], alone=True),
        present=lambda tasks, actor: SectorTaskOut.of(tasks[0], actor),
    )


@router.post("/completions", response_model=Done, responses=PROBLEMS)
async def post_completions(body: Items[SectorTaskDoneIn], command: Finishing) -> Response:
    """Report a list of tasks as done at once."""
    done = [item.completion() for item in body.items]
    return await command.run(lambda work: finish_tasks(work, done), present=Done.of)


@router.post("/{task_id}/waive", response_model=SectorTaskOut, responses=PROBLEMS)
async def post_waive(
    task_id: UUID,
    body: ReasonText,
    command: Annotated[Command[SqlPlacementWork], Depends(command("sector-task.waive"))],
) -> Response:
    """It is not needed for this placement, and why."""
    return await command.run(lambda work: waive_task(work, task_id, body.reason), present=SectorTaskOut.of)
