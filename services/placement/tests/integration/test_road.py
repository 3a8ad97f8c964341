"""One cohort from the selection to the return home, over the real routes."""

from __future__ import annotations

from datetime import date
from typing import Any


async def test_a_cohort_is_matched_placed_trained_and_comes_home(road: Any) -> None:
    """M-01 to M-07, D-02: every fact of the way is published once per person."""
    numbers = await road.arrived(3)

    for fact in (
        "match.proposed",
        "placed",
        "agreement.in_force",
        "mentor.active",
        "plan.in_force",
        "placement.arrived",
    ):
        assert len(await road.heard(fact)) == 3, fact
    shown = await road.placement(1)
    assert (shown["state"], shown["punctuality"], shown["host_province"]) == ("active", "on_time", "11")
    assert shown["segments"] == [
        {"host": "hosts/H001", "starts_on": "2024-07-01", "ends_on": "2025-06-30", "share": 100, "state": "active"}
    ]
    agreements = (await road.ok(road.get(road.people.region, "/agreements?state=in_force")))["items"]
    filings = [{"agreement": a["id"], "number": f"T-{n}"} for n, a in enumerate(agreements)]
    await road.ok(road.post(road.people.region, "/agreements/filings", {"items": filings}))

    for period, quarter in enumerate((date(2024, 10, 5), date(2025, 1, 5), date(2025, 4, 5), date(2025, 6, 30)), 1):
        road.on(quarter)
        for number in numbers:
            mine = await road.reports(road.people.trainee(number), state="due", period=str(period))
            await road.ok(road.post(road.people.trainee(number), f"/reports/{mine[0]['id']}/submit", {"text": "Work."}))
        submitted = [{"report": r["id"]} for r in await road.reports(road.people.unit, state="submitted")]
        assert len(submitted) == 3
        await road.ok(road.post(road.people.unit, "/acknowledgements", {"items": submitted}))
        await road.ok(road.post(road.people.region, "/acknowledgements", {"items": submitted}))
    told = await road.heard("report.acknowledged")
    assert [sum(t["complete"] == wanted for t in told) for wanted in (False, True)] == [12, 12]

    road.on(date(2025, 7, 2))
    await road.ok(road.post(road.people.host(), "/endings", road.items(numbers, ended_on="2025-06-30")))
    await road.ok(road.post(road.people.unit, "/returns", road.items(numbers, returned_on="2025-07-02")))
    ended = await road.heard("placement.ended")
    assert {(e["kind"], e["reason"], e["days_served"], e["started"]) for e in ended} == {
        ("normal", "completed", 365, True)
    }
    assert (await road.placement(2))["state"] == "returned_to_post"
    expired = (await road.ok(road.get(road.people.region, "/agreements?state=expired")))["items"]
    assert len(expired) == 3
