"""Matching as a job, and what hangs on pairings."""

from __future__ import annotations

from typing import Any

from placement.testing.secondment import Pair


async def matching_as_a_job(road: Any) -> None:
    """A session is matched by a job; its pair of hashes is asked for again."""
    await road.offers(2)
    await road.receive(road.selected(1), road.selected(2))
    await road.ok(road.post(road.people.ministry, "/matching-runs/start", {"session": "2024"}))


async def what_a_secondment_does(road: Any) -> None:
    """An object of the pairing, a link with it, a contribution to it (W-08, W-11)."""
    pair = Pair(road)
    await pair.set_up()
    id = await pair.at_the_post(1)
    found = (await road.ok(road.post(pair.region, "/paired-objects", pair.object())))["id"]
    await road.ok(road.post(pair.region, f"/placements/{id}/links", {"object": found}))
    body = {"kind": "industry", "made_on": "2012-08-01", "summary": "A market was opened.", "object": found}
    await road.ok(road.post(pair.region, f"/placements/{id}/contributions", body))
