"""Archives and figures on the wire."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.http.resources import Resource


class TimelineMoment(Resource):
    """One dated moment: what happened (or is due) to which thing."""

    on: date
    what: str
    subject_kind: str
    subject: UUID
    detail: str | None


class TimelineOut(Resource):
    """The moments of one placement in order of days."""

    participation: UUID
    moments: list[TimelineMoment]


class HostSession(Resource):
    """One session at a host: places, people, how it went; ``findings`` of the inspections that were conducted."""

    session: str
    offers: int = 0
    places: int = 0
    accepted: int = 0
    placements: int = 0
    arrived_on_time: int = 0
    arrived_late: int = 0
    no_shows: int = 0
    ended_normally: int = 0
    ended_early: int = 0
    running: int = 0
    mentors: int = 0
    inspections: int = 0
    findings: int = 0


class HostArchive(Resource):
    """A host over the years, the latest session first."""

    host: str
    items: list[HostSession]
    next_cursor: str | None = None


class FiguresTerms(Resource):
    """Arrivals and ends; ``on_time_share`` is of those expected, in parts of one, null when nobody is."""

    placed: int
    expected: int
    on_time: int
    late: int
    no_show: int
    cancelled: int
    running: int
    ended_normally: int
    ended_early: int
    returned: int
    on_time_share: float | None
    completion_share: float | None = Field(description="of all that ended after they began, those that ended normally")


class FiguresReports(Resource):
    """Study reports whose last day has passed."""

    due: int
    on_time: int
    late: int
    missing: int
    on_time_share: float | None


class FiguresOverdue(Resource):
    """How much of one kind one side owes at one host."""

    kind: str
    owed_by: str
    host: str | None
    count: int


class FiguresOut(Resource):
    """The figures of a session (or of all) as of a day, within the caller's sight."""

    as_of: date
    session: str | None
    terms: FiguresTerms
    reports: FiguresReports | None = Field(description="absent for those who hear nothing of reports (D-02)")
    overdue: list[FiguresOverdue]


def share(part: int, whole: int) -> float | None:
    """A share to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None
