"""Study reports and obligations on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from placement.adapters.http.schemas.common import Line, Prose
from placement.domain.reports import REPORT, Report, ReportState
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor


class SubmitIn(Body):
    """A report: its text, and where an attached document is kept."""

    text: Prose
    reference: Line | None = None


class ReportRef(Body):
    """One report."""

    report: UUID


class ReportOut(Resource):
    """A study report, due or done."""

    id: UUID
    version: int
    state: ReportState
    allowed_actions: list[str]
    participation: UUID
    period: str
    covers_from: date
    covers_to: date
    due_on: date
    recipients: list[str]
    submitted_on: date | None
    text: str | None
    reference: str | None
    acknowledged_unit_on: date | None
    acknowledged_region_on: date | None
    complete: bool
    return_reason: str | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, report: Report, actor: Actor) -> ReportOut:
        """The answer to a command."""
        members = {name: getattr(report, name) for name in cls.model_fields if hasattr(report, name)}
        members["allowed_actions"] = report.allowed_actions(actor)
        return cls(**members | _acknowledged(report.acknowledged, report.state))

    @classmethod
    def row(cls, row: Any, actor: Actor) -> ReportOut:
        """A row of the table."""
        members = dict(row._mapping)
        members["allowed_actions"] = REPORT.allowed(ReportState(row.state), actor)
        return cls(**members | _acknowledged(row.acknowledged, row.state))


def _acknowledged(days: Mapping[str, Any], state: str) -> dict[str, Any]:
    return {
        "acknowledged_unit_on": days.get("sending_unit"),
        "acknowledged_region_on": days.get("region"),
        "complete": state == ReportState.ACKNOWLEDGED,
    }
