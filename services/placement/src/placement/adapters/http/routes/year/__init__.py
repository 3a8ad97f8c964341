"""Routes of the year at the host, and what is done in the background for them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from placement.adapters.http.routes.year import drawing, group_reports, groups, inspections, meetings
from placement.usecases.groups.form_groups import let_go
from placement.usecases.groups.report_for_groups import mark_group_reports_overdue
from shared.messaging.duties import Duty

ROUTERS: list[APIRouter] = [groups.router, group_reports.router, meetings.router, inspections.router, drawing.router]


async def _let_go(work: Any) -> int:
    return await let_go(work)


async def _mark_overdue(work: Any) -> int:
    return await mark_group_reports_overdue(work)


DUTIES = [Duty("group-leavers", 5.0, _let_go), Duty("overdue-group-reports", 5.0, _mark_overdue)]
