"""Mentorships: one mentor for one placement, met before the start (M-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from placement.domain.facts import MentorActivated
from placement.domain.hosts import Mentor
from shared.kernel.actor import Actor, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import RuleViolated


class MentorshipState(StrEnum):
    """Proposed by the host, met, active, and over."""

    PROPOSED = "proposed"
    PRE_CONTACT_DONE = "pre_contact_done"
    ACTIVE = "active"
    REPLACED = "replaced"
    ENDED = "ended"


S = MentorshipState

_HOST = frozenset({Role.HOST_OFFICER})
_ITSELF = frozenset({Role.SYSTEM})
OPEN = (S.PROPOSED, S.PRE_CONTACT_DONE, S.ACTIVE)

MENTORSHIP = Lifecycle(
    "mentorship",
    initial=S.PROPOSED,
    transitions=[
        Transition("record-pre-contact", S.PROPOSED, S.PRE_CONTACT_DONE, frozenset({Role.HOST_OFFICER, Role.MENTOR})),
        Transition("activate", S.PRE_CONTACT_DONE, S.ACTIVE, _HOST),
        *arrows("replace", OPEN, S.REPLACED, _HOST),
        *arrows("end", OPEN, S.ENDED, _ITSELF),
    ],
)


@dataclass(kw_only=True)
class Mentorship(Aggregate):
    """A mentor of the host's register assigned to a placement. ``account`` is the mentor's, ``mentor`` the entry.

    The mentor answers for the days ``starts_on`` to ``ends_on``, which is open while the mentorship is active; no two
    mentorships of one placement share a day, which the database makes sure of.
    """

    lifecycle: ClassVar[Lifecycle[MentorshipState]] = MENTORSHIP

    participation: UUID
    host: str
    mentor: UUID
    account: str
    replaces: UUID | None = None
    state: MentorshipState = MentorshipState.PROPOSED
    contacted_on: date | None = None
    active_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    ended_on: date | None = None

    def record_pre_contact(self, on: date, *, today: date, start: date, by: Actor) -> None:
        """Mentor and trainee have been in touch; for the first mentor before the start (``start``) of the placement.

        Raises:
            RuleViolated: ``date-in-future`` or ``contact-after-start`` (M-05).
        """
        self._advance("record-pre-contact", by)
        if on > today:
            raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="M-05")
        if on >= start and self.replaces is None:
            raise RuleViolated(
                "contact-after-start", f"The contact has to be before the start on {start}.", rule="M-05"
            )
        self.contacted_on = on

    def activate(self, entry: Mentor, *, on: date, start: date, end: date, by: Actor) -> MentorActivated:
        """The mentor takes the trainee up, from the first day (``start``) of the term or from today on.

        Raises:
            Conflict: ``wrong-state`` without a recorded contact (M-05).
            RuleViolated: ``outside-term``, ``outside-employment`` (M-05).
        """
        self._advance("activate", by)
        first = max(on, start)
        if first > end:
            raise RuleViolated("outside-term", f"The term ends on {end}.", rule="M-05")
        entry.must_stay(first, first)
        self.active_on, self.starts_on = on, first
        return MentorActivated(self.participation, self.mentor, self.account)

    def replace(self, *, on: date, by: Actor) -> None:
        """Another mentor takes over from ``on`` at the earliest; the last day of this one is the day before."""
        self._advance("replace", by)
        self._last_day(on - timedelta(days=1))

    def end(self, *, last: date, by: Actor) -> None:
        """The placement is over, or goes on at another host; ``last`` is the last day here."""
        self._advance("end", by)
        self._last_day(last)

    def _last_day(self, last: date) -> None:
        self.ended_on = last
        if self.starts_on is not None and last >= self.starts_on:
            self.ends_on = last
        else:
            self.starts_on = None
