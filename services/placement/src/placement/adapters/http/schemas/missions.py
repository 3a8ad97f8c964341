"""Expert missions on the wire; whereabouts are told to the team, the region and the locality only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from placement.adapters.http.schemas.common import Account, CodeText, Line, Prose
from placement.domain.classes.questions import CountPrecision
from placement.domain.missions.mission import (
    MISSION,
    Beneficiaries,
    Mission,
    MissionState,
    Need,
    Outcome,
    Stop,
)
from placement.usecases.missions.prepare_mission import Expert, MissionRequest
from placement.usecases.missions.run_mission import ActivityText
from shared.http.resources import Body, Resource
from shared.kernel.actor import Actor, Facets, Relation, Role, stands

County = Annotated[str, Field(pattern=r"^\d{6}$", examples=["540102"])]
"""A county by its code of GB/T 2260."""


class MissionNeed(Body):
    """A topic and the kind of activity asked for."""

    topic: CodeText
    kind: CodeText


class MissionIn(Body):
    """What a locality asks for."""

    programme: CodeText
    policy_version: CodeText
    batch: CodeText
    session: CodeText
    region: CodeText
    locality: CodeText
    needs: Annotated[list[MissionNeed], Field(min_length=1, max_length=50)]
    wanted_from: date
    wanted_until: date

    def request(self) -> MissionRequest:
        """As the use case takes it."""
        members = {name: getattr(self, name) for name in MissionRequest.__dataclass_fields__}
        return MissionRequest(**members | {"needs": [Need(need.topic, need.kind) for need in self.needs]})


class MissionStop(Body):
    """A day of the itinerary."""

    day: date
    county: County


class MissionPlanIn(Body):
    """Days and itinerary."""

    starts_on: date
    ends_on: date
    itinerary: Annotated[list[MissionStop], Field(min_length=1, max_length=100)]

    def stops(self) -> list[Stop]:
        """As the use case takes it."""
        return [Stop(stop.day, stop.county) for stop in self.itinerary]


class MissionExpertIn(Body):
    """An expert; ``participation`` for those whom selection chose."""

    account: Account
    specialty: CodeText
    participation: UUID | None = None
    leads: bool = False

    def expert(self) -> Expert:
        """As the use case takes it."""
        return Expert(
            account=self.account, specialty=self.specialty, participation=self.participation, leads=self.leads
        )


class MissionDepartureIn(Body):
    """The actual first day in the field."""

    departed_on: date


class MissionBeneficiaries(Body):
    """How many of a kind, and how sure that is."""

    kind: CodeText
    count: Annotated[int, Field(ge=0, le=10_000_000)]
    precision: CountPrecision = CountPrecision.EXACT


class MissionActivityIn(Body):
    """What was done on a day, by whom, for whom."""

    kind: CodeText
    topic: Line
    held_on: date
    county: County
    experts: Annotated[list[Account], Field(min_length=1, max_length=100)]
    beneficiaries: Annotated[list[MissionBeneficiaries], Field(max_length=20)] = Field(default_factory=list)

    def text(self) -> ActivityText:
        """As the use case takes it."""
        return ActivityText(
            kind=self.kind,
            topic=self.topic,
            held_on=self.held_on,
            county=self.county,
            experts=list(self.experts),
            beneficiaries=[Beneficiaries(each.kind, each.count, each.precision) for each in self.beneficiaries],
        )


class MissionActivityOut(Resource):
    """An activity; ``county`` is null for who is not told of whereabouts."""

    id: UUID
    version: int
    number: int
    kind: str
    topic: str
    held_on: date
    county: str | None
    experts: list[str]
    beneficiaries: list[MissionBeneficiaries]


class MissionOutcome(Body):
    """A technology handed over, and who took it up (X-02)."""

    technology: CodeText
    topic: Line
    recipient: CodeText


class MissionReportIn(Body):
    """The report of the team."""

    text: Prose
    reference: Line | None = None
    returned_on: date
    outcomes: Annotated[list[MissionOutcome], Field(max_length=100)] = Field(default_factory=list)

    def handed_over(self) -> list[Outcome]:
        """As the use case takes it."""
        return [Outcome(each.technology, each.topic, each.recipient) for each in self.outcomes]


def told(facets: Facets, actor: Actor) -> bool:
    """Whether somebody is told where a team is: the team, the region, the locality."""
    return (
        (actor.has(Role.REGIONAL_OFFICER) and stands(actor, Relation.DESCENDANT, facets))
        or (actor.has(Role.LOCAL_REVIEWER) and stands(actor, Relation.REVIEWER, facets))
        or stands(actor, Relation.ASSIGNED, facets)
    )


class MissionOut(Resource):
    """A mission; ``itinerary`` is null for who is not told of whereabouts."""

    id: UUID
    version: int
    state: MissionState
    allowed_actions: list[str]
    programme: str
    policy_version: str
    batch: str
    session: str
    region: str
    locality: str
    needs: list[MissionNeed]
    year: int
    wanted_from: date
    wanted_until: date
    starts_on: date | None
    ends_on: date | None
    itinerary: list[MissionStop] | None
    team: list[str]
    leader: str | None
    departed_on: date | None
    returned_on: date | None
    report_due_on: date | None
    reported_on: date | None
    report_text: str | None
    report_reference: str | None
    outcomes: list[MissionOutcome]
    decline_reason: str | None
    updated_at: datetime | None = None

    @classmethod
    def of(cls, mission: Mission, actor: Actor) -> MissionOut:
        """The answer to a command."""
        members = {name: getattr(mission, name) for name in cls.model_fields if hasattr(mission, name)}
        members["needs"] = [{"topic": need.topic, "kind": need.kind} for need in mission.needs]
        members["outcomes"] = [
            {"technology": o.technology, "topic": o.topic, "recipient": o.recipient} for o in mission.outcomes
        ]
        stops = [{"day": stop.day, "county": stop.county} for stop in mission.itinerary]
        members["itinerary"] = stops if told(mission.facets, actor) else None
        return cls(**members | {"allowed_actions": mission.allowed_actions(actor)})

    @classmethod
    def row(cls, row: Any, actor: Actor) -> MissionOut:
        """A row of the table."""
        members = dict(row._mapping)
        facets = Facets(unit=row.region, reviewer=row.locality, assigned=frozenset(row.team))
        members["itinerary"] = row.itinerary if told(facets, actor) else None
        return cls(**members | {"allowed_actions": MISSION.allowed(MissionState(row.state), actor)})


class MissionActivitiesOut(Resource):
    """All activities of a mission."""

    items: list[MissionActivityOut]


class MissionCounted(Resource):
    """A number of people of a kind; not exact as soon as one count is not."""

    kind: str
    count: int
    precision: CountPrecision


class MissionYearOut(Resource):
    """A year of a programme: what the policy plans and what was done (P-06, P-07)."""

    programme: str
    policy_version: str
    year: int
    planned: int
    requested: int
    approved: int
    closed: int
    experts: int
    localities: int
    activities: dict[str, int]
    beneficiaries: list[MissionCounted]
    technologies: int


class MissionYearsOut(Resource):
    """Year by year."""

    items: list[MissionYearOut]
