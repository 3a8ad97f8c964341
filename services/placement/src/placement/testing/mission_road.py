"""One expert mission step by step, over the real routes; ``road`` is that of the integration tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from placement.testing.class_road import programme_file
from shared.contracts import selection
from shared.kernel.actor import Actor, Role
from shared.testing.actors import someone

PROGRAMME = "tibet-expert-mission"
LOCALITY = "cn/54/5404"
BEGIN, END = date(2024, 6, 10), date(2024, 6, 18)


class MissionRoad:
    """A mission on its way."""

    def __init__(self, road: Any) -> None:
        self.road, self.id = road, ""
        self.region: Actor = road.people.region
        self.ministry: Actor = road.people.ministry
        self.locality = someone(Role.LOCAL_REVIEWER, subject="locality", organisation=LOCALITY)

    def expert(self, number: int) -> Actor:
        """An expert; number 1 leads."""
        return someone(Role.APPLICANT, subject=f"account-{number}")

    def on(self, day: date) -> None:
        """Let it be noon of that day in the programme's calendar."""
        self.road.service.clock.at = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)

    async def policies(self) -> None:
        """Both batches are applied."""
        for version in ("batch-3", "batch-4"):
            content = programme_file(PROGRAMME, version)
            await self.road.ok(self.road.put(self.road.people.operator, f"/policies/{PROGRAMME}/{version}", content))

    def text(self, **more: Any) -> dict[str, Any]:
        """What is asked for."""
        return {
            "programme": PROGRAMME, "policy_version": "batch-4", "batch": "batch-4", "session": "2024-1",
            "region": "cn/54", "locality": LOCALITY,
            "needs": [{"topic": "health", "kind": "free_clinic"}, {"topic": "agriculture", "kind": "technical_guidance"}],
            "wanted_from": "2024-06-01", "wanted_until": "2024-06-30",
        } | more  # fmt: skip

    def plan(self, **more: Any) -> dict[str, Any]:
        """Days and itinerary."""
        stops = [{"day": "2024-06-11", "county": "540402"}, {"day": "2024-06-14", "county": "540421"}]
        return {"starts_on": str(BEGIN), "ends_on": str(END), "itinerary": stops} | more

    def team(self, count: int = 14, *, chosen: int = 0, first: int = 1) -> dict[str, Any]:
        """``count`` experts, the first ``chosen`` of them by selection."""
        return {
            "items": [
                {
                    "account": f"account-{n}", "specialty": "clinical-medicine", "leads": n == first,
                    "participation": self.road.pid(n) if n < first + chosen else None,
                }
                for n in range(first, first + count)
            ]
        }  # fmt: skip

    def activity(self, **more: Any) -> dict[str, Any]:
        """A free clinic."""
        return {
            "kind": "free_clinic", "topic": "Cataract", "held_on": "2024-06-11", "county": "540402",
            "experts": ["account-1"], "beneficiaries": [{"kind": "patients", "count": 120, "precision": "about"}],
        } | more  # fmt: skip

    def report(self, **more: Any) -> dict[str, Any]:
        """What came of it."""
        handed = {"technology": "ecg-telemetry", "topic": "Cardiology", "recipient": "cn/54/5404/H1"}
        return {"text": "Done.", "returned_on": "2024-06-18", "outcomes": [handed]} | more

    async def post(self, actor: Actor, step: str, body: Any = None, **more: Any) -> Any:
        """A command about the mission."""
        return await self.road.post(actor, f"/missions/{self.id}{step}", body, **more)

    async def ok(self, actor: Actor, step: str, body: Any = None) -> Any:
        """A command that is done."""
        return await self.road.ok(self.post(actor, step, body))

    async def get(self, actor: Actor, step: str = "") -> Any:
        """Something of the mission."""
        return await self.road.get(actor, f"/missions/{self.id}{step}")

    async def requested(self, **more: Any) -> str:
        """The locality has asked."""
        self.on(date(2024, 5, 1))
        await self.policies()
        self.id = (await self.road.ok(self.road.post(self.locality, "/missions", self.text(**more))))["id"]
        return self.id

    async def approved(self, *, chosen: int = 0) -> str:
        """Planned, manned by 14, approved."""
        await self.requested()
        if chosen:
            await self.road.receive(*(self.selected(n) for n in range(1, chosen + 1)))
        await self.ok(self.region, "/plan", self.plan())
        await self.ok(self.region, "/team", self.team(chosen=chosen))
        await self.ok(self.ministry, "/approve")
        return self.id

    async def in_field(self, *, chosen: int = 0) -> str:
        """The team has left."""
        await self.approved(chosen=chosen)
        self.on(BEGIN)
        await self.ok(self.region, "/depart", {"departed_on": str(BEGIN)})
        return self.id

    def selected(self, number: int) -> selection.Selected:
        """What selection says of an expert chosen for the first mission of 2024."""
        return selection.Selected(
            participation=UUID(self.road.pid(number)), account=f"account-{number}", programme=PROGRAMME,
            batch="batch-4", session="2024-1", roster=UUID(int=7), roster_version=1, direction="inbound",
            specialty="clinical-medicine", specialty_group="health", study_direction="clinical-medicine",
            sending_unit="cn/11/U1", origin_area="1101", title_level="senior", rank=number,
            planned_start=date(2024, 6, 1), planned_end=date(2024, 6, 30), term="P1M", policy_version="batch-4",
        )  # fmt: skip
