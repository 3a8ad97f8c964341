"""Placement behind its real routes on a migrated PostgreSQL, and a cohort's way through it step by step."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import yaml

from placement.adapters.events.consuming import CONSUMES
from placement.api import create_app
from placement.settings import PlacementSettings
from shared.contracts import selection
from shared.kernel.actor import Actor, Role
from shared.testing.actors import Keys, someone
from shared.testing.service import ServiceUnderTest, empty_tables, settings_for, under_test

PROGRAMME = "tibet-special-training"
FILES = Path(__file__).parents[4] / "programmes" / PROGRAMME
START, END = date(2024, 7, 1), date(2025, 6, 30)
UNIT = "cn/54/5401/U0001"


class People:
    """Those who act on the road."""

    operator = someone(Role.OPERATOR)
    ministry = someone(Role.MINISTRY_OFFICER, organisation="cn")
    region = someone(Role.REGIONAL_OFFICER, organisation="cn/54")
    unit = someone(Role.UNIT_OFFICER, organisation=UNIT)
    other_unit = someone(Role.UNIT_OFFICER, subject="unit_officer-2", organisation="cn/54/5401/U0002")
    auditor = someone(Role.AUDITOR, organisation="cn-audit")

    def host(self, number: int = 1) -> Actor:
        return someone(Role.HOST_OFFICER, subject=f"host-{number}", organisation=f"hosts/H{number:03d}")

    def trainee(self, number: int) -> Actor:
        return someone(Role.APPLICANT, subject=f"account-{number}")

    def mentor(self, number: int = 1) -> Actor:
        return someone(Role.MENTOR, subject=f"mentor-{number}", organisation="hosts/H001")


def pid(number: int) -> str:
    """The participation of person ``number``."""
    return str(UUID(int=0x018D0000_0000_7000_8000_000000000000 + number))


class Road:
    """One cohort's way through placement."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service, self.people = service, People()

    def pid(self, number: int) -> str:
        return pid(number)

    async def post(self, actor: Actor, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.service.post(actor, f"/v1/placement{path}", {} if body is None else body, **more)

    async def get(self, actor: Actor, path: str) -> httpx.Response:
        return await self.service.get(actor, f"/v1/placement{path}")

    async def put(self, actor: Actor, path: str, body: Any, **more: Any) -> httpx.Response:
        return await self.service.call(actor, "PUT", f"/v1/placement{path}", body, **more)

    async def ok(self, answer: httpx.Response | Any) -> Any:
        answer = answer if isinstance(answer, httpx.Response) else await answer
        assert answer.status_code < 300, answer.text
        return answer.json()

    def on(self, day: date) -> None:
        """Let it be 10:00 in Lhasa's calendar on ``day``."""
        self.service.clock.at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)

    def content(self, version: str) -> dict[str, Any]:
        read: dict[str, Any] = yaml.safe_load((FILES / version / "placement.yaml").read_text(encoding="utf-8"))
        return read

    async def policies(self) -> None:
        for version in ("batch-3", "batch-4"):
            await self.ok(self.put(self.people.operator, f"/policies/{PROGRAMME}/{version}", self.content(version)))

    def host_line(self, number: int, **more: Any) -> dict[str, Any]:
        return {
            "code": f"H{number:03d}", "path": f"hosts/H{number:03d}", "type": "medical_institution", "province": "11",
            "name_zh": f"第{number}医院", "name_en": f"Hospital {number}", "sector": "health",
            "specialty_groups": ["health", "education"], "specialties": ["clinical-medicine"],
        } | more  # fmt: skip

    async def hosts(self, count: int) -> None:
        items = [self.host_line(number) for number in range(1, count + 1)]
        await self.ok(self.put(self.people.operator, "/hosts", {"items": items}))

    def offer_text(self, number: int, capacity: int, **more: Any) -> dict[str, Any]:
        return {
            "host": f"hosts/H{number:03d}", "programme": PROGRAMME, "policy_version": "batch-4", "session": "2024",
            "specialty_group": "health", "specialties": [], "capacity": capacity,
        } | more  # fmt: skip

    async def offers(self, *capacities: int) -> list[str]:
        """Hosts 1, 2, … offer places in the health group."""
        await self.policies()
        await self.hosts(len(capacities))
        return [
            (await self.ok(self.post(self.people.host(n), "/offers", self.offer_text(n, capacity))))["id"]
            for n, capacity in enumerate(capacities, 1)
        ]

    def selected(self, number: int, **more: Any) -> selection.Selected:
        return selection.Selected(
            **{
                "participation": pid(number), "account": f"account-{number}", "programme": PROGRAMME,
                "batch": "batch-4", "session": "2024", "roster": UUID(int=7), "roster_version": 1,
                "direction": "outbound", "specialty": "clinical-medicine", "specialty_group": "health",
                "study_direction": "clinical-practice", "sending_unit": UNIT, "origin_area": "5401",
                "title_level": "intermediate", "rank": number, "planned_start": START, "planned_end": END,
                "term": "P1Y", "host_preferences": (), "policy_version": "batch-4",
            } | more
        )  # fmt: skip

    def deselected(self, number: int, roster_version: int = 2) -> selection.Deselected:
        return selection.Deselected(
            participation=UUID(pid(number)), session="2024", roster=UUID(int=7), roster_version=roster_version,
            reason="amended",
        )  # fmt: skip

    def withdrawn(self, number: int) -> selection.ApplicationWithdrawn:
        return selection.ApplicationWithdrawn(
            participation=UUID(pid(number)), programme=PROGRAMME, session="2024", stage="selected", reason="family"
        )

    async def receive(self, *events: Any) -> None:
        for event in events:
            await self.service.receive(CONSUMES, event)

    async def proposed(self, count: int, *capacities: int) -> dict[str, Any]:
        """``count`` people are selected, the run is confirmed."""
        await self.offers(*capacities)
        await self.receive(*(self.selected(n) for n in range(1, count + 1)))
        run = await self.ok(self.post(self.people.ministry, "/matching-runs", {"session": "2024"}))
        done: dict[str, Any] = await self.ok(self.post(self.people.ministry, f"/matching-runs/{run['id']}/confirm"))
        return done

    def items(self, numbers: Sequence[int], **more: Any) -> dict[str, Any]:
        return {"items": [{"participation": pid(n)} | more for n in numbers]}

    async def placed(self, count: int) -> range:
        """``count`` people are placed at host 1."""
        await self.proposed(count, count)
        numbers = range(1, count + 1)
        await self.ok(self.post(self.people.host(), "/decisions", self.items(numbers, decision="accept")))
        await self.ok(self.post(self.people.ministry, "/confirmations", self.items(numbers)))
        return numbers

    TERMS: dict[str, Any] = {"duties": {"trainee": ["learn"], "sending_unit": ["keep the post"]}, "service_years": 3}

    async def offered_agreements(self, numbers: Sequence[int]) -> list[str]:
        body = self.items(numbers, terms=self.TERMS)
        drafts = [item["id"] for item in (await self.ok(self.post(self.people.unit, "/agreements", body)))["items"]]
        await self.ok(self.post(self.people.unit, "/agreements/offers", {"items": [{"agreement": d} for d in drafts]}))
        return drafts

    async def agreed(self, numbers: Sequence[int]) -> list[str]:
        """Agreements in force."""
        ids = await self.offered_agreements(numbers)
        for number, id in zip(numbers, ids, strict=True):
            await self.ok(self.post(self.people.trainee(number), f"/agreements/{id}/sign"))
        await self.ok(self.post(self.people.unit, "/agreements/signatures", {"items": [{"agreement": i} for i in ids]}))
        return ids

    async def upload(
        self, actor: Actor, agreement: str, content: bytes, kind: str = "application/pdf"
    ) -> httpx.Response:
        """A scanned page as the body."""
        path = f"/v1/placement/agreements/{agreement}/pages"
        return await self.service.call(actor, "POST", path, headers={"content-type": kind}, content=content)

    async def page(self, actor: Actor, agreement: str, content: bytes = b"%PDF-1.7 signed") -> str:
        """The id of an uploaded page."""
        return str((await self.ok(self.upload(actor, agreement, content)))["id"])

    async def prepared_filing(self, agreement: str) -> str:
        """The file of an agreement in force."""
        body = {"items": [{"agreement": agreement}]}
        return str((await self.ok(self.post(self.people.unit, "/agreement-filings", body)))["items"][0]["id"])

    async def mentors(self, count: int = 1, load_limit: int = 5) -> None:
        items = [
            {"account": f"mentor-{n}", "title_level": "senior", "load_limit": load_limit} for n in range(1, count + 1)
        ]
        await self.ok(self.put(self.people.host(), "/hosts/H001/mentors", {"items": items}))

    async def mentored(self, numbers: Sequence[int]) -> list[str]:
        """Active mentors, five trainees each."""
        await self.mentors((len(numbers) + 4) // 5)
        items = [{"participation": pid(n), "mentor": f"mentor-{i // 5 + 1}"} for i, n in enumerate(numbers)]
        made = await self.ok(self.post(self.people.host(), "/mentorships", {"items": items}))
        ids = [item["id"] for item in made["items"]]
        contacts = [{"mentorship": id, "contacted_on": "2024-02-20"} for id in ids]
        await self.ok(self.post(self.people.host(), "/mentorships/pre-contacts", {"items": contacts}))
        await self.ok(
            self.post(self.people.host(), "/mentorships/activations", {"items": [{"mentorship": i} for i in ids]})
        )
        return ids

    def plan_text(self, **more: Any) -> dict[str, Any]:
        return {
            "post": "Cardiology ward", "tasks": ["rounds"],
            "inputs": {"unit_needs": "a cardiologist", "trainee_situation": "five years", "teachers": "two"},
            "parts": [
                {"mode": "work_post", "title": "Ward", "starts_on": "2024-07-01", "ends_on": "2025-06-30"},
                {"mode": "course", "title": "ECG", "starts_on": "2024-09-01", "ends_on": "2024-12-31"},
            ],
            "outcomes": ["practical ability"],
        } | more  # fmt: skip

    async def drafted_plans(self, numbers: Sequence[int]) -> list[str]:
        body = {"items": [self.plan_text(participation=pid(n)) for n in numbers]}
        return [item["id"] for item in (await self.ok(self.post(self.people.host(), "/plans", body)))["items"]]

    async def planned(self, numbers: Sequence[int]) -> list[str]:
        """Plans in force."""
        ids = await self.drafted_plans(numbers)
        for number, id in zip(numbers, ids, strict=True):
            said = {"comments": "Good.", "agrees": True}
            await self.ok(self.post(self.people.trainee(number), f"/plans/{id}/consult", said))
        await self.ok(self.post(self.people.host(), "/plans/approvals", {"items": [{"plan": id} for id in ids]}))
        return ids

    async def arrived(self, count: int) -> range:
        """``count`` people are at host 1 with everything in force, since the planned start."""
        numbers = await self.placed(count)
        await self.agreed(numbers)
        await self.mentored(numbers)
        await self.planned(numbers)
        self.on(date(2024, 7, 2))
        await self.ok(self.post(self.people.host(), "/arrivals", self.items(numbers, arrived_on="2024-07-01")))
        return numbers

    async def reports(self, actor: Actor, **filters: str) -> list[dict[str, Any]]:
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        listed: list[dict[str, Any]] = (await self.ok(self.get(actor, f"/reports?limit=100&{query}")))["items"]
        return listed

    async def placement(self, number: int) -> dict[str, Any]:
        read: dict[str, Any] = await self.ok(self.get(self.people.ministry, f"/placements/{pid(number)}"))
        return read

    async def heard(self, event: str) -> list[dict[str, Any]]:
        return await self.service.outbox(event)


@pytest.fixture(scope="session")
async def service(migrated: Callable[[str], str], keys: Keys) -> AsyncIterator[ServiceUnderTest]:
    """The service, running."""
    settings = settings_for(PlacementSettings, migrated("placement"), keys)
    async with under_test(create_app(settings), keys) as running:
        yield running


@pytest.fixture
async def road(service: ServiceUnderTest) -> Road:
    """A road from nothing, on 1 March 2024."""
    await empty_tables(service)
    service.clock.at = datetime(2024, 3, 1, 4, tzinfo=UTC)
    return Road(service)
