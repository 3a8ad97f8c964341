"""Matching as a job, and what hangs on pairings."""

from __future__ import annotations

from typing import Any


async def matching_as_a_job(road: Any) -> None:
    """A session is matched by a job; its pair of hashes is asked for again."""
    await road.offers(2)
    await road.receive(road.selected(1), road.selected(2))
    await road.ok(road.post(road.people.ministry, "/matching-runs/start", {"session": "2024"}))
