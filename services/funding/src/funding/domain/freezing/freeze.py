"""Freeze: one thing whose money does not move by decision of a person until it is thawed (F-07).

What happened elsewhere is booked all the same: facts of other services, return files, money that comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from funding.domain.facts import MoneyFrozen, MoneyThawed
from funding.domain.roles import APPROVER
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition


class FreezeKind(StrEnum):
    """What can be frozen."""

    FUND = "fund"
    BUDGET = "budget"
    ALLOCATION = "allocation"
    PARTICIPATION = "participation"
    PAYEE = "payee"
    CLAIM = "claim"


class Thing(NamedTuple):
    """What is frozen: its kind and its id, or the path of a payee."""

    kind: FreezeKind
    subject: str

    @property
    def key(self) -> str:
        """The name under which who freezes and who pays queue up."""
        return f"frozen:{self.kind}:{self.subject}"


class FreezeState(StrEnum):
    """Whether it still holds."""

    FROZEN = "frozen"
    THAWED = "thawed"


FREEZE: Lifecycle[FreezeState] = Lifecycle(
    "freeze",
    initial=FreezeState.FROZEN,
    transitions=[Transition("thaw", FreezeState.FROZEN, FreezeState.THAWED, APPROVER)],
)


@dataclass(kw_only=True)
class Freeze(Aggregate):
    """A freeze and its end.

    Attributes:
        kind: what kind of thing.
        subject: its id, or the path of a payee.
        reason: why, without personal data.
        frozen_by: account of the finance approver.
        frozen_on: day.
        thawed_by, thawed_on, thaw_reason: who let it go on, when and why; None while frozen.
    """

    lifecycle: ClassVar[Lifecycle[FreezeState]] = FREEZE

    kind: FreezeKind
    subject: str
    reason: str
    frozen_by: str
    frozen_on: date
    thawed_by: str | None = None
    thawed_on: date | None = None
    thaw_reason: str | None = None
    state: FreezeState = field(default=FreezeState.FROZEN)

    @property
    def thing(self) -> Thing:
        """What is frozen."""
        return Thing(self.kind, self.subject)

    def begun(self) -> MoneyFrozen:
        """The fact that it was frozen."""
        return MoneyFrozen(self.id, self.kind, self.subject)

    def thaw(self, reason: str, *, by: Actor, today: date) -> MoneyThawed:
        """Let it go on."""
        self._advance("thaw", by)
        self.thawed_by, self.thawed_on, self.thaw_reason = by.subject, today, reason
        return MoneyThawed(self.id, self.kind, self.subject)
