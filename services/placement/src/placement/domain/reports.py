"""Study reports: due for every period of the term, acknowledged by each recipient (D-02)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from placement.domain.facts import ReportAcknowledged, ReportOverdue
from placement.domain.policies import ReportRules
from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict, RuleViolated


class ReportState(StrEnum):
    """Due, handed in, taken note of by all; or overdue, returned, or not owed any more."""

    DUE = "due"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACKNOWLEDGED = "acknowledged"
    LAPSED = "lapsed"


S = ReportState

RECIPIENT_ROLES = {"sending_unit": Role.UNIT_OFFICER, "region": Role.REGIONAL_OFFICER}
_TRAINEE = frozenset({Role.APPLICANT})
_RECIPIENTS = frozenset(RECIPIENT_ROLES.values())
_ITSELF = frozenset({Role.SYSTEM})
OWED = (S.DUE, S.OVERDUE, S.RETURNED)

REPORT = Lifecycle(
    "report",
    initial=S.DUE,
    transitions=[
        *arrows("submit", OWED, S.SUBMITTED, _TRAINEE),
        Transition("mark-overdue", S.DUE, S.OVERDUE, _ITSELF),
        Transition("acknowledge", S.SUBMITTED, S.SUBMITTED, _RECIPIENTS),
        Transition("complete", S.SUBMITTED, S.ACKNOWLEDGED, _ITSELF),
        Transition("return", S.SUBMITTED, S.RETURNED, _RECIPIENTS),
        *arrows("lapse", OWED, S.LAPSED, _ITSELF),
    ],
)


@dataclass(kw_only=True)
class Report(Aggregate):
    """A trainee's report on one period. The text is never analysed; recipients take note of it (domain.md 7.4).

    ``acknowledged`` maps each recipient that has taken note to the day it did.
    """

    lifecycle: ClassVar[Lifecycle[ReportState]] = REPORT

    participation: UUID
    period: str
    covers_from: date
    covers_to: date
    due_on: date
    recipients: list[str]
    state: ReportState = ReportState.DUE
    text: str | None = None
    reference: str | None = None
    submitted_on: date | None = None
    acknowledged: dict[str, date] = field(default_factory=dict)
    return_reason: str | None = None

    def submit(self, text: str, reference: str | None, *, on: date, by: Actor) -> None:
        """Hand the report in; after a return all recipients read it anew.

        Raises:
            RuleViolated: ``report-too-early`` before the period has begun.
        """
        self._advance("submit", by)
        if on < self.covers_from:
            raise RuleViolated(
                "report-too-early", f"The period of this report begins on {self.covers_from}.", rule="D-02"
            )
        self.text, self.reference, self.submitted_on = text, reference, on
        self.acknowledged, self.return_reason = {}, None

    def acknowledge(self, *, on: date, by: Actor, itself: Actor) -> ReportAcknowledged:
        """One recipient takes note; with the last one the report is done.

        Raises:
            Conflict: ``acknowledged-already``.
        """
        self._advance("acknowledge", by)
        mine = [name for name in self.recipients if by.has(RECIPIENT_ROLES[name])]
        open_ones = [name for name in mine if name not in self.acknowledged]
        if not open_ones:
            raise Conflict("acknowledged-already", "You have acknowledged this report already.", rule="D-02")
        self.acknowledged = {**self.acknowledged, open_ones[0]: on}
        complete = set(self.acknowledged) == set(self.recipients)
        if complete:
            self._advance("complete", itself)
        assert self.submitted_on is not None
        return ReportAcknowledged(self.participation, self.id, self.period, self.due_on, self.submitted_on, complete)

    def send_back(self, reason: str, *, by: Actor) -> None:
        """A recipient asks for a better one."""
        self._advance("return", by)
        self.return_reason = reason

    def mark_overdue(self, *, by: Actor) -> ReportOverdue:
        """The due date has passed."""
        self._advance("mark-overdue", by)
        return ReportOverdue(self.participation, self.id, self.period, self.due_on)

    def lapse(self, *, by: Actor) -> None:
        """The period will not be lived through; nothing is owed for it."""
        self._advance("lapse", by)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def periods(start: date, end: date, rules: ReportRules, *, first: int = 1) -> Iterator[tuple[int, date, date, date]]:
    """(number, covers from, covers to, due on) for every period from the arrival to the planned end.

    A last stretch shorter than half a period joins the period before it, so that nobody reports on three days. A policy
    without reports has no period.
    """
    if rules.every_months == 0:
        return
    cuts = [start]
    while (following := add_months(start, rules.every_months * len(cuts))) <= end:
        cuts.append(following)
    if len(cuts) > 1 and (end - cuts[-1]).days + 1 < rules.every_months * 15:
        cuts.pop()
    for index, covers_from in enumerate(cuts):
        covers_to = cuts[index + 1] - timedelta(days=1) if index + 1 < len(cuts) else end
        yield first + index, covers_from, covers_to, covers_to + timedelta(days=rules.due_days)
