"""Take a batch of published events into the read models: feed, journeys, rosters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from gateway.domain.folding import fold
from gateway.domain.happening import Happening
from gateway.domain.journey import Journey
from gateway.domain.roster import Roster


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it arrived: what it says, and what the feed passes on.

    Attributes:
        aggregate: kind of the thing that the subject names (``participation``, ``roster``, ``budget``, ``fund``).
    """

    event_id: str
    source: str
    type: str
    aggregate: str
    happening: Happening


class ReadModels(Protocol):
    """Where the read models are kept. All of it happens in one transaction that excludes every other projection."""

    async def lock(self) -> int:
        """Exclude every other projection until the commit; returns the last position of the feed."""
        ...

    async def append(self, first: int, placed: list[tuple[Arrival, Whereabouts]], found: Mapping[str, int]) -> None:
        """Give the events the positions from ``first`` on.

        Args:
            first: position of the first event.
            placed: the events and where they belong.
            found: participations whose sending unit became known, and the position of the event that told it: what
                the feed holds about them already can be shown by organisation from that position on.
        """
        ...

    async def journeys(self, participations: Iterable[str]) -> dict[str, Journey]:
        """The journeys that exist among these."""
        ...

    async def rosters(self, ids: Iterable[str]) -> dict[str, Roster]:
        """The rosters that exist among these."""
        ...

    async def keep(self, journeys: list[Journey], rosters: list[Roster], position: int) -> None:
        """Write what changed."""
        ...


CENTRE = "cn"
"""What belongs to no sending unit (rosters, budgets, funds) belongs to the centre."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an event belongs: whose it is, below which organisation, in which cohort.

    Attributes:
        unit: path of the sending unit; None while no event has told it, then nobody sees the event by organisation.
    """

    participation: str | None
    unit: str | None
    programme: str | None
    session: str | None


def whereabouts(
    arrival: Arrival, person: str | None, journey: Journey | None, roster: Roster | None = None
) -> Whereabouts:
    """Where an event belongs, by what is known of the person or the roster it is about."""
    told = arrival.happening.payload
    if roster is not None:
        return Whereabouts(None, CENTRE, roster.programme, roster.session)
    if person is None:
        return Whereabouts(None, CENTRE, told.get("programme"), told.get("session"))
    if journey is None:
        return Whereabouts(person, None, told.get("programme"), told.get("session"))
    programme, session = journey.fact("programme"), journey.fact("session")
    return Whereabouts(person, journey.fact("unit"), programme or told.get("programme"), session or told.get("session"))


def _person(arrival: Arrival) -> str | None:
    if arrival.aggregate == "participation":
        return arrival.happening.subject
    named = arrival.happening.payload.get("participation")
    return None if named is None else str(named)


async def project(models: ReadModels, arrivals: list[Arrival]) -> int:
    """Append to the feed and fold into journeys and rosters; returns the number of events taken in."""
    if not arrivals:
        return 0
    first = await models.lock() + 1
    people = {person for arrival in arrivals if (person := _person(arrival)) is not None}
    journeys = await models.journeys(people) if people else {}
    unplaced = {person for person in people if person not in journeys or journeys[person].fact("unit") is None}
    placed: list[tuple[Arrival, Whereabouts]] = []
    found: dict[str, int] = {}
    named = {a.happening.subject for a in arrivals if a.aggregate == "roster"}
    rosters = await models.rosters(named) if named else {}
    changed: dict[str, Journey] = {}
    moved: dict[str, Roster] = {}
    for position, arrival in enumerate(arrivals, first):
        subject = arrival.happening.subject
        if arrival.aggregate == "participation":
            journey = journeys.setdefault(subject, Journey(subject))
            fold(journey, arrival.happening)
            changed[subject] = journey
        elif arrival.aggregate == "roster":
            roster = rosters.setdefault(subject, Roster(subject))
            if roster.apply(arrival.happening):
                moved[subject] = roster
        person = _person(arrival)
        where = whereabouts(arrival, person, journeys.get(person or ""), rosters.get(subject))
        placed.append((arrival, where))
        if person in unplaced and where.unit is not None:
            unplaced.remove(person)
            found[person] = position
    await models.append(first, placed, found)
    await models.keep(list(changed.values()), list(moved.values()), first + len(arrivals) - 1)
    return len(arrivals)
