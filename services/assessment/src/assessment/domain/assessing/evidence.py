"""Evidence: sheets that people fill in, and what arrives as events: study reports, attendance, questions (D-02, K-04)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from assessment.domain.schemes.components import CENT, AttendanceRule, Component, QuestionRule, ReportRule


@dataclass(slots=True)
class Report:
    """What is known of one study report.

    Attributes:
        period: code of the period it covers.
        submitted_on: None while nothing was submitted.
        complete: True when every recipient has acknowledged it.
    """

    period: str
    due_on: date
    submitted_on: date | None = None
    complete: bool = False

    @property
    def on_time(self) -> bool:
        """True when it was submitted by the day it was due."""
        return self.submitted_on is not None and self.submitted_on <= self.due_on


@dataclass(frozen=True, slots=True)
class Attendance:
    """What a class that is over says of one participant: lectures held and attended, questions put to the register."""

    held: int
    attended: int
    questions: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One score and who gave it.

    Attributes:
        by: account of the person, or ``system:assessment`` for a computed score.
        organisation: path of the organisation the person acted for.
    """

    score: Decimal
    by: str
    organisation: str
    at: datetime


def computed_score(component: Component, reports: Iterable[Report], attendance: Attendance | None) -> Decimal | None:
    """The score of a computed component from what has arrived; None while it cannot be said, or for a sheet."""
    if component.reports is not None:
        return report_score(component.reports, reports)
    if attendance is None:
        return None
    if component.attendance is not None:
        return attendance_score(component.attendance, attendance)
    if component.questions is not None:
        return question_score(component.questions, attendance)
    return None


def report_score(rule: ReportRule, reports: Iterable[Report]) -> Decimal | None:
    """The mean of the points of all known reports, two decimals, half up; None while too few are acknowledged."""
    known = list(reports)
    if sum(report.complete for report in known) < rule.at_least:
        return None
    points = [rule.missing if not r.complete else rule.on_time if r.on_time else rule.late for r in known]
    return (sum(points, Decimal(0)) / len(points)).quantize(CENT, ROUND_HALF_UP)


def attendance_score(rule: AttendanceRule, known: Attendance) -> Decimal:
    """Full points times the share attended, two decimals, half up; a class that held nothing gives full points."""
    share = Decimal(min(known.attended, known.held)) / known.held if known.held else Decimal(1)
    return (rule.full * share).quantize(CENT, ROUND_HALF_UP)


def question_score(rule: QuestionRule, known: Attendance) -> Decimal:
    """Points in proportion to the questions, full from ``full_at`` on; two decimals, half up."""
    return (rule.full * min(known.questions, rule.full_at) / rule.full_at).quantize(CENT, ROUND_HALF_UP)
