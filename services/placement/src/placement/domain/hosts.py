"""Host institutions and the mentors they name (P-04, M-05)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar

from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict, RuleViolated


class HostType(StrEnum):
    """What kind of institution receives trainees (P-04; S0 adds medical institutions)."""

    UNIVERSITY = "university"
    RESEARCH_INSTITUTE = "research_institute"
    ENTERPRISE = "enterprise"
    PUBLIC_INSTITUTION = "public_institution"
    MEDICAL_INSTITUTION = "medical_institution"


class Sector(StrEnum):
    """The department whose system a host belongs to (M-02)."""

    EDUCATION = "education"
    HEALTH = "health"
    AGRICULTURE = "agriculture"
    SCIENCE = "science"
    ETHNIC_AFFAIRS = "ethnic_affairs"
    OTHER = "other"


PROVINCES = frozenset({
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
})  # fmt: skip
"""Two-digit codes of GB/T 2260."""


class HostState(StrEnum):
    """Active, paused for a time, or closed for good; what it has promised it keeps."""

    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


_KEEPERS = frozenset({Role.OPERATOR, Role.MINISTRY_OFFICER})

HOST = Lifecycle(
    "host",
    initial=HostState.ACTIVE,
    transitions=[
        Transition("pause", HostState.ACTIVE, HostState.PAUSED, _KEEPERS),
        Transition("resume", HostState.PAUSED, HostState.ACTIVE, _KEEPERS),
        *arrows("close", (HostState.ACTIVE, HostState.PAUSED), HostState.CLOSED, _KEEPERS),
    ],
)


@dataclass(kw_only=True)
class Host(Aggregate):
    """A host institution of the register. ``code`` is ``H001``, ``path`` its place in the organisation tree.

    ``area`` (GB/T 2260) and ``unit_class`` (a word of the policy) are what pairings ask for (W-05 to W-07).
    ``coordinator`` is the code of the office that answers there, never a person.
    """

    lifecycle: ClassVar[Lifecycle[HostState]] = HOST

    code: str
    path: str
    type: HostType
    province: str
    name_zh: str
    name_en: str
    sector: Sector
    specialty_groups: list[str] = field(default_factory=list)
    specialties: list[str] = field(default_factory=list)
    area: str | None = None
    unit_class: str | None = None
    coordinator: str | None = None
    state: HostState = HostState.ACTIVE

    def may_offer(self) -> None:
        """Only an active host offers places. Raises ``Conflict``: ``host-not-active``."""
        if self.state is not HostState.ACTIVE:
            raise Conflict("host-not-active", "The host is paused or closed; it offers no places.", rule="P-04")

    def turn(self, action: str, *, open_offers: int, by: Actor) -> None:
        """Pause, resume or close.

        Raises:
            Conflict: ``wrong-state``, or ``host-has-offers`` while offers of it are open.
        """
        self._advance(action, by)
        if action != "resume" and open_offers:
            raise Conflict("host-has-offers", "Close the host's open offers first.", rule="P-04", offers=open_offers)

    def teaches(self, group: str) -> bool:
        """True when the host works in a specialty group."""
        return group in self.specialty_groups


@dataclass(kw_only=True)
class Mentor(Aggregate):
    """A mentor of a host's register: an opaque account and how many trainees the mentor may have at once (M-05).

    ``employed_from`` and ``employed_until`` are the first and the last day at the host, where it names them.
    """

    account: str
    host: str
    title_level: str
    specialties: list[str] = field(default_factory=list)
    load_limit: int
    load: int = 0
    employed_from: date | None = None
    employed_until: date | None = None

    def take(self, *, limit: int) -> None:
        """Give the mentor one more trainee; neither the policy's ``limit`` nor the host's own may be exceeded.

        Raises:
            Conflict: ``mentor-overloaded`` (M-05).
        """
        most = min(self.load_limit, limit)
        if self.load >= most:
            raise Conflict(
                "mentor-overloaded",
                f"This mentor already has {self.load} of {most} trainees; choose another mentor.",
                rule="M-05",
                load=self.load,
                load_limit=most,
            )
        self.load += 1

    def works_on(self, day: date) -> bool:
        """True when the mentor is at the host on a day, as far as the host says."""
        return (self.employed_from or day) <= day <= (self.employed_until or day)

    def must_stay(self, first: date, last: date) -> None:
        """Refuse a mentor who is at the host on no day of a term.

        Raises:
            RuleViolated: ``outside-employment`` (M-05).
        """
        if (self.employed_until or last) < first or (self.employed_from or first) > last:
            raise RuleViolated(
                "outside-employment", "The mentor is not at the host on these days.", rule="M-05",
                employed_from=self.employed_from, employed_until=self.employed_until,
            )  # fmt: skip

    def let_go(self) -> None:
        """One trainee less."""
        self.load -= 1
