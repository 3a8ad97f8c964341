"""Take a batch of published events into the read models: feed, journeys, rosters."""

from __future__ import annotations

from collections.abc import Iterable
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

    async def append(self, arrivals: list[Arrival]) -> int:
        """Give the events the next positions of the feed; returns the last position."""
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


async def project(models: ReadModels, arrivals: list[Arrival]) -> int:
    """Append to the feed and fold into journeys and rosters; returns the number of events taken in."""
    if not arrivals:
        return 0
    position = await models.append(arrivals)
    people = {a.happening.subject for a in arrivals if a.aggregate == "participation"}
    journeys = await models.journeys(people) if people else {}
    named = {a.happening.subject for a in arrivals if a.aggregate == "roster"}
    rosters = await models.rosters(named) if named else {}
    changed: dict[str, Journey] = {}
    moved: dict[str, Roster] = {}
    for arrival in arrivals:
        subject = arrival.happening.subject
        if arrival.aggregate == "participation":
            journey = journeys.setdefault(subject, Journey(subject))
            fold(journey, arrival.happening)
            changed[subject] = journey
        elif arrival.aggregate == "roster":
            roster = rosters.setdefault(subject, Roster(subject))
            if roster.apply(arrival.happening):
                moved[subject] = roster
    await models.keep(list(changed.values()), list(moved.values()), position)
    return len(arrivals)
