"""The class itself: announced, open for registration, in session, evaluated, archived (K-01 to K-09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition
from shared.kernel.refusals import Conflict, Finding, RuleViolated


class ClassState(StrEnum):
    """Where a class stands (domain.md 1.4)."""

    ANNOUNCED = "announced"
    REGISTRATION = "registration"
    IN_SESSION = "in_session"
    EVALUATED = "evaluated"
    ARCHIVED = "archived"


S = ClassState
_ORGANISER = frozenset({Role.MINISTRY_OFFICER, Role.REGIONAL_OFFICER})
OPEN = (S.ANNOUNCED, S.REGISTRATION, S.IN_SESSION)
"""States in which timetable, roll and materials may change."""

SHORT_CLASS = Lifecycle(
    "class",
    initial=S.ANNOUNCED,
    transitions=[
        Transition("open-registration", S.ANNOUNCED, S.REGISTRATION, _ORGANISER),
        Transition("begin", S.REGISTRATION, S.IN_SESSION, _ORGANISER),
        Transition("evaluate", S.IN_SESSION, S.EVALUATED, _ORGANISER),
        Transition("archive", S.EVALUATED, S.ARCHIVED, _ORGANISER),
    ],
)


@dataclass(kw_only=True)
class ShortClass(Aggregate):
    """A class of some days. ``organiser`` and ``host`` (the venue) are organisation paths, ``session`` is selection's."""

    lifecycle: ClassVar[Lifecycle[ClassState]] = SHORT_CLASS

    programme: str
    policy_version: str
    batch: str
    session: str
    code: str
    title_zh: str
    title_en: str
    organiser: str
    host: str
    host_province: str
    starts_on: date
    ends_on: date
    registers_until: date
    group_seed: str | None = None
    state: ClassState = ClassState.ANNOUNCED

    @property
    def facets(self) -> Facets:
        """What relations to the class are decided by: the organiser stands for the unit."""
        return Facets(unit=self.organiser, host=self.host)

    def open_registration(self, *, by: Actor) -> None:
        """Units may register delegates from now on."""
        self._advance("open-registration", by)

    def begin(self, *, today: date, by: Actor) -> None:
        """The class is in session.

        Raises:
            RuleViolated: ``class-too-early`` before its first day.
        """
        self._advance("begin", by)
        if today < self.starts_on:
            raise RuleViolated("class-too-early", f"The class begins on {self.starts_on}.", rule="K-07")

    def evaluate(self, missing: list[Finding], *, today: date, by: Actor) -> None:
        """Close the class and its evaluation; ``missing`` are the sessions without a complete call.

        Raises:
            RuleViolated: ``class-too-early`` before the last day, ``attendance-missing`` with a finding per session.
        """
        self._advance("evaluate", by)
        if today < self.ends_on:
            raise RuleViolated("class-too-early", f"The class ends on {self.ends_on}.", rule="K-07")
        if missing:
            raise RuleViolated(
                "attendance-missing", "Record who was there for every session first.", rule="K-07", findings=missing
            )

    def archive(self, *, by: Actor) -> None:
        """Nothing more is to come; questions that were still open stay open to their follow-up."""
        self._advance("archive", by)

    def must_be(self, *states: ClassState) -> None:
        """Refuse anything that is not done in the present state. Raises ``Conflict`` ``class-not-open``."""
        if self.state not in states:
            raise Conflict(
                "class-not-open", f"This is not done while the class is '{self.state}'.", rule="K-07", state=self.state
            )

    def must_register(self, today: date) -> None:
        """Registration is open and not over.

        Raises:
            Conflict: ``class-not-open``.
            RuleViolated: ``registration-over`` after the last day of registration.
        """
        self.must_be(ClassState.REGISTRATION)
        if today > self.registers_until:
            raise RuleViolated(
                "registration-over", f"Registration ended on {self.registers_until}.", rule="S-14",
                registers_until=str(self.registers_until),
            )  # fmt: skip
