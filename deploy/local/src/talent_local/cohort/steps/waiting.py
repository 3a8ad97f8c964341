"""When the platform is quiet: every event of a step has had its effect in the services that hear it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from talent_local.cohort import calendar
from talent_local.cohort.road import persons
from talent_local.cohort.road.road import Road

PLACEMENTS = "/v1/placement/placements"
PARTICIPATIONS = "/v1/funding/participations"
INSTALMENTS = "/v1/funding/instalments"
ASSESSMENTS = "/v1/assessment/assessments"


async def states(road: Road, person: persons.Person, path: str, **query: Any) -> Counter[str]:
    """How many things of the session are in which state."""
    return Counter([row["state"] async for row in road.door.each(person, path, session=calendar.SESSION, **query)])


async def opened(road: Road, left: int = 0) -> None:
    """Wait until placement has a live case for every place, and none for the ``left`` who had one and left."""

    async def met() -> bool:
        counts = await states(road, persons.MINISTRY, PLACEMENTS)
        return counts.total() == road.cohort.size.places + left and counts["closed"] + counts["ended"] == left

    await road.until("placement knows everybody who is selected", met)


async def funded(road: Road, left: int = 0) -> None:
    """Wait until there is money for every place, and none for the ``left`` who had one and left."""

    async def met() -> bool:
        counts = await states(road, persons.AUDITOR, PARTICIPATIONS)
        return counts["reserved"] + counts["committed"] == road.cohort.size.places and counts["released"] == left

    await road.until("funding has reserved for everybody who is selected", met)


async def placed(road: Road, left: int) -> None:
    """Wait until every placement is known to assessment and funding, and that ``left`` of them never began."""

    async def met() -> bool:
        assessments = await states(road, persons.MINISTRY, ASSESSMENTS)
        if (assessments["open"], assessments["void"]) != (road.cohort.size.places, left):
            return False
        money = await states(road, persons.AUDITOR, PARTICIPATIONS)
        return money["committed"] == road.cohort.size.places

    await road.until("assessment and funding know every placement", met)


async def due(road: Road, milestone: str, count: int) -> None:
    """Wait until so many instalments of a milestone are due."""

    async def met() -> bool:
        counts = await states(road, persons.AUDITOR, INSTALMENTS, milestone=milestone)
        return counts["due"] == count

    await road.until(f"{count} instalments '{milestone}' are due", met)


async def closed(road: Road, count: int) -> None:
    """Wait until selection has closed so many stories of people who were selected."""

    async def met() -> bool:
        rows = road.door.each(
            persons.REGIONAL, "/v1/selection/applications", session=road.known["session"], state="completed"
        )
        return len([row["id"] async for row in rows]) >= count

    await road.until(f"selection has closed {count} stories", met)


async def released(road: Road) -> None:
    """Wait until selection has let the reserve go: nobody can step in so long after the start."""

    async def met() -> bool:
        page = await road.door.get(
            persons.REGIONAL, "/v1/selection/applications", session=road.known["session"], state="reserve", limit=1
        )
        return not page["items"]

    await road.until("the reserve is released", met)
