"""Obligations of study groups: what leaders write and what offices read (D-02)."""

from __future__ import annotations

from sqlalchemy import case, func, literal

from placement.adapters.db.obligations.source import Source, days_after, of_each, source
from placement.adapters.db.tables import group_report, study_group
from placement.domain.groups.reports import GROUP_REPORT_OWED, GroupReportState
from shared.kernel.actor import Role

_rows = group_report.join(study_group, study_group.c.id == group_report.c.group)
_reader = func.jsonb_array_elements_text(group_report.c.recipients).table_valued("value", name="reader")
_reader = _reader.render_derived()
_GROUP = {
    "session": study_group.c.session,
    "programme": study_group.c.programme,
    "policy_version": study_group.c.policy_version,
}
_OFFICES = frozenset({Role.UNIT_OFFICER, Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR})


GROUPS: list[Source] = [
    source(
        "submit-group-report",
        group_report,
        owed_by="group_leader",
        due_on=group_report.c.due_on,
        where=group_report.c.state.in_(GROUP_REPORT_OWED),
        rows=_rows,
        of_placement=False,
        seen_by=_OFFICES | {Role.GROUP_LEADER, Role.APPLICANT},
        unit=study_group.c.region,
        assigned=study_group.c.leader_account,
        **_GROUP,
    ),
    of_each(
        source(
            "acknowledge-group-report",
            group_report,
            owed_by=case((_reader.c.value == study_group.c.region, "region"), else_="sending_unit"),
            due_on=days_after(
                "acknowledge-group-report",
                func.greatest(group_report.c.due_on, group_report.c.submitted_on),
                14,
                study_group,
            ),
            where=(group_report.c.state == GroupReportState.SUBMITTED)
            & ~func.jsonb_exists(group_report.c.acknowledged, _reader.c.value),
            rows=_rows.join(_reader, literal(True)),
            of_placement=False,
            seen_by=_OFFICES,
            unit=_reader.c.value,
            **_GROUP,
        ),
        "unit",
    ),
]
"""Every kind of obligation that a group brings."""
