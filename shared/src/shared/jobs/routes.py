"""Routes of jobs that every service with long work has: list, read, cancel, restart."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Table, select

from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import Body, PageOf
from shared.jobs.shapes import ConfirmJobBody, JobOut
from shared.kernel.actor import Relation, Role
from shared.kernel.job import Job
from shared.work.mapping import Mapping
from shared.work.policy import Rule

_ACTIONS: Final = ("read", "confirm", "cancel", "restart")


class JobNothing(Body):
    """An empty object: the address says everything."""


def job_rules(roles: set[Role] | frozenset[Role]) -> list[Rule]:
    """Policy rows of these routes: jobs of the caller's own organisation."""
    return [Rule(f"job.{action}", roles, Relation.OWN_UNIT) for action in _ACTIONS]


def job_router(service: str, table: Table) -> APIRouter:
    """The router of ``service``'s jobs.

    Args:
        service: name of the service.
        table: its ``job`` table; the unit of work has a store ``jobs`` over it.
    """
    router = APIRouter(prefix=f"/v1/{service}/jobs", tags=["jobs"])
    mapping = Mapping(Job, table)
    shown = select(*mapping.columns)

    def thing(row: Any) -> Job:
        return mapping.thing(tuple(row)[: len(mapping.columns)])

    def visible(read: Query) -> Any:
        return read.scope.where({Relation.SELF: table.c.owner, Relation.OWN_UNIT: table.c.organisation})

    async def held(work: Any, job_id: UUID) -> Job:
        job: Job = await work.jobs.get(job_id)
        work.authorise(job.facets)
        found: Job = await work.jobs.get(job_id, target=True)
        return found

    @router.get("", response_model=PageOf[JobOut], responses=READ_PROBLEMS)
    async def list_jobs(
        read: Annotated[Query, Depends(query("job.read"))],
        page: Annotated[PageParameters, Depends(page_parameters)],
    ) -> Response:
        """Jobs of the caller's organisation."""
        return await read.page(
            shown.where(visible(read)), table, page, lambda row: JobOut.of(thing(row), read.actor)
        )  # fmt: skip

    @router.get("/{job_id}", response_model=JobOut, responses=READ_PROBLEMS)
    async def read_job(job_id: UUID, read: Annotated[Query, Depends(query("job.read"))]) -> Response:
        """State and progress."""
        row = await read.one(shown.where(table.c.id == job_id, visible(read)))
        return read.answer(JobOut.of(thing(row), read.actor))

    @router.post("/{job_id}/confirm", response_model=JobOut, responses=PROBLEMS)
    async def post_confirm(
        job_id: UUID, body: ConfirmJobBody, do: Annotated[Command[Any], Depends(command("job.confirm"))]
    ) -> Response:
        """Apply what was checked; once for all, a second time changes nothing."""

        async def act(work: Any) -> Job:
            job = await held(work, job_id)
            job.confirm(work.actor, leave_out_wrong=body.leave_out_wrong)
            return job

        return await do.run(act, present=JobOut.of)

    @router.post("/{job_id}/cancel", response_model=JobOut, responses=PROBLEMS)
    async def post_cancel(
        job_id: UUID, body: JobNothing, do: Annotated[Command[Any], Depends(command("job.cancel"))]
    ) -> Response:
        """Stop a job; what it already did stays."""
        del body

        async def act(work: Any) -> Job:
            job = await held(work, job_id)
            job.cancel(work.actor, work.now)
            return job

        return await do.run(act, present=JobOut.of)

    @router.post("/{job_id}/restart", response_model=JobOut, responses=PROBLEMS)
    async def post_restart(
        job_id: UUID, body: JobNothing, do: Annotated[Command[Any], Depends(command("job.restart"))]
    ) -> Response:
        """Begin a failed or cancelled job again."""
        del body

        async def act(work: Any) -> Job:
            job = await held(work, job_id)
            job.restart(work.actor)
            return job

        return await do.run(act, present=JobOut.of)

    return router
