"""The placement aggregate: it asks its lifecycle, moves, and returns the fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from placement.domain.facts import MatchDeclined, MatchProposed, PlacementConfirmed, PlacementEnded
from placement.domain.placements.states import PLACEMENT, PlacementState
from shared.kernel.actor import Actor, Facets
from shared.kernel.lifecycle import Aggregate, Lifecycle
from shared.kernel.refusals import Conflict, RuleViolated


@dataclass(kw_only=True)
class Placement(Aggregate):
    """One person on the way to, at and back from a host. ``id`` is the participation.

    ``agreement_on``, ``mentor_on`` and ``plan_on`` are the days since which each of the three is in force.
    """

    lifecycle: ClassVar[Lifecycle[PlacementState]] = PLACEMENT

    account: str
    programme: str
    batch: str
    session: str
    roster: UUID
    roster_version: int
    direction: str
    specialty: str
    specialty_group: str
    study_direction: str
    focus_area: str | None = None
    sending_unit: str
    origin_area: str
    title_level: str
    rank: int
    planned_start: date
    planned_end: date
    term: str
    host_preferences: list[str] = field(default_factory=list)
    policy_version: str
    position_class: str | None = None
    destination: str | None = None
    staff_category: str | None = None
    state: PlacementState = PlacementState.AWAITING_MATCH
    host: str | None = None
    host_province: str | None = None
    offer: UUID | None = None
    run: UUID | None = None
    proposed_on: date | None = None
    declined_hosts: list[str] = field(default_factory=list)
    decline_reason: str | None = None
    agreement: UUID | None = None
    agreement_on: date | None = None
    mentorship: UUID | None = None
    mentor: str | None = None
    mentor_on: date | None = None
    plan: UUID | None = None
    plan_on: date | None = None
    pre_training_on: date | None = None
    arrived_on: date | None = None
    punctuality: str | None = None
    ended_on: date | None = None
    end_kind: str | None = None
    end_reason: str | None = None
    days_served: int | None = None
    returned_on: date | None = None
    formalities_on: date | None = None

    @property
    def facets(self) -> Facets:
        """What relations to this placement are decided by."""
        return Facets(
            account=self.account,
            unit=self.sending_unit,
            host=self.host,
            assigned=frozenset({self.mentor} if self.mentor else ()),
        )

    @property
    def placed(self) -> bool:
        """True once the host was confirmed and while the person has not ended before the start."""
        return self.state in {
            PlacementState.CONFIRMED,
            PlacementState.ARRIVED,
            PlacementState.ACTIVE,
            PlacementState.SUSPENDED,
        }

    def must_be_placed(self, rule: str) -> str:
        """The host's path, once it is confirmed.

        Raises:
            Conflict: ``not-placed`` before the confirmation and after the end.
        """
        if not self.placed or self.host is None:
            raise Conflict("not-placed", "The placement is not confirmed, or it is over.", rule=rule, state=self.state)
        return self.host

    def propose(self, *, host: str, offer: UUID, run: UUID, on: date, by: Actor) -> MatchProposed:
        """Ask a host.

        Raises:
            RuleViolated: ``host-declined-before`` for a host that already said no to this person.
        """
        self._advance("propose", by)
        if host in self.declined_hosts:
            raise RuleViolated("host-declined-before", "This host has already declined this person.", rule="M-01")
        self.host, self.offer, self.run, self.proposed_on = host, offer, run, on
        self.decline_reason = None
        return MatchProposed(self.id, host, run)

    def accept(self, *, province: str, by: Actor) -> None:
        """The host says yes; the caller has taken a place of the offer."""
        self._advance("accept", by)
        self.host_province = province

    def decline(self, reason: str, *, by: Actor) -> MatchDeclined:
        """The host says no; it is not proposed to this host again."""
        host = self.host or ""
        self._advance("decline", by)
        self.declined_hosts = [*self.declined_hosts, host]
        self.decline_reason = reason
        self.host = self.offer = self.run = self.proposed_on = None
        return MatchDeclined(self.id, host, reason)

    def confirm(self, *, by: Actor) -> PlacementConfirmed:
        """The ministry confirms; from here on the world calls the person placed (M-01)."""
        self._advance("confirm", by)
        return self._confirmed()

    def enrol(self, *, host: str, province: str, by: Actor) -> PlacementConfirmed:
        """A seat of a class or a place in a team needs no match: the person is placed with who holds it (K-01, P-06)."""
        self._advance("enrol", by)
        self.host, self.host_province = host, province
        return self._confirmed()

    def _confirmed(self) -> PlacementConfirmed:
        assert self.host is not None
        assert self.host_province is not None
        return PlacementConfirmed(
            self.id,
            self.programme,
            self.batch,
            self.session,
            self.host,
            self.host_province,
            self.specialty,
            self.planned_start,
            self.planned_end,
        )

    def not_started(self, action: str, kind: str, reason: str, on: date, *, by: Actor) -> PlacementEnded:
        """End a confirmed placement before its first day (``cancel`` or ``no-show``)."""
        self._advance(action, by)
        return self._over(kind, reason, on, 0)

    def close(self, reason: str, on: date, *, by: Actor) -> None:
        """The person left before anything was confirmed; nobody was told of a placement, so there is no fact."""
        self._advance("close", by)
        self.host = self.offer = self.run = self.proposed_on = self.host_province = None
        self.end_reason, self.ended_on = reason, on

    def reopen(self, *, by: Actor) -> None:
        """A later roster selected the person again."""
        self._advance("reopen", by)
        self.end_reason = self.ended_on = None

    def end(self, kind: str, reason: str, on: date, days: int, *, by: Actor) -> PlacementEnded:
        """End a placement that has begun; ``days`` are the days served."""
        self._advance("end", by)
        return self._over(kind, reason, on, days)

    def come_home(self, on: date, today: date, *, by: Actor) -> None:
        """The person is back at the sending unit.

        Raises:
            Conflict: ``never-started`` when the person was never at the host.
            RuleViolated: ``return-before-end`` or ``date-in-future``.
        """
        if self.state is PlacementState.ENDED and self.arrived_on is None:
            raise Conflict("never-started", "The person never left for the host, so nobody can return.")
        self._advance("return", by)
        if self.ended_on is not None and on < self.ended_on:
            raise RuleViolated("return-before-end", "The return cannot be before the end.", rule="D-08")
        if on > today:
            raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="M-03")
        self.returned_on = on

    def tick_formalities(self, done: bool, on: date) -> None:
        """Host-side administrative formalities are done, or not; what they are is kept nowhere (domain.md 7.4).

        Raises:
            Conflict: ``never-started`` before the person arrived; ``formalities-so`` when that is on record.
        """
        if self.arrived_on is None:
            raise Conflict("never-started", "The person has not arrived at the host.", rule="D-05")
        if (self.formalities_on is not None) == done:
            raise Conflict("formalities-so", "This is what is on record.", rule="D-05")
        self.formalities_on = on if done else None

    def _over(self, kind: str, reason: str, on: date, days: int) -> PlacementEnded:
        self.ended_on, self.end_kind, self.end_reason, self.days_served = on, kind, reason, days
        started = self.arrived_on is not None
        return PlacementEnded(self.id, self.host or "", started, on, kind, reason, days)
