"""Follow-ups after the return: what became of the trainee, asked at the times the programme sets (C-04, C-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from assessment.domain.assessing.result import months_after
from assessment.domain.participation import Participation
from assessment.domain.returning.facts import FollowUpRecorded
from assessment.domain.schemes.rules import FollowUpRule, Round
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows


class FollowUpState(StrEnum):
    """Where a follow-up stands."""

    SCHEDULED = "scheduled"
    DUE = "due"
    OVERDUE = "overdue"
    RECORDED = "recorded"


F = FollowUpState
CLOCK = frozenset({Role.SYSTEM})
RECORDERS = frozenset({Role.UNIT_OFFICER, Role.REGIONAL_OFFICER})

FOLLOW_UP = Lifecycle(
    "follow-up",
    initial=F.SCHEDULED,
    transitions=[
        Transition("fall_due", F.SCHEDULED, F.DUE, CLOCK),
        Transition("miss", F.DUE, F.OVERDUE, CLOCK),
        *arrows("record", (F.DUE, F.OVERDUE), F.RECORDED, RECORDERS),
        Transition("amend", F.RECORDED, F.RECORDED, RECORDERS),
    ],
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a follow-up found.

    Attributes:
        post: code of the post held: ``same``, ``promoted``, ``moved-within``, ``left-unit``.
        post_fits: True when the post uses what was learnt (C-06: 放到合适岗位), None where nobody can say.
        projects: number of projects led or joined since the last one.
        funds: money obtained for them since the last one, fen (C-06).
        training_days: further training since the last one, days (C-04).
    """

    post: str
    post_fits: bool | None
    projects: int
    funds: int
    training_days: int


@dataclass(kw_only=True)
class FollowUp(Aggregate):
    """One follow-up of one participation.

    Attributes:
        round: code of the scheme: ``m6``.
        due_on: from this day on it can be recorded.
        until: last day on which it is in time.
    """

    lifecycle: ClassVar[Lifecycle[Any]] = FOLLOW_UP

    participation: UUID
    account: str
    programme: str
    batch: str
    session: str
    unit: str
    round: str
    due_on: date
    until: date
    found: Found | None = None
    recorded_by: str | None = None
    recorded_on: date | None = None
    state: FollowUpState = F.SCHEDULED

    @property
    def facets(self) -> Facets:
        """What decides who may see and do what."""
        return Facets(account=self.account, unit=self.unit)

    def pass_time(self, today: date, by: Actor) -> None:
        """Move with the business clock: due on its day, overdue after the last one in time."""
        if self.state is F.SCHEDULED and today >= self.due_on:
            self._advance("fall_due", by)
        if self.state is F.DUE and today > self.until:
            self._advance("miss", by)

    def record(self, found: Found, *, by: Actor, on: date) -> FollowUpRecorded:
        """Write down what was found; again amends it. The post itself stays here."""
        self._advance("amend" if self.state is F.RECORDED else "record", by)
        self.found, self.recorded_by, self.recorded_on = found, by.subject, on
        return FollowUpRecorded(
            self.participation,
            self.id,
            self.round,
            found.post_fits,
            found.projects,
            found.funds,
            found.training_days,
            on,
        )


def schedule(id: UUID, round: Round, rule: FollowUpRule, holder: Participation, ended_on: date) -> FollowUp:
    """The follow-up of one round, counted from the last day of the term."""
    due = months_after(ended_on, round.months)
    return FollowUp(
        id=id, participation=holder.id, account=holder.account, programme=holder.programme, batch=holder.batch,
        session=holder.session, unit=holder.unit, round=round.code, due_on=due,
        until=due + timedelta(rule.within_days),
    )  # fmt: skip
