"""A pre-training event: the region and its prefectures train people before they leave (M-11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import RuleViolated


class PreTrainingState(StrEnum):
    """Planned, held, or called off."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


S = PreTrainingState

_REGION = frozenset({Role.REGIONAL_OFFICER})

PRE_TRAINING = Lifecycle(
    "pre-training",
    initial=S.PLANNED,
    transitions=[
        Transition("change", S.PLANNED, S.PLANNED, _REGION),
        Transition("invite", S.PLANNED, S.PLANNED, _REGION),
        Transition("hold", S.PLANNED, S.HELD, _REGION),
        Transition("cancel", S.PLANNED, S.CANCELLED, _REGION),
    ],
)


@dataclass(kw_only=True)
class PreTraining(Aggregate):
    """One event of one session. ``organiser`` is the region's path, ``areas`` codes of the prefectures it is held with.

    ``place`` is a place code, never an address.
    """

    lifecycle: ClassVar[Lifecycle[PreTrainingState]] = PRE_TRAINING

    programme: str
    policy_version: str
    session: str
    organiser: str
    areas: list[str] = field(default_factory=list)
    place: str
    starts_on: date
    ends_on: date
    state: PreTrainingState = PreTrainingState.PLANNED
    cancel_reason: str | None = None

    @property
    def facets(self) -> Facets:
        """Offices at and above the organiser stand over it."""
        return Facets(unit=self.organiser)

    def change(self, place: str, starts_on: date, ends_on: date, *, by: Actor) -> None:
        """Hold it elsewhere or on other days; the caller checks the days against the departures of the invited."""
        self._advance("change", by)
        self.place, self.starts_on, self.ends_on = place, starts_on, ends_on

    def invite(self, departures: dict[str, date], *, by: Actor) -> None:
        """Ask people (participation → first day at the host) to come.

        Raises:
            RuleViolated: ``after-departure`` when somebody leaves before the last day (M-11).
        """
        self._advance("invite", by)
        must_be_before(self.ends_on, departures.values())

    def hold(self, *, today: date, by: Actor) -> None:
        """It has taken place; attendance is recorded from now on.

        Raises:
            RuleViolated: ``not-held-yet`` before its first day.
        """
        if today < self.starts_on:
            raise RuleViolated("not-held-yet", f"It begins on {self.starts_on}.", rule="M-11")
        self._advance("hold", by)

    def cancel(self, reason: str, *, by: Actor) -> None:
        """It does not take place."""
        self._advance("cancel", by)
        self.cancel_reason = reason


def must_be_before(last_day: date, departures: Iterable[date]) -> None:
    """Refuse an event that is not over when somebody leaves for the host.

    Raises:
        RuleViolated: ``after-departure`` (M-11).
    """
    leaving = [day for day in departures if day <= last_day]
    if leaving:
        raise RuleViolated(
            "after-departure", f"Somebody leaves on {min(leaving)}; end before that day.", rule="M-11",
            departure=str(min(leaving)),
        )  # fmt: skip
