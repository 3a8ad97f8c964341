"""Everything that is done with check-ins."""

from __future__ import annotations

from typing import Any

from placement.testing.checkins import Checkins


async def checkins_seen_to(road: Any) -> None:
    """Invited and declined; asked, taken up, settled; the host names a contact."""
    await road.arrived(1)
    checkins = Checkins(road)
    await road.ok(road.post(road.people.host(), "/welfare-contacts", {"account": "contact-1"}))
    declined = await checkins.invited()
    await road.ok(checkins.respond(declined, "decline"))
    asked = await checkins.asked("housing", "workload")
    await road.ok(checkins.at(asked, "take-up", None, road.people.mentor()))
    await road.ok(checkins.at(asked, "settle", None, road.people.mentor()))
