"""Study reports over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from placement.adapters.db import tables
from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.adapters.http.schemas.common import NOTHING, Done, Items, NoMembers, ReasonText
from placement.adapters.http.schemas.reports import ReportOut, ReportRef, SubmitIn
from placement.adapters.http.scoping import PREFIX, bound, filtered, visible
from placement.usecases.reports.handle_reports import acknowledge_reports, return_report, submit_report
from shared.http.commands import Command
from shared.http.guards import command, query
from shared.http.problems import PROBLEMS, READ_PROBLEMS
from shared.http.queries import PageParameters, Query, page_parameters
from shared.http.resources import PageOf

router = APIRouter(prefix=PREFIX, tags=["reports"])
table = tables.report
Acknowledging = Annotated[Command[SqlPlacementWork], Depends(command("report.acknowledge"))]


@router.post("/reports/{report_id}/submit", response_model=ReportOut, responses=PROBLEMS)
async def post_submit(
    report_id: UUID,
    body: SubmitIn,
    command: Annotated[Command[SqlPlacementWork], Depends(command("report.submit"))],
) -> Response:
    """Hand in one's own report (D-02)."""
    return await command.run(
        lambda work: submit_report(work, report_id, body.text, body.reference), present=ReportOut.of
    )


@router.post("/reports/{report_id}/acknowledge", response_model=ReportOut, responses=PROBLEMS)
async def post_acknowledge(report_id: UUID, command: Acknowledging, _: NoMembers = NOTHING) -> Response:
    """Take note of one report for the caller's side."""
    return await command.run(
        lambda work: acknowledge_reports(work, [report_id], alone=True),
        present=lambda reports, actor: ReportOut.of(reports[0], actor),
    )


@router.post("/acknowledgements", response_model=Done, responses=PROBLEMS)
async def post_acknowledgements(body: Items[ReportRef], command: Acknowledging) -> Response:
    """Take note of a list of reports for the caller's side."""
    ids = [item.report for item in body.items]
    return await command.run(lambda work: acknowledge_reports(work, ids), present=Done.of)


@router.post("/reports/{report_id}/return", response_model=ReportOut, responses=PROBLEMS)
async def post_return(
    report_id: UUID,
    body: ReasonText,
    command: Annotated[Command[SqlPlacementWork], Depends(command("report.return"))],
) -> Response:
    """Ask for a better report."""
    return await command.run(lambda work: return_report(work, report_id, body.reason), present=ReportOut.of)


@router.get("/reports", response_model=PageOf[ReportOut], responses=READ_PROBLEMS)
async def list_reports(
    query: Annotated[Query, Depends(query("report.read"))],
    page: Annotated[PageParameters, Depends(page_parameters)],
    participation: UUID | None = None,
    state: str | None = None,
    period: str | None = None,
    session: str | None = None,
) -> Response:
    """Reports the caller may see; the host is no recipient."""
    filters = {
        table.c.participation: participation,
        table.c.state: state,
        table.c.period: period,
        tables.placement.c.session: session,
    }
    return await query.page(
        filtered(visible(table, query.scope), filters),
        table,
        page,
        lambda row: ReportOut.row(row, query.actor),
        filters=bound(filters),
    )


@router.get("/reports/{report_id}", response_model=ReportOut, responses=READ_PROBLEMS)
async def read_report(report_id: UUID, query: Annotated[Query, Depends(query("report.read"))]) -> Response:
    """One report."""
    row = await query.one(visible(table, query.scope).where(table.c.id == report_id))
    return query.answer(ReportOut.row(row, query.actor))
