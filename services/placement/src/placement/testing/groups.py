"""Study groups in tests: builders on a cohort's road."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.kernel.actor import Actor, Role
from shared.testing.actors import someone


class Groups:
    """Forms groups of the people of a road."""

    def __init__(self, road: Any) -> None:
        self.road = road

    def leader(self, number: int) -> Actor:
        """The person of this number with a leader's token."""
        return someone(Role.GROUP_LEADER, subject=f"account-{number}")

    def body(self, pids: Sequence[str], name: str = "1", reason: str | None = None) -> dict[str, Any]:
        """A formation of one group."""
        return {"items": [{"name": name, "participations": list(pids), "reason": reason}]}

    async def form(self, pids: Sequence[str], name: str = "1", reason: str | None = None) -> Any:
        """Ask for a group."""
        return await self.road.post(self.road.people.region, "/groups", self.body(pids, name, reason))

    async def formed(self, pids: Sequence[str], reason: str | None = None) -> str:
        """A group."""
        return str((await self.road.ok(await self.form(pids, reason=reason)))["items"][0]["id"])

    def member(self, number: int) -> dict[str, Any]:
        """A person who is to join."""
        return {"participation": self.road.pid(number), "reason": "unit_need"}

    async def appoint(self, id: str, number: int, reason: str = "unit_need") -> Any:
        """Ask for a leader."""
        body = {"participation": self.road.pid(number), "reason": reason}
        return await self.road.post(self.road.people.region, f"/groups/{id}/appoint-leader", body)

    async def led(self, id: str, number: int) -> None:
        """A leader is appointed."""
        await self.road.ok(await self.appoint(id, number))

    async def active(self, numbers: Sequence[int], leader: int) -> str:
        """A group at work, whatever its size."""
        id = await self.formed([self.road.pid(n) for n in numbers], reason="a small province")
        await self.led(id, leader)
        await self.road.ok(self.road.post(self.road.people.region, f"/groups/{id}/activate"))
        return id

    async def report(self, id: str, leader: Actor) -> str:
        """The first report that a group owes."""
        listed = (await self.road.ok(self.road.get(leader, f"/group-reports?group={id}")))["items"]
        return str(next(each["id"] for each in listed if each["period"] == 1))
