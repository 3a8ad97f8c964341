"""The way of the formalities: ticked, and the tick taken back."""

from __future__ import annotations

from typing import Any


async def formalities(road: Any) -> None:
    """Somebody is there; the host ticks (D-05)."""
    await road.arrived(1)
    await road.ok(road.post(road.people.host(), f"/placements/{road.pid(1)}/formalities", {"done": True}))
