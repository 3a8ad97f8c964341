"""Group reports over HTTP (D-02)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.routes.year.seeing import of_groups
from placement.adapters.http.schemas.common import NOTHING, NoMembers, ReasonText
from placement.adapters.http.schemas.year.groups import GroupReportIn, GroupReportOut
from placement.adapters.http.scoping import PREFIX, bound, filtered
from placement.usecases.groups.report_for_groups import (
    acknowledge_group_report,
    return_group_report,
    submit_group_report,
)
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix=f"{PREFIX}/group-reports", tags=["study groups"])
table = tables.group_report
Reading = Annotated[Query, Depends(query("group-report.read"))]


@router.post("/{report_id}/submit", response_model=GroupReportOut, responses=PROBLEMS)
async def post_submit(
    report_id: UUID,
    body: GroupReportIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("group-report.submit"))],
) -> Response:
    """Hand in the report of the group that the caller leads."""
    return await command.run(
        lambda work: submit_group_report(work, report_id, body.text, body.reference, body.attachment_sha256),
        present=GroupReportOut.of,
    )


@router.post("/{report_id}/acknowledge", response_model=GroupReportOut, responses=PROBLEMS)
async def post_acknowledge(
    report_id: UUID,
    command: Annotated[Command[SqlPlacementWork], Depends(command("group-report.acknowledge"))],
    _: NoMembers = NOTHING,
) -> Response:
    """Take note of a group report for the caller's office."""
    return await command.run(lambda work: acknowledge_group_report(work, report_id), present=GroupReportOut.of)


@router.post("/{report_id}/return", response_model=GroupReportOut, responses=PROBLEMS)
async def post_return(
    report_id: UUID,
    body: ReasonText,
    command: Annotated[Command[SqlPlacementWork], Depends(command("group-report.return"))],
) -> Response:
    """Ask for a better report."""
    return await command.run(lambda work: return_group_report(work, report_id, body.reason), present=GroupReportOut.of)


@router.get("", response_model=PageOf[GroupReportOut], responses=READ_PROBLEMS)
async def list_group_reports(
    query: Reading,
    page: Annotated[PageParameters, Depends(page_parameters)],
    group: UUID | None = None,
    state: str | None = None,
    session: str | None = None,
) -> Response:
    """Group reports the caller may see; hosts and mentors are no recipients."""
    filters = {table.c.group: group, table.c.state: state, tables.study_group.c.session: session}
    return await query.page(
        filtered(of_groups(table, query.scope), filters),
        table,
        page,
        lambda row: GroupReportOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/{report_id}", response_model=GroupReportOut, responses=READ_PROBLEMS)
async def read_group_report(report_id: UUID, query: Reading) -> Response:
    """One group report."""
    row = await query.one(of_groups(table, query.scope).where(table.c.id == report_id))
    return query.answer(GroupReportOut.row(row, query.actor))
