"""The rules of arrival, change, end and reports, each broken once over the real routes."""

from __future__ import annotations

from datetime import date
from typing import Any


def said(answer: Any) -> tuple[int, str, str | None]:
    """Status, code and rule of a problem."""
    body = answer.json()
    return answer.status_code, body["code"], body.get("rule")


async def test_arrivals_are_actual_and_ready(road: Any) -> None:
    """M-03, M-04: no future day, no day long before the start, no arrival without agreement; late after the grace."""
    numbers = await road.placed(2)
    road.on(date(2024, 7, 20))

    async def arrive(number: int, day: str) -> Any:
        return await road.post(road.people.host(), f"/placements/{road.pid(number)}/arrive", {"arrived_on": day})

    not_ready = await arrive(1, "2024-07-01")
    await road.agreed(numbers)
    assert said(not_ready) == (422, "not-ready", "M-04")
    assert said(await arrive(1, "2024-07-21")) == (422, "date-in-future", "M-03")
    assert said(await arrive(1, "2024-06-01")) == (422, "arrival-too-early", "M-03")
    assert said(await arrive(3, "2024-07-01"))[0] == 404
    late = await road.ok(arrive(1, "2024-07-09"))
    assert (late["state"], late["punctuality"]) == ("arrived", "late")
    assert (await road.heard("placement.arrived"))[0]["punctuality"] == "late"


async def test_no_shows_and_cancellations_free_the_place(road: Any) -> None:
    """M-03: only after the grace; the place is free again, the agreement is terminated, funding hears of it."""
    numbers = await road.placed(2)
    await road.agreed(numbers)
    no_show = f"/placements/{road.pid(1)}/no-show"
    road.on(date(2024, 7, 8))
    assert said(await road.post(road.people.host(), no_show, {"noted_on": "2024-07-08"})) == (
        422,
        "grace-not-over",
        "M-03",
    )
    road.on(date(2024, 7, 9))
    await road.ok(road.post(road.people.host(), no_show, {"noted_on": "2024-07-09", "reason": "family"}))
    await road.ok(road.post(road.people.region, f"/placements/{road.pid(2)}/cancel", {"reason": "recalled"}))

    ended = await road.heard("placement.ended")
    assert [(e["kind"], e["reason"], e["started"], e["days_served"]) for e in ended] == [
        ("no_show", "family", False, 0), ("before_start", "recalled", False, 0),
    ]  # fmt: skip
    assert await road.service.scalar("SELECT accepted FROM offer") == 0
    assert len((await road.ok(road.get(road.people.region, "/agreements?state=terminated")))["items"]) == 2
    home = await road.post(road.people.unit, f"/placements/{road.pid(1)}/return", {"returned_on": "2024-07-09"})
    assert said(home)[:2] == (409, "never-started")


async def test_a_transfer_opens_a_new_segment_and_frees_the_old_place(road: Any) -> None:
    """The person goes on elsewhere with all days counted; mentor and plan are made anew there."""
    await road.arrived(1)
    await road.hosts(2)
    text = road.offer_text(2, 1)
    offer = (await road.ok(road.post(road.people.host(2), "/offers", text)))["id"]
    road.on(date(2024, 12, 1))
    body = {"effective_on": "2024-11-01", "offer": offer, "reason": "host_unable"}

    moved = await road.ok(road.post(road.people.ministry, f"/placements/{road.pid(1)}/transfer", body))
    hidden = await road.get(road.people.host(1), f"/placements/{road.pid(1)}")
    road.on(date(2025, 7, 1))
    await road.ok(road.post(road.people.host(2), f"/placements/{road.pid(1)}/end", {"ended_on": "2025-06-30"}))

    assert (moved["host"], moved["mentorship"], moved["plan"]) == ("hosts/H002", None, None)
    assert hidden.status_code == 404
    shown = await road.placement(1)
    assert [(s["host"], s["starts_on"], s["ends_on"]) for s in shown["segments"]] == [
        ("hosts/H001", "2024-07-01", "2024-10-31"), ("hosts/H002", "2024-11-01", "2025-06-30"),
    ]  # fmt: skip
    assert shown["days_served"] == 365
    assert (await road.heard("placement.changed"))[0] | {"participation": None} == {
        "type": "placement.changed", "participation": None, "change": "transferred", "effective_on": "2024-11-01",
        "host": "hosts/H002", "planned_end": "2025-06-30", "corrects": None, "recorded_on": None,
    }  # fmt: skip
    accepted = await road.service.scalar("SELECT string_agg(accepted::text, ',' ORDER BY host) FROM offer")
    assert accepted == "0,1"


async def test_an_early_end_needs_a_coded_reason(road: Any) -> None:
    """P-03: money is clawed back by it, so the reason is of the list; the reports of unlived periods lapse."""
    await road.arrived(1)
    road.on(date(2024, 11, 1))
    path = f"/placements/{road.pid(1)}/end"

    assert said(await road.post(road.people.host(), path, {"ended_on": "2024-10-31"}))[1] == "reason-missing"
    assert (
        said(await road.post(road.people.host(), path, {"ended_on": "2024-10-31", "reason": "mood"}))[1]
        == "unknown-reason"
    )
    assert (
        said(await road.post(road.people.host(), path, {"ended_on": "2024-11-02", "reason": "health"}))[1]
        == "date-in-future"
    )
    assert (
        said(await road.post(road.people.host(), path, {"ended_on": "2024-06-30", "reason": "health"}))[1]
        == "end-before-change"
    )
    await road.ok(road.post(road.people.host(), path, {"ended_on": "2024-10-31", "reason": "health"}))

    ended = (await road.heard("placement.ended"))[0]
    assert (ended["kind"], ended["reason"], ended["days_served"], ended["started"]) == ("early", "health", 123, True)
    states = {r["period"]: r["state"] for r in await road.reports(road.people.region)}
    assert states == {"1": "due", "2": "lapsed", "3": "lapsed", "4": "lapsed"}


async def test_reports_belong_to_their_trainee_and_their_period(road: Any) -> None:
    """D-02: not another's, not before the period, returned ones are read anew, the host reads none."""
    await road.arrived(2)
    first = (await road.reports(road.people.trainee(1), period="1"))[0]["id"]
    fourth = (await road.reports(road.people.trainee(1), period="4"))[0]["id"]
    text = {"text": "Work."}

    assert said(await road.post(road.people.trainee(2), f"/reports/{first}/submit", text))[0] == 404
    assert said(await road.post(road.people.trainee(1), f"/reports/{fourth}/submit", text)) == (
        422,
        "report-too-early",
        "D-02",
    )
    await road.ok(road.post(road.people.trainee(1), f"/reports/{first}/submit", text))
    await road.ok(road.post(road.people.unit, f"/reports/{first}/acknowledge"))
    twice = await road.post(road.people.unit, "/acknowledgements", {"items": [{"report": first}]})
    assert said(twice) == (409, "acknowledged-already", "D-02")
    assert said(await road.post(road.people.other_unit, f"/reports/{first}/acknowledge"))[0] == 404
    await road.ok(road.post(road.people.region, f"/reports/{first}/return", {"reason": "Which ward?"}))
    anew = await road.ok(road.post(road.people.trainee(1), f"/reports/{first}/submit", {"text": "Ward 3."}))
    assert (anew["state"], anew["acknowledged_unit_on"]) == ("submitted", None)
    assert (await road.get(road.people.host(), f"/reports/{first}")).status_code == 403
    assert {e["complete"] for e in await road.heard("report.acknowledged")} == {False}
