"""Races for offers, matching runs and cases up to the confirmation."""

from __future__ import annotations

from datetime import date
from typing import Any

from placement.domain.offers import OFFER
from placement.domain.placements.states import PLACEMENT
from placement.domain.runs import RUN
from placement.testing.races import hear, one_effect, put_into, raced, recipe

raced(OFFER, RUN, PLACEMENT)


@recipe(OFFER, "change", "close")
async def of_offers(road: Any, _: str, action: str, target: str) -> None:
    (offer,) = await road.offers(3)
    path, host = f"/offers/{offer}/{action}", road.people.host()
    if action == "change":
        calls = [road.post(host, path, {"capacity": 4}, if_match=0) for _ in (1, 2)]
    else:
        calls = [road.post(host, path) for _ in (1, 2)]
    await one_effect(road, "offer", offer, target, calls)


@recipe(RUN, "confirm", "discard")
async def of_runs(road: Any, _: str, action: str, target: str) -> None:
    await road.offers(1)
    await road.receive(road.selected(1))
    run = (await road.ok(road.post(road.people.ministry, "/matching-runs", {"session": "2024"})))["id"]
    calls = [road.post(road.people.ministry, f"/matching-runs/{run}/{action}") for _ in (1, 2)]
    await one_effect(road, "matching_run", run, target, calls)


@recipe(PLACEMENT, "propose")
async def by_hand(road: Any, source: str, _: str, target: str) -> None:
    await road.offers(1)
    await road.receive(road.selected(1))
    await put_into(road, "placement", road.pid(1), source)
    path = f"/placements/{road.pid(1)}/propose"
    calls = [road.post(road.people.ministry, path, {"host": "hosts/H001"}) for _ in (1, 2)]
    await one_effect(road, "placement", road.pid(1), target, calls)


@recipe(PLACEMENT, "accept", "decline", "confirm", "cancel", "no-show")
async def up_to_the_start(road: Any, source: str, action: str, target: str) -> None:
    if source == "confirmed":
        await road.placed(1)
    else:
        await road.proposed(1, 1)
    if source == "host_accepted":
        await road.ok(road.post(road.people.host(), f"/placements/{road.pid(1)}/accept"))
    actor = road.people.host() if action in ("accept", "decline", "no-show") else road.people.ministry
    road.on(date(2024, 7, 20) if action == "no-show" else date(2024, 4, 1))
    body = {
        "decline": {"reason": "other"}, "cancel": {"reason": "recalled"}, "no-show": {"noted_on": "2024-07-20"},
    }.get(action)  # fmt: skip
    calls = [road.post(actor, f"/placements/{road.pid(1)}/{action}", body) for _ in (1, 2)]
    await one_effect(road, "placement", road.pid(1), target, calls)


@recipe(PLACEMENT, "close", "reopen")
async def by_events(road: Any, source: str, action: str, target: str) -> None:
    await road.proposed(1, 1)
    if source == "host_accepted":
        await road.ok(road.post(road.people.host(), f"/placements/{road.pid(1)}/accept"))
    elif source != "proposed":
        await put_into(road, "placement", road.pid(1), "awaiting_match" if source == "closed" else source)
    event = road.withdrawn(1)
    if action == "reopen":
        await road.receive(road.deselected(1, 2))
        event = road.selected(1, roster_version=3)
    await one_effect(road, "placement", road.pid(1), target, [hear(road, event), hear(road, event)], again=True)
