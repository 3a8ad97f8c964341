"""An expert mission: asked for, planned, manned, approved, in the field, reported, closed (P-06, X-01, X-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from placement.domain.missions.rules import MissionRules
from shared.kernel.actor import Actor, Facets, Role
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows
from shared.kernel.refusals import Conflict, Finding, Malformed, RuleViolated


class MissionState(StrEnum):
    """Where a mission stands (domain.md 1.4, with the request of the locality before it)."""

    REQUESTED = "requested"
    DECLINED = "declined"
    PLANNED = "planned"
    TEAM_FORMED = "team_formed"
    APPROVED = "approved"
    IN_FIELD = "in_field"
    REPORTED = "reported"
    CLOSED = "closed"


S = MissionState
_REGION = frozenset({Role.REGIONAL_OFFICER})
_MINISTRY = frozenset({Role.MINISTRY_OFFICER})

MISSION = Lifecycle(
    "mission",
    initial=S.REQUESTED,
    transitions=[
        Transition("decline", S.REQUESTED, S.DECLINED, _REGION),
        *arrows("plan", (S.REQUESTED, S.PLANNED), S.PLANNED, _REGION),
        *arrows("form-team", (S.PLANNED, S.TEAM_FORMED), S.TEAM_FORMED, _REGION),
        Transition("approve", S.TEAM_FORMED, S.APPROVED, _MINISTRY),
        Transition("depart", S.APPROVED, S.IN_FIELD, _REGION),
        Transition("report", S.IN_FIELD, S.REPORTED, _REGION | {Role.APPLICANT}),
        Transition("close", S.REPORTED, S.CLOSED, _REGION),
    ],
)


@dataclass(frozen=True, slots=True)
class Need:
    """What a locality asks for: a topic, and the kind of activity."""

    topic: str
    kind: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A day of the itinerary; whereabouts are sensitive (PIPL 28)."""

    day: date
    county: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A technology handed over (X-02): its code, the topic, the organisation that took it up."""

    technology: str
    topic: str
    recipient: str


@dataclass(kw_only=True)
class Mission(Aggregate):
    """A mission of experts to a locality. ``region`` and ``locality`` are organisation paths.

    ``team`` are the accounts of the experts, ``leader`` one of them. ``report_due_on`` is known from the departure on.
    """

    lifecycle: ClassVar[Lifecycle[MissionState]] = MISSION

    programme: str
    policy_version: str
    batch: str
    session: str
    region: str
    locality: str
    needs: list[Need]
    year: int
    wanted_from: date
    wanted_until: date
    starts_on: date | None = None
    ends_on: date | None = None
    itinerary: list[Stop] = field(default_factory=list)
    team: list[str] = field(default_factory=list)
    leader: str | None = None
    departed_on: date | None = None
    returned_on: date | None = None
    report_due_on: date | None = None
    reported_on: date | None = None
    report_text: str | None = None
    report_reference: str | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    decline_reason: str | None = None
    state: MissionState = MissionState.REQUESTED

    @property
    def facets(self) -> Facets:
        """The locality is the one reviewed for, the region stands for the unit, the team is assigned."""
        return Facets(unit=self.region, reviewer=self.locality, assigned=frozenset(self.team))

    def decline(self, reason: str, *, by: Actor) -> None:
        """The region does not send a mission."""
        self._advance("decline", by)
        self.decline_reason = reason

    def plan(self, starts_on: date, ends_on: date, itinerary: Sequence[Stop], *, by: Actor) -> None:
        """Set the days, and where the mission is on which day (X-01).

        Raises:
            Malformed: ``itinerary-wrong`` with a finding for each day that is outside or named twice.
        """
        self._advance("plan", by)
        found = [Finding("ends-before-start", "A mission ends after it begins.", "/ends_on", "X-01")] * (
            ends_on < starts_on
        )
        days: set[date] = set()
        for place, stop in enumerate(itinerary):
            if not starts_on <= stop.day <= ends_on:
                found.append(Finding("outside-mission", "Not a day of the mission.", f"/itinerary/{place}/day", "X-01"))
            if stop.day in days:
                found.append(Finding("duplicate-item", "This day is there twice.", f"/itinerary/{place}/day", "X-01"))
            days.add(stop.day)
        if found:
            raise Malformed("itinerary-wrong", "The itinerary does not fit; see errors.", findings=found)
        self.starts_on, self.ends_on, self.itinerary = starts_on, ends_on, list(itinerary)
        self.year = starts_on.year

    def form_team(self, team: Sequence[str], leader: str, rules: MissionRules, *, by: Actor) -> None:
        """Name the experts and who leads. Raises ``RuleViolated`` ``team-size`` outside the limits of the policy."""
        self._advance("form-team", by)
        if not rules.least <= len(team) <= rules.most:
            raise RuleViolated(
                "team-size", f"A team has {rules.least} to {rules.most} experts.", rule="P-06",
                least=rules.least, most=rules.most,
            )  # fmt: skip
        self.team, self.leader = list(team), leader

    def approve(self, *, by: Actor) -> None:
        """The ministry agrees."""
        self._advance("approve", by)

    def depart(self, on: date, rules: MissionRules, *, today: date, by: Actor) -> None:
        """The team is in the field; from now on it is known when the report is due.

        Raises:
            RuleViolated: ``date-in-future``.
        """
        self._advance("depart", by)
        if on > today:
            raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="X-01")
        assert self.ends_on is not None
        self.departed_on = on
        self.report_due_on = max(self.ends_on, on) + timedelta(days=rules.report_days)

    def report(
        self,
        text: str,
        reference: str | None,
        returned_on: date,
        outcomes: Sequence[Outcome],
        *,
        today: date,
        by: Actor,
    ) -> None:
        """The team is back and says what came of it (X-02).

        Raises:
            Conflict: ``not-the-leader`` for an expert who does not lead.
            RuleViolated: ``date-in-future``, ``return-before-departure``.
        """
        self._advance("report", by)
        if not by.has(Role.REGIONAL_OFFICER) and by.subject != self.leader:
            raise Conflict("not-the-leader", "The leader of the team reports, or the region for the team.", rule="X-01")
        assert self.departed_on is not None
        if returned_on > today:
            raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="X-01")
        if returned_on < self.departed_on:
            raise RuleViolated("return-before-departure", "The return is not before the departure.", rule="X-01")
        self.report_text, self.report_reference, self.reported_on = text, reference, today
        self.returned_on, self.outcomes = returned_on, list(outcomes)

    def close(self, *, by: Actor) -> int:
        """The region accepts the report. Gives the days in the field, both ends counted."""
        self._advance("close", by)
        assert self.departed_on is not None
        assert self.returned_on is not None
        return (self.returned_on - self.departed_on).days + 1


@dataclass(kw_only=True)
class MissionExpert(Aggregate):
    """An expert of a team. ``participation`` is that of selection for those who came through it."""

    mission_id: UUID
    account: str
    specialty: str
    participation: UUID | None = None
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Beneficiaries:
    """How many of a kind were reached, and how sure that is."""

    kind: str
    count: int
    precision: str


@dataclass(kw_only=True)
class MissionActivity(Aggregate):
    """What the team did on a day: one of five kinds, with whom, for whom (P-06, X-02)."""

    mission_id: UUID
    number: int
    kind: str
    topic: str
    held_on: date
    county: str
    experts: list[str]
    beneficiaries: list[Beneficiaries]


def activity_findings(mission: Mission, activity: MissionActivity, rules: MissionRules, pointer: str) -> list[Finding]:
    """Everything that is wrong with an activity."""
    found = []
    if activity.kind not in rules.activity_kinds:
        found.append(
            Finding("unknown-kind", f"Use one of: {', '.join(rules.activity_kinds)}.", f"{pointer}/kind", "P-06")
        )
    if mission.departed_on is not None and activity.held_on < mission.departed_on:
        found.append(Finding("outside-mission", "Not a day of the mission.", f"{pointer}/held_on", "X-01"))
    found += [
        Finding("not-in-team", "This expert is not in the team.", f"{pointer}/experts/{place}", "X-01")
        for place, account in enumerate(activity.experts)
        if account not in mission.team
    ]
    found += [
        Finding(
            "unknown-code", "The policy counts no such beneficiaries.", f"{pointer}/beneficiaries/{place}/kind", "X-02"
        )
        for place, each in enumerate(activity.beneficiaries)
        if each.kind not in rules.beneficiary_kinds
    ]
    return found
