"""Everything that is done with inspections."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.testing.inspections import Inspections


async def inspections_to_the_end(road: Any) -> None:
    """Drawn and discarded, drawn and confirmed, planned, moved, cancelled, conducted, found, answered, closed."""
    await road.arrived(1)
    inspections, region = Inspections(road), road.people.region
    draw = (await road.ok(road.post(region, "/inspection-draws", inspections.which)))["id"]
    await road.ok(road.post(region, f"/inspection-draws/{draw}/discard"))
    draw = (await road.ok(road.post(region, "/inspection-draws", inspections.which)))["id"]
    await road.ok(road.post(region, f"/inspection-draws/{draw}/confirm"))
    (drawn,) = (await road.ok(road.get(region, "/inspections")))["items"]
    await road.ok(inspections.at(drawn["id"], "cancel"))
    id = await inspections.planned()
    await road.ok(inspections.at(id, "reschedule", {"planned_on": "2024-09-18"}))
    road.on(date(2024, 9, 18))
    host = road.people.host()
    await road.ok(inspections.at(id, "conduct", {"conducted_on": "2024-09-18"}))
    await road.ok(inspections.at(id, "findings", inspections.found))
    await road.ok(inspections.at(id, "answer", inspections.answers("2024-09-18", 1, 2), host))
    await road.ok(inspections.at(id, "demand", {"numbers": [2]}))
    await road.ok(inspections.at(id, "answer", inspections.answers("2024-09-18", 2), host))
    await road.ok(inspections.at(id, "close"))
