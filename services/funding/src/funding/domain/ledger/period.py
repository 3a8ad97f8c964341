"""Accounting months: they are closed once and then take no posting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar

from funding.domain.roles import APPROVER
from shared.kernel.actor import Actor
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import RuleViolated


class PeriodState(StrEnum):
    """Whether an accounting month takes postings."""

    OPEN = "open"
    CLOSED = "closed"


PERIOD: Lifecycle[PeriodState] = Lifecycle(
    "period",
    initial=PeriodState.OPEN,
    transitions=[Transition("close", PeriodState.OPEN, PeriodState.CLOSED, APPROVER)],
)


@dataclass(kw_only=True)
class Period(Aggregate):
    """An accounting month, ``2024-07``; a closed one takes no posting.

    Attributes:
        key: the month.
        closed_by: account of the person, or None while open.
    """

    lifecycle: ClassVar[Lifecycle[PeriodState]] = PERIOD

    key: str
    closed_by: str | None = None
    state: PeriodState = field(default=PeriodState.OPEN)

    def close(self, by: Actor, today: date) -> None:
        """Close the month for good. Raises ``RuleViolated``: ``period-running`` until the month is over."""
        if self.key >= f"{today:%Y-%m}":
            raise RuleViolated("period-running", "Only a month that is over can be closed.", period=self.key)
        self._advance("close", by)
        self.closed_by = by.subject
