"""A request to correct a shared record: received, given to somebody, decided, closed; never more than ids and codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition

WORKING_DAYS = 10
"""Within which a request is decided. ASSUMPTION: the deadline of the regulation as we understand it; weekends do not count,
public holidays do, because no calendar of them is kept."""


class CorrectionState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CLOSED = "closed"


OWNERS = frozenset({Role.LOCAL_REVIEWER, Role.REGIONAL_OFFICER, Role.MINISTRY_OFFICER})
"""Who answers for the organisation that owns a dataset."""
S = CorrectionState

CORRECTION: Lifecycle[CorrectionState] = Lifecycle(
    "correction",
    initial=S.RECEIVED,
    transitions=[
        Transition("assign", S.RECEIVED, S.ASSIGNED, OWNERS),
        Transition("assign", S.ASSIGNED, S.ASSIGNED, OWNERS),
        Transition("accept", S.ASSIGNED, S.ACCEPTED, OWNERS),
        Transition("reject", S.ASSIGNED, S.REJECTED, OWNERS),
        Transition("close", S.ACCEPTED, S.CLOSED, OWNERS),
        Transition("close", S.REJECTED, S.CLOSED, OWNERS),
    ],
)


@dataclass(kw_only=True)
class Correction(Aggregate):
    """One request.

    Attributes:
        owner: path of the organisation that owns the dataset.
        evidence: reference to a document held elsewhere, or None.
        answer: code of the decision's reason.
    """

    lifecycle: ClassVar[Lifecycle[CorrectionState]] = CORRECTION

    dataset: str
    record: str
    field: str
    reason: str
    evidence: str | None
    requester: str
    requester_organisation: str
    owner: str
    received_at: datetime
    due_on: date
    state: CorrectionState = CorrectionState.RECEIVED
    assigned_to: str | None = None
    answer: str | None = None
    decided_on: date | None = None

    @property
    def facets(self) -> Facets:
        """Who stands how to it: the requester as the person concerned, the owner as the organisation."""
        return Facets(account=self.requester, unit=self.owner)

    def assign(self, to: str, *, by: Actor) -> None:
        """Give it to an officer of the owner."""
        self._advance("assign", by)
        self.assigned_to = to

    def decide(self, decision: str, answer: str, *, by: Actor, on: date) -> None:
        """Accept or reject with a coded answer, which the requester sees."""
        self._advance(decision, by)
        self.answer, self.decided_on = answer, on

    def close(self, *, by: Actor) -> None:
        """Nothing more is to be done."""
        self._advance("close", by)


def due_after(day: date, working_days: int = WORKING_DAYS) -> date:
    """The last day of a deadline of working days that begins on the day after ``day``."""
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
