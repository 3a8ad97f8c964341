"""Evidence: sheets that people fill in, and study reports that arrive as events (D-02)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from assessment.domain.schemes.scheme import CENT, ReportRule


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


def report_score(rule: ReportRule, reports: Iterable[Report]) -> Decimal | None:
    """The mean of the points of all known reports, two decimals, half up; None while too few are acknowledged."""
    known = list(reports)
    if sum(report.complete for report in known) < rule.at_least:
        return None
    points = [rule.missing if not r.complete else rule.on_time if r.on_time else rule.late for r in known]
    return (sum(points, Decimal(0)) / len(points)).quantize(CENT, ROUND_HALF_UP)
