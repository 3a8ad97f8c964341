"""The stores of the year at the host, and what its constraints mean."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import exists, func, select

from placement.adapters.db import tables
from placement.adapters.db.checkins import CHECKIN_CONSTRAINTS, CheckinStores
from placement.domain.groups.group import GroupLogEntry, Membership, StudyGroup
from placement.domain.groups.meetings import Meeting
from placement.domain.groups.reports import GROUP_REPORT_OWED, GroupReport, GroupReportState
from placement.domain.inspections.drawing import InspectionDraw
from placement.domain.inspections.inspection import Inspection
from placement.domain.placements.states import PlacementState

_THERE = (PlacementState.CONFIRMED, PlacementState.ARRIVED, PlacementState.ACTIVE, PlacementState.SUSPENDED)
_OVER = (PlacementState.ENDED, PlacementState.RETURNED_TO_POST, PlacementState.CLOSED)

YEAR_CONSTRAINTS: dict[str, tuple[str, str]] = {
    **CHECKIN_CONSTRAINTS,
    "uq_group_membership_running": ("in-a-group", "This person is in a group already."),
    "uq_study_group_region_session_name": ("group-name-taken", "There is a group of this name in the session."),
    "uq_group_meeting_called": ("meeting-called", "The group meets at this time already."),
    "uq_inspection_planned": ("inspection-planned", "An inspection of this host is planned already."),
    "uq_inspection_draw_open": ("draw-open", "Confirm or discard the open draw first."),
    "uq_group_report_group_period": ("lost-race", "Somebody else was faster; read it again."),
}


class YearStores(CheckinStores):
    """Under the unit of work of placement; implements ``placement.usecases.year_ports``."""

    def keep_year(self) -> None:
        """Open the stores, in the order in which they are locked."""
        self.groups = self.store(StudyGroup, tables.study_group)
        self.memberships = self.store(Membership, tables.group_membership)
        self.group_log = self.store(GroupLogEntry, tables.group_log)
        self.group_reports = self.store(GroupReport, tables.group_report)
        self.meetings = self.store(Meeting, tables.meeting)
        self.inspections = self.store(Inspection, tables.inspection)
        self.inspection_draws = self.store(InspectionDraw, tables.inspection_draw)
        self.keep_checkins()

    async def members_gone(self, limit: int) -> list[UUID]:
        """See ``GroupWork.members_gone``."""
        member, placement, report = tables.group_membership, tables.placement, tables.group_report
        owes = exists().where(
            report.c.group == member.c.group,
            report.c.state.in_(GROUP_REPORT_OWED),
            report.c.covers_from <= placement.c.ended_on,
        )
        rows = await self.connection.execute(
            select(member.c.id)
            .join(placement, placement.c.id == member.c.participation)
            .where(
                member.c.left_on.is_(None),
                placement.c.state.in_(_OVER),
                (func.coalesce(placement.c.end_kind, "") != "normal") | ~owes,
            )
            .order_by(member.c.id)
            .limit(limit)
        )
        return list(rows.scalars())

    async def group_reports_due_before(self, day: date, limit: int) -> list[GroupReport]:
        """See ``GroupWork.group_reports_due_before``; rows somebody else holds are left for the next time."""
        table = tables.group_report
        ids = (
            await self.connection.execute(
                select(table.c.id)
                .where(table.c.state == GroupReportState.DUE, table.c.due_on < day)
                .order_by(table.c.due_on, table.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        ).scalars()
        return await self.group_reports.get_many(ids)

    async def hosts_with_trainees(self, region: str, programme: str, session: str) -> dict[str, str]:
        """See ``InspectionWork.hosts_with_trainees``."""
        placement = tables.placement
        unit = placement.c.sending_unit
        rows = await self.connection.execute(
            select(placement.c.host, func.min(placement.c.policy_version).label("policy"))
            .where(
                placement.c.programme == programme,
                placement.c.session == session,
                placement.c.state.in_(_THERE),
                (unit == region) | unit.startswith(region + "/", autoescape=True),
            )
            .group_by(placement.c.host)
        )
        return {row.host: row.policy for row in rows}
