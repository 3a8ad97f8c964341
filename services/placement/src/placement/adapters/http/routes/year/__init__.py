"""Routes of the year at the host, and what is done in the background for them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from placement.adapters.http.routes.year import checkins, drawing, group_reports, groups, inspections, meetings
from placement.usecases.checkins.keep_checkins import forget, invite
from placement.usecases.groups.form_groups import let_go
from placement.usecases.groups.report_for_groups import mark_group_reports_overdue
from shared.messaging.duties import Duty

ROUTERS: list[APIRouter] = [
    groups.router,
    group_reports.router,
    meetings.router,
    inspections.router,
    drawing.router,
    checkins.router,
]


async def _let_go(work: Any) -> int:
    return await let_go(work)


async def _mark_overdue(work: Any) -> int:
    return await mark_group_reports_overdue(work)


async def _invite(work: Any) -> int:
    return await invite(work)


async def _forget(work: Any) -> int:
    return await forget(work)


DUTIES = [
    Duty("group-leavers", 5.0, _let_go),
    Duty("overdue-group-reports", 5.0, _mark_overdue),
    Duty("checkin-invitations", 60.0, _invite),
    Duty("checkins-forgotten", 3600.0, _forget),
]
