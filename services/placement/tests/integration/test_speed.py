"""Lists as long as a session: each done in one request and one transaction; what they took is printed, never judged."""

from __future__ import annotations

from time import perf_counter
from typing import Any

COUNT = 180


async def test_lists_of_a_whole_session_are_done_in_one_request_each(road: Any) -> None:
    """180 people: run, decisions, confirmations, drafts, arrivals, each in one request."""
    took: dict[str, float] = {}

    async def timed(name: str, call: Any) -> Any:
        began = perf_counter()
        answer = await road.ok(call)
        took[name] = perf_counter() - began
        return answer

    await road.offers(COUNT)
    await road.receive(*(road.selected(n) for n in range(1, COUNT + 1)))
    numbers = range(1, COUNT + 1)
    run = await timed("run", road.post(road.people.ministry, "/matching-runs", {"session": "2024"}))
    await timed("confirm run", road.post(road.people.ministry, f"/matching-runs/{run['id']}/confirm"))
    decided = road.items(numbers, decision="accept")
    await timed("decisions", road.post(road.people.host(), "/decisions", decided))
    await timed("confirmations", road.post(road.people.ministry, "/confirmations", road.items(numbers)))
    drafts = road.items(numbers, terms=road.TERMS)
    made = (await timed("agreements", road.post(road.people.unit, "/agreements", drafts)))["items"]
    ids = {"items": [{"agreement": a["id"]} for a in made]}
    await timed("offers", road.post(road.people.unit, "/agreements/offers", ids))
    for number, agreement in zip(numbers, made, strict=True):
        await road.ok(road.post(road.people.trainee(number), f"/agreements/{agreement['id']}/sign"))
    await timed("signatures", road.post(road.people.unit, "/agreements/signatures", ids))
    plans = {"items": [road.plan_text(participation=road.pid(n)) for n in numbers]}
    await timed("plans", road.post(road.people.host(), "/plans", plans))
    road.service.clock.at = road.service.clock.at.replace(month=7, day=2)
    await timed("arrivals", road.post(road.people.host(), "/arrivals", road.items(numbers, arrived_on="2024-07-01")))

    assert await road.service.scalar("SELECT count(*) FROM placement WHERE arrived_on = DATE '2024-07-01'") == COUNT
    print({name: round(seconds, 3) for name, seconds in took.items()})  # noqa: T201
