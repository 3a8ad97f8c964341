"""What is due, from whom: read from the states of the things themselves, so that it can never disagree with them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CompoundSelect, Date, Select, Text, cast, func, literal, null, select, union_all

from placement.adapters.db.tables import agreement, mentorship, placement, plan, report
from placement.domain.agreements import AgreementState
from placement.domain.mentorships import MentorshipState
from placement.domain.placements.states import PlacementState
from placement.domain.plans import PlanState
from placement.domain.reports import OWED, ReportState

PERSON = ("account", "sending_unit", "host", "mentor")
"""Columns of the placement that decide who sees an obligation."""


def _due(kind: str, owed_by: Any, subject: Any, due_on: Any, state: Any) -> Select[Any]:
    return select(
        literal(kind).label("kind"),
        placement.c.id.label("participation"),
        subject.label("subject"),
        cast(owed_by, Text).label("owed_by"),
        cast(due_on, Date).label("due_on"),
        state.label("state"),
        *(placement.c[name] for name in PERSON),
    )


def obligations() -> CompoundSelect[Any]:
    """All that is due: kind, participation, subject, owed_by, due_on, state and the columns of ``PERSON``."""
    signature = func.jsonb_array_elements(agreement.c.parties).table_valued("value", name="party").render_derived()
    recipient = func.jsonb_array_elements_text(report.c.recipients).table_valued("value", name="recipient")
    recipient = recipient.render_derived()
    open_signature = func.jsonb_extract_path_text(signature.c.value, "signed_on").is_(None)
    return union_all(
        _due("decide-proposal", literal("host"), placement.c.id, null(), placement.c.state).where(
            placement.c.state == PlacementState.PROPOSED
        ),
        _due("record-arrival", literal("host"), placement.c.id, placement.c.planned_start, placement.c.state).where(
            placement.c.state == PlacementState.CONFIRMED
        ),
        _due(
            "sign-agreement",
            func.jsonb_extract_path_text(signature.c.value, "role"),
            agreement.c.id,
            placement.c.planned_start,
            agreement.c.state,
        )
        .select_from(agreement)
        .join(placement, placement.c.id == agreement.c.participation)
        .join(signature, literal(True))
        .where(agreement.c.state == AgreementState.OFFERED, open_signature),
        _due("record-pre-contact", literal("mentor"), mentorship.c.id, placement.c.planned_start, mentorship.c.state)
        .select_from(mentorship)
        .join(placement, placement.c.id == mentorship.c.participation)
        .where(mentorship.c.state == MentorshipState.PROPOSED),
        _due("consult-plan", literal("trainee"), plan.c.id, placement.c.planned_start, plan.c.state)
        .select_from(plan)
        .join(placement, placement.c.id == plan.c.participation)
        .where(plan.c.state == PlanState.DRAFT),
        _due("submit-report", literal("trainee"), report.c.id, report.c.due_on, report.c.state)
        .select_from(report)
        .join(placement, placement.c.id == report.c.participation)
        .where(report.c.state.in_(OWED)),
        _due("acknowledge-report", recipient.c.value, report.c.id, report.c.due_on, report.c.state)
        .select_from(report)
        .join(placement, placement.c.id == report.c.participation)
        .join(recipient, literal(True))
        .where(
            report.c.state == ReportState.SUBMITTED,
            ~func.jsonb_exists(report.c.acknowledged, recipient.c.value),
        ),
    )
