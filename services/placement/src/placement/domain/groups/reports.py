"""The report of a study group: written by its leader, read by region and sending units, each for itself (D-02)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict, RuleViolated


class GroupReportState(StrEnum):
    """Due, handed in, taken note of by all; or overdue, returned, or not owed any more."""

    DUE = "due"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACKNOWLEDGED = "acknowledged"
    LAPSED = "lapsed"


S = GroupReportState
GROUP_REPORT_OWED = (S.DUE, S.OVERDUE, S.RETURNED)
_LEADER = frozenset({Role.GROUP_LEADER, Role.APPLICANT})
_RECIPIENTS = frozenset({Role.UNIT_OFFICER, Role.REGIONAL_OFFICER})
_ITSELF = frozenset({Role.SYSTEM})

GROUP_REPORT = Lifecycle(
    "group report",
    initial=S.DUE,
    transitions=[
        *arrows("submit", GROUP_REPORT_OWED, S.SUBMITTED, _LEADER),
        Transition("mark-overdue", S.DUE, S.OVERDUE, _ITSELF),
        Transition("acknowledge", S.SUBMITTED, S.SUBMITTED, _RECIPIENTS),
        Transition("complete", S.SUBMITTED, S.ACKNOWLEDGED, _ITSELF),
        Transition("return", S.SUBMITTED, S.RETURNED, _RECIPIENTS),
        *arrows("lapse", GROUP_REPORT_OWED, S.LAPSED, _ITSELF | {Role.REGIONAL_OFFICER}),
    ],
)


@dataclass(kw_only=True)
class GroupReport(Aggregate):
    """A group's report on one period; the text is never analysed (domain.md 7.4).

    ``recipients`` are organisation paths, fixed when it is handed in; ``acknowledged`` maps each that has taken note to
    the day it did.
    """

    lifecycle: ClassVar[Lifecycle[GroupReportState]] = GROUP_REPORT

    group: UUID
    period: int
    covers_from: date
    covers_to: date
    due_on: date
    recipients: list[str] = field(default_factory=list)
    state: GroupReportState = GroupReportState.DUE
    text: str | None = None
    reference: str | None = None
    attachment_sha256: str | None = None
    submitted_on: date | None = None
    acknowledged: dict[str, date] = field(default_factory=dict)
    return_reason: str | None = None

    def submit(
        self, text: str, reference: str | None, sha256: str | None, recipients: list[str], *, on: date, by: Actor
    ) -> None:
        """Hand the report in; after a return all recipients read it anew.

        Raises:
            RuleViolated: ``report-too-early`` before the period has begun.
        """
        self._advance("submit", by)
        if on < self.covers_from:
            raise RuleViolated(
                "report-too-early", f"The period of this report begins on {self.covers_from}.", rule="D-02"
            )
        self.text, self.reference, self.attachment_sha256, self.submitted_on = text, reference, sha256, on
        self.recipients, self.acknowledged, self.return_reason = recipients, {}, None

    def acknowledge(self, *, on: date, by: Actor, itself: Actor) -> None:
        """The caller's organisation takes note; with the last one the report is done.

        Raises:
            Conflict: ``acknowledged-already``, also for an office that is no recipient.
        """
        self._advance("acknowledge", by)
        if by.organisation not in self.recipients or by.organisation in self.acknowledged:
            raise Conflict("acknowledged-already", "You have acknowledged this report already.", rule="D-02")
        self.acknowledged = {**self.acknowledged, by.organisation: on}
        if set(self.acknowledged) == set(self.recipients):
            self._advance("complete", itself)

    def send_back(self, reason: str, *, by: Actor) -> None:
        """A recipient asks for a better one."""
        self._advance("return", by)
        self.return_reason = reason

    def mark_overdue(self, *, by: Actor) -> None:
        """The due date has passed."""
        self._advance("mark-overdue", by)

    def lapse(self, *, by: Actor) -> None:
        """The group is over; nothing is owed for the rest."""
        self._advance("lapse", by)
