"""Lists that officers work through: placements by host, people by unit, one bulk command for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from talent_local.cohort import calendar
from talent_local.cohort.people.applicants import Applicant
from talent_local.cohort.places.hosts import Host
from talent_local.cohort.places.units import Unit
from talent_local.cohort.road import persons
from talent_local.cohort.road.road import Road, together
from talent_local.cohort.steps.applying import by_unit
from talent_local.cohort.steps.waiting import PLACEMENTS

Row = dict[str, Any]


async def placements(road: Road, *states: str) -> list[Row]:
    """Placements of the session in one of ``states``, or in any if none is named, in the order of their ids."""
    rows = await road.door.all(persons.MINISTRY, PLACEMENTS, session=calendar.SESSION)
    return sorted((row for row in rows if not states or row["state"] in states), key=lambda row: str(row["id"]))


async def per_host(road: Road, rows: Iterable[Row], act: Callable[[Host, list[Row]], Awaitable[object]]) -> int:
    """Let every host's officer act on the placements at the host; how many they are."""
    by_path: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_path[row["host"]].append(row)
    await together([act(road.cohort.host(path), own) for path, own in sorted(by_path.items())])
    return sum(len(own) for own in by_path.values())


async def per_unit(road: Road, rows: Iterable[Row], act: Callable[[Unit, list[Applicant]], Awaitable[object]]) -> int:
    """Let every unit's officer act for the unit's people among ``rows``; how many they are."""
    people = [road.applicant(str(row.get("participation") or row["id"])) for row in rows]
    await together([act(unit, staff) for unit, staff in by_unit(people).items()])
    return len(people)
