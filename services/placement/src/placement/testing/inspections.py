"""Inspections in tests: builders on a cohort's road."""

from __future__ import annotations

from typing import Any

PROGRAMME = "tibet-special-training"


class Inspections:
    """Plans and conducts inspections of host 1 of a road."""

    which = {"programme": PROGRAMME, "session": "2024"}
    found = {"items": [{"code": "mentor_absent", "severity": "major"}, {"code": "plan_missing", "severity": "severe"}]}

    def __init__(self, road: Any) -> None:
        self.road = road

    def answers(self, done_on: str, *numbers: int) -> dict[str, Any]:
        """What the host did about some findings."""
        return {"items": [{"number": n, "measure": "mentor_assigned", "done_on": done_on} for n in numbers]}

    async def at(self, id: str, verb: str, body: Any = None, actor: Any = None) -> Any:
        """One step of an inspection."""
        return await self.road.post(actor or self.road.people.region, f"/inspections/{id}/{verb}", body)

    async def planned(self, on: str = "2024-09-17") -> str:
        """An inspection of host 1 that is planned."""
        body = self.which | {"host": "hosts/H001", "planned_on": on}
        return str((await self.road.ok(self.road.post(self.road.people.region, "/inspections", body)))["id"])

    async def brought(self, state: str, on: str) -> str:
        """An inspection brought into a state on a day."""
        id = await self.planned(on)
        steps: list[tuple[str, Any, Any]] = [
            ("conduct", {"conducted_on": on}, None),
            ("findings", self.found, None),
            ("answer", self.answers(on, 1, 2), self.road.people.host()),
        ]
        many = {"planned": 0, "conducted": 1, "findings": 2, "rectifying": 3}[state]
        for verb, body, actor in steps[:many]:
            await self.road.ok(self.at(id, verb, body, actor))
        return id
