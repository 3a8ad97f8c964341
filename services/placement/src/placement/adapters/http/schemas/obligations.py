"""Obligations on the wire."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from shared.http.resources import Resource
from shared.work.unit import PLACE

SOON_DAYS = 7
"""How many days before its last day a thing counts as due rather than upcoming."""

_LINKS = {
    "placement": "placements",
    "agreement": "agreements",
    "agreement_filing": "agreement-filings",
    "pre_training": "pre-trainings",
    "mentorship": "mentorships",
    "plan": "plans",
    "report": "reports",
    "short_class": "classes",
    "mission": "missions",
    "group_report": "group-reports",
    "inspection": "inspections",
    "sector_task": "sector-tasks",
}


class ObligationUrgency(StrEnum):
    """How pressing it is on the day of asking."""

    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"

    @classmethod
    def on(cls, due_on: date, today: date) -> ObligationUrgency:
        """Overdue from the day after the last one; due in the seven days up to it."""
        if due_on < today:
            return cls.OVERDUE
        return cls.DUE if due_on <= today + timedelta(days=SOON_DAYS) else cls.UPCOMING


class ObligationOut(Resource):
    """Something due: what, from whom, until when, and the thing to act on."""

    id: UUID = Field(description="the same for as long as the thing is owed by the same side")
    kind: str
    participation: UUID | None
    subject_kind: str
    subject: UUID
    link: str | None = Field(description="where the thing is read; it says what may be done")
    owed_by: str
    session: str | None
    host: str | None
    due_on: date
    due_at: datetime = Field(description="the end of the last day where the programme runs")
    urgency: ObligationUrgency
    state: str
    escalated_to: list[str] = Field(default=[], description="offices it was brought before, in this order")

    @classmethod
    def row(cls, row: Any, today: date, escalated_to: list[str] | None = None) -> ObligationOut:
        """A row of the sources, as it is on ``today``."""
        members = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        place = _LINKS.get(row.subject_kind)
        return cls(
            **members,
            link=place and f"/v1/placement/{place}/{row.subject}",
            due_at=datetime.combine(row.due_on + timedelta(days=1), time(), PLACE),
            urgency=ObligationUrgency.on(row.due_on, today),
            escalated_to=escalated_to or [],
        )


class ObligationsOut(Resource):
    """What is due, the earliest first; ``more`` when there is more than could be shown."""

    items: list[ObligationOut]
    more: bool
    next_cursor: str | None = None
