"""The rules of offers, runs and proposals, each broken once over the real routes."""

from __future__ import annotations

from typing import Any


def said(answer: Any) -> tuple[int, str, str | None]:
    """Status, code and rule of a problem."""
    body = answer.json()
    return answer.status_code, body["code"], body.get("rule")


async def test_capacity_never_falls_below_what_is_accepted(road: Any) -> None:
    """M-01: 409 with the number of the accepted."""
    await road.proposed(2, 2)
    await road.ok(road.post(road.people.host(), "/decisions", road.items([1, 2], decision="accept")))
    offer = (await road.ok(road.get(road.people.host(), "/offers")))["items"][0]

    answer = await road.post(road.people.host(), f"/offers/{offer['id']}/change", {"capacity": 1})

    assert said(answer) == (409, "offer-below-accepted", "M-01")
    assert (answer.json()["accepted"], offer["free"]) == (2, 0)
    closed = await road.ok(road.post(road.people.host(), f"/offers/{offer['id']}/close"))
    assert (closed["state"], closed["allowed_actions"]) == ("closed", [])
    assert said(await road.post(road.people.host(), f"/offers/{offer['id']}/close"))[:2] == (409, "wrong-state")


async def test_a_decline_excludes_the_host_and_touches_nobody_else(road: Any) -> None:
    """M-01: the next run proposes another host to the declined person only."""
    await road.proposed(2, 2, 2)
    before = {n: await road.placement(n) for n in (1, 2)}
    host = int(before[1]["host"][-3:])
    declined = await road.post(road.people.host(host), f"/placements/{road.pid(1)}/decline", {"reason": "no_mentor"})
    unknown = await road.post(
        road.people.host(int(before[2]["host"][-3:])), f"/placements/{road.pid(2)}/decline", {"reason": "mood"}
    )

    run = await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": "2024"}))
    await road.ok(road.post(road.people.ministry, f"/matching-runs/{run['id']}/confirm"))

    assert declined.json()["declined_hosts"] == [f"hosts/H{host:03d}"]
    assert unknown.json()["code"] == "unknown-reason"
    assert [p["participation"] for p in run["proposals"]] == [road.pid(1)]
    assert (await road.placement(1))["host"] != before[1]["host"]
    assert (await road.placement(2)) == before[2]
    assert (await road.heard("match.declined"))[0]["reason"] == "no_mentor"


async def test_a_stale_run_is_not_confirmed(road: Any) -> None:
    """Cases that changed since the run make it stale; a discarded run is done with; an empty session has nothing."""
    await road.offers(2)
    await road.receive(road.selected(1), road.selected(2))
    run = await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": "2024"}))
    await road.receive(road.withdrawn(1))

    stale = await road.post(road.people.ministry, f"/matching-runs/{run['id']}/confirm")
    await road.ok(road.post(road.people.ministry, f"/matching-runs/{run['id']}/discard"))
    again = await road.post(road.people.ministry, f"/matching-runs/{run['id']}/confirm")
    nothing = await road.post(road.people.ministry, "/matching-runs", {"session": "1999"})

    assert said(stale) == (409, "run-stale", "M-01")
    assert said(again)[:2] == (409, "wrong-state")
    assert said(nothing)[:2] == (409, "nothing-to-match")


async def test_the_run_reports_fit_choice_and_reasons(road: Any) -> None:
    """M-03: specialty before wish; the unmatched have a reason; nobody blocks."""
    await road.policies()
    await road.hosts(2)
    for host, specialties in ((1, ["clinical-medicine"]), (2, ["nursing"])):
        text = road.offer_text(host, 1, specialties=specialties)
        await road.ok(road.post(road.people.host(host), "/offers", text))
    wish = {"host_preferences": ("H002",)}
    await road.receive(
        road.selected(1, **wish), road.selected(2, **wish), road.selected(3),
        road.selected(4, specialty="agronomy", specialty_group="agriculture"),
    )  # fmt: skip

    run = await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": "2024"}))

    found = {p["participation"]: (p["host"], p["fit"], p["choice"]) for p in run["proposals"]}
    assert found == {road.pid(1): ("hosts/H001", "specialty", None), road.pid(2): ("hosts/H002", "group", 1)}
    assert {u["participation"]: u["reason"] for u in run["unmatched"]} == {
        road.pid(3): "places-taken", road.pid(4): "no-offer",
    }  # fmt: skip
    report = run["report"]
    assert (report["matched_share"], report["fit_share"], report["first_choice_share"]) == (
        "0.5000",
        "0.5000",
        "0.5000",
    )
    assert (report["blocking_pairs"], report["within_window"]) == (0, True)


async def test_a_hand_made_proposal_needs_a_fitting_open_offer(road: Any) -> None:
    """M-03: no proposal to a host without the specialty."""
    await road.offers(1)
    await road.receive(road.selected(1), road.selected(2, specialty="agronomy", specialty_group="agriculture"))

    done = await road.post(road.people.ministry, f"/placements/{road.pid(1)}/propose", {"host": "hosts/H001"})
    none = await road.post(road.people.ministry, f"/placements/{road.pid(2)}/propose", {"host": "hosts/H001"})

    assert done.json()["state"] == "proposed"
    assert said(none) == (422, "specialty-not-offered", "M-03")
