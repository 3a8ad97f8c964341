"""Check-ins in tests: builders on a cohort's road."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from placement.usecases.checkins.keep_checkins import invite


class Checkins:
    """Invites and asks for person 1 of a road."""

    def __init__(self, road: Any) -> None:
        self.road = road

    async def at(self, id: str, verb: str, body: Any = None, actor: Any = None) -> Any:
        """One step."""
        return await self.road.post(actor or self.road.people.trainee(1), f"/checkins/{id}/{verb}", body)

    async def respond(self, id: str, answer: str, *needs: str) -> Any:
        """The person's own answer."""
        return await self.at(id, "respond", {"answer": answer, "needs": list(needs)})

    async def asked(self, *needs: str) -> str:
        """A request for help that the person began."""
        body = {"participation": self.road.pid(1), "needs": list(needs)}
        return str((await self.road.ok(self.road.post(self.road.people.trainee(1), "/checkins", body)))["id"])

    async def clock(self, act: Any = invite) -> int:
        """One turn of the due clock."""
        async with self.road.service.running.system_unit(f"checkins:{uuid4()}") as unit:
            done: int = await act(unit)
        return done

    async def mine(self, number: int = 1) -> list[dict[str, Any]]:
        """What the person sees."""
        return list((await self.road.ok(self.road.get(self.road.people.trainee(number), "/checkins")))["items"])

    async def invited(self, on: date = date(2024, 10, 1)) -> str:
        """The first invitation of person 1, three months after the arrival."""
        self.road.on(on)
        await self.clock()
        return str(next(each["id"] for each in await self.mine() if each["invited"]))
