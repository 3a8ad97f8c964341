"""Everything that is done with study groups."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.testing.groups import Groups


async def groups_at_work(road: Any) -> None:
    """Formed, led, begun, changed, meeting, reporting, dissolved; one by one and in lists."""
    await road.arrived(4)
    groups, region = Groups(road), road.people.region
    one = await groups.formed([road.pid(1), road.pid(2)], reason="a small province")
    leaders = {"items": [{"group": one, "participation": road.pid(1), "reason": "unit_need"}]}
    await road.ok(road.post(region, "/groups/leaders", leaders))
    await groups.led(one, 2)
    await road.ok(road.post(region, "/groups/activations", {"items": [{"group": one}]}))
    await road.ok(road.post(region, f"/groups/{one}/members", groups.member(3)))
    await road.ok(road.post(region, f"/groups/{one}/members/{road.pid(3)}/remove", {"reason": "health"}))
    two = str((await road.ok(groups.form([road.pid(4)], name="2", reason="one alone")))["items"][0]["id"])
    await groups.led(two, 4)
    await road.ok(road.post(region, f"/groups/{two}/activate"))
    leader = groups.leader(2)
    meets = {"starts_at": "2024-08-01T09:00:00+08:00", "place": "Room 3"}
    meeting = (await road.ok(road.post(leader, f"/groups/{one}/meetings", meets)))["id"]
    await road.ok(road.post(leader, f"/group-meetings/{meeting}/call-off"))
    report = f"/group-reports/{await groups.report(one, leader)}"
    road.on(date(2024, 10, 1))
    await road.ok(road.post(leader, f"{report}/submit", {"text": "Work."}))
    await road.ok(road.post(region, f"{report}/return", {"reason": "Say more."}))
    await road.ok(road.post(leader, f"{report}/submit", {"text": "More work."}))
    await road.ok(road.post(region, f"{report}/acknowledge"))
    await road.ok(road.post(region, f"/groups/{two}/dissolve", {"reason": "unit_need"}))
