"""A finding: opened and judged by the auditor, answered and corrected by the audited (F-06)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from funding.domain.facts import FindingChanged
from funding.domain.roles import APPROVER, PREPARER, TREASURER
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows

AUDITOR: Final = frozenset({Role.AUDITOR})
AUDITED: Final = PREPARER | APPROVER | TREASURER | {Role.HOST_OFFICER, Role.UNIT_OFFICER, Role.REGIONAL_OFFICER}
"""Who answers for an organisation: the audited."""


class Severity(StrEnum):
    """How grave a finding is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class FindingState(StrEnum):
    """How far the audited and the auditor have come."""

    OPEN = "open"
    RESPONDED = "responded"
    CORRECTIVE_ACTION = "corrective_action"
    VERIFIED = "verified"
    CLOSED = "closed"
    DISPUTED = "disputed"


F = FindingState
FINDING: Lifecycle[FindingState] = Lifecycle(
    "finding",
    initial=F.OPEN,
    transitions=[
        Transition("respond", F.OPEN, F.RESPONDED, AUDITED),
        *arrows("dispute", (F.OPEN, F.RESPONDED), F.DISPUTED, AUDITED),
        Transition("correct", F.RESPONDED, F.CORRECTIVE_ACTION, AUDITED),
        Transition("uphold", F.DISPUTED, F.RESPONDED, AUDITOR),
        Transition("withdraw", F.DISPUTED, F.CLOSED, AUDITOR),
        Transition("insist", F.CORRECTIVE_ACTION, F.RESPONDED, AUDITOR),
        Transition("verify", F.CORRECTIVE_ACTION, F.VERIFIED, AUDITOR),
        Transition("close", F.VERIFIED, F.CLOSED, AUDITOR),
    ],
)


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did about a finding and said; ``organisation`` is the one they acted for."""

    action: str
    by: str
    organisation: str
    on: date
    text: str


@dataclass(kw_only=True)
class AuditFinding(Aggregate):
    """A finding.

    Attributes:
        sample: the sample it came up in, or None.
        entry: the entry it is about, or None when it is about none in particular.
        severity: how grave it is.
        code: kind of the finding, a code such as ``missing-evidence``.
        statement: what was found, without personal data.
        responsible: path or code of the organisation that answers.
        due_on: until when it must be corrected.
        opened_by: account of the auditor.
        steps: what was done since, in order.
        corrected_by: account that recorded the corrective action that counts.
        verified_by: account of the auditor who verified it, another person (F-01).
        closed_on: day it was closed.
    """

    lifecycle: ClassVar[Lifecycle[FindingState]] = FINDING

    sample: UUID | None
    entry: UUID | None
    severity: Severity
    code: str
    statement: str
    responsible: str
    due_on: date
    opened_by: str
    steps: list[Step] = field(default_factory=list)
    corrected_by: str | None = None
    verified_by: str | None = None
    closed_on: date | None = None
    state: FindingState = field(default=FindingState.OPEN)

    @property
    def facets(self) -> Facets:
        """The responsible organisation takes the place of the unit."""
        return Facets(unit=self.responsible)

    def overdue(self, today: date) -> bool:
        """True when the day has passed and the audited still owe something."""
        return self.due_on < today and self.state in (F.OPEN, F.RESPONDED)

    def told(self, today: date, fund: UUID | None = None) -> FindingChanged:
        """What the world hears of it; ``fund`` with the opening only."""
        return FindingChanged(self.id, fund, self.severity.value, self.state.value, today)

    def take(self, action: str, text: str, *, by: Actor, today: date) -> None:
        """One step along the lifecycle, kept for ever."""
        self._advance(action, by)
        self.steps = [*self.steps, Step(action, by.subject, by.organisation, today, text)]
        if action == "correct":
            self.corrected_by = by.subject
        elif action == "insist":
            self.corrected_by = None
        elif action == "verify":
            self.verified_by = by.subject
        if self.state is F.CLOSED:
            self.closed_on = today
