"""Online courses, completions and hours over HTTP (D-07)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Query as QueryParameter
from sqlalchemy import select

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.course_sheets import read_completions
from placement.adapters.http.schemas.common import Items
from placement.adapters.http.schemas.online import (
    CourseCompletionIn,
    CourseCompletionOut,
    CourseHoursOut,
    CourseImportOut,
    OnlineCatalogueOut,
    OnlineCourseIn,
    OnlineCourseOut,
)
from placement.adapters.http.scoping import PREFIX, filtered, person_columns, visible
from placement.domain.online import Subject, hours_of
from placement.domain.policies import Rules
from placement.usecases.online.import_completions import import_completions
from placement.usecases.online.register_courses import register_courses
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS, UPLOAD_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf
from shared.http.uploads import UploadGuard
from shared.kernel.actor import Relation
from shared.sheets.located import imported
from shared.sheets.writing import CSV_TYPE, XLSX_TYPE

router = APIRouter(prefix=PREFIX, tags=["online courses"])
Do = Command[SqlPlacementWork]
Page = Annotated[PageParameters, Depends(page_parameters)]
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (XLSX_TYPE, CSV_TYPE)},
    }
}


@router.put("/online-courses", response_model=OnlineCatalogueOut, responses=PROBLEMS)
async def put_courses(
    body: Items[OnlineCourseIn], do: Annotated[Do, Depends(command("online-course.register"))]
) -> Response:
    """Bring the catalogue up to date; what is not named stays as it is."""
    entries = [one.entry() for one in body.items]
    return await do.run(lambda work: register_courses(work, entries), present=OnlineCatalogueOut.of)


@router.get("/online-courses", response_model=PageOf[OnlineCourseOut], responses=READ_PROBLEMS)
async def list_courses(
    read: Annotated[Query, Depends(query("online-course.read"))], page: Page, provider: str | None = None
) -> Response:
    """The catalogue."""
    table = tables.online_course
    found = filtered(select(table).where(read.scope.where({})), {table.c.provider: provider})
    return await read.page(
        found, table, page, lambda row: OnlineCourseOut(**row._mapping), filters={"provider": provider}
    )


@router.post("/course-completions", response_model=CourseImportOut, responses=PROBLEMS)
async def post_completions(
    body: Items[CourseCompletionIn], do: Annotated[Do, Depends(command("course-completion.import"))]
) -> Response:
    """Record completions, all or none; the same list again changes nothing."""
    entries = [one.entry() for one in body.items]
    return await do.run(lambda work: import_completions(work, entries), present=CourseImportOut.of)


@router.post(
    "/course-completions/sheet", response_model=CourseImportOut, responses=UPLOAD_PROBLEMS, openapi_extra=_FILE
)
async def post_sheet(
    request: Request, do: Annotated[Do, Depends(UploadGuard("course-completion.import", 4_000_000))]
) -> Response:
    """Record the completions of a sheet (.xlsx or .csv); every cell that is wrong is named and nothing is written."""
    read = read_completions(await request.body())
    return await do.run(
        lambda work: imported(read, lambda entries: import_completions(work, entries)), present=CourseImportOut.of
    )


@router.get("/course-completions", response_model=PageOf[CourseCompletionOut], responses=READ_PROBLEMS)
async def list_completions(
    read: Annotated[Query, Depends(query("course-completion.read"))],
    page: Page,
    participation: UUID | None = None,
    course: str | None = None,
) -> Response:
    """Completions of the people the caller may see."""
    table = tables.course_completion
    found = filtered(visible(table, read.scope), {table.c.participation: participation, table.c.course: course})
    return await read.page(
        found, table, page, lambda row: CourseCompletionOut(**row._mapping),
        filters={"participation": participation, "course": course},
    )  # fmt: skip


@router.get("/placements/{participation}/course-hours", response_model=CourseHoursOut, responses=READ_PROBLEMS)
async def read_hours(
    participation: UUID,
    read: Annotated[Query, Depends(query("course-completion.read"))],
    year: Annotated[int, QueryParameter(ge=2000, le=2200)],
) -> Response:
    """Hours of one person in a calendar year."""
    case, table = tables.placement, tables.course_completion
    columns = person_columns() | {Relation.ASSIGNED: case.c.mentor == read.actor.subject}
    policy = tables.policy
    stands = (policy.c.programme == case.c.programme) & (policy.c.policy_version == case.c.policy_version)
    row = await read.one(
        select(policy.c.effective).join(case, stands).where(case.c.id == participation, read.scope.where(columns))
    )
    rules = Rules.of(row.effective).year.courses
    rows = await read.all(
        select(table.c.subject, table.c.hours).where(
            table.c.participation == participation, table.c.completed_on.between(date(year, 1, 1), date(year, 12, 31))
        )
    )
    hours = hours_of(rules, year, [(Subject(row.subject), row.hours) for row in rows])
    return read.answer(CourseHoursOut.of(participation, hours))
