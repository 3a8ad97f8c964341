"""Obligations of cases and of what hangs on one placement."""

from __future__ import annotations

from sqlalchemy import Date, case, cast, func, literal

from placement.adapters.db.obligations.source import Source, days_after, source
from placement.adapters.db.tables import agreement, mentorship, placement, plan, report
from placement.domain.agreements import AgreementState
from placement.domain.mentorships import MentorshipState
from placement.domain.placements.states import PlacementState
from placement.domain.plans import PlanState
from placement.domain.reports import OWED, ReportState
from shared.kernel.actor import Role

SENDING_SIDE = frozenset(
    {Role.APPLICANT, Role.UNIT_OFFICER, Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER, Role.AUDITOR}
)
"""Hosts and mentors hear nothing of study reports (D-02)."""
_party = func.jsonb_array_elements(agreement.c.parties).table_valued("value", name="party").render_derived()
_signer = func.jsonb_extract_path_text(_party.c.value, "identity")
_reader = func.jsonb_array_elements_text(report.c.recipients).table_valued("value", name="recipient").render_derived()

CASES: list[Source] = [
    source(
        "decide-proposal",
        placement,
        owed_by="host",
        due_on=days_after(
            "decide-proposal", func.coalesce(placement.c.proposed_on, cast(placement.c.updated_at, Date)), 14
        ),
        where=placement.c.state == PlacementState.PROPOSED,
    ),
    source(
        "record-arrival",
        placement,
        owed_by="host",
        due_on=placement.c.planned_start,
        where=placement.c.state == PlacementState.CONFIRMED,
    ),
    source(
        "sign-agreement",
        agreement,
        owed_by=func.jsonb_extract_path_text(_party.c.value, "role"),
        due_on=placement.c.planned_start,
        rows=agreement.join(placement, placement.c.id == agreement.c.participation).join(_party, literal(True)),
        where=(agreement.c.state == AgreementState.OFFERED)
        & func.jsonb_extract_path_text(_party.c.value, "signed_on").is_(None),
        apart=case(
            (_signer.in_([placement.c.account, placement.c.sending_unit, placement.c.host]), literal("")),
            else_=literal(":").concat(_signer),
        ),
        host=case((func.jsonb_extract_path_text(_party.c.value, "role") == "host", _signer), else_=placement.c.host),
    ),
    source(
        "record-pre-contact",
        mentorship,
        owed_by="mentor",
        due_on=placement.c.planned_start,
        where=mentorship.c.state == MentorshipState.PROPOSED,
    ),
    source(
        "consult-plan",
        plan,
        owed_by="trainee",
        due_on=placement.c.planned_start,
        where=plan.c.state == PlanState.DRAFT,
    ),
    source(
        "submit-report",
        report,
        owed_by="trainee",
        due_on=report.c.due_on,
        where=report.c.state.in_(OWED),
        seen_by=SENDING_SIDE,
    ),
    source(
        "acknowledge-report",
        report,
        owed_by=_reader.c.value,
        due_on=days_after("acknowledge-report", func.greatest(report.c.due_on, report.c.submitted_on), 14),
        rows=report.join(placement, placement.c.id == report.c.participation).join(_reader, literal(True)),
        where=(report.c.state == ReportState.SUBMITTED) & ~func.jsonb_exists(report.c.acknowledged, _reader.c.value),
        seen_by=SENDING_SIDE,
    ),
]
"""Every kind of obligation that a case and its papers bring."""
