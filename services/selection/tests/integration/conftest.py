"""Selection behind its real routes on a migrated PostgreSQL, and a session's way through it step by step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from selection.adapters.db.readings import forget_policies
from selection.adapters.events.consuming import CONSUMES
from selection.api import create_app
from selection.settings import SelectionSettings
from shared.kernel.actor import Actor
from shared.testing.actors import Keys
from shared.testing.service import ServiceUnderTest, empty_tables, settings_for, under_test


class Road:
    """One session's way from a call to a filed roster; ``more`` are members laid over the policy."""

    def __init__(self, service: ServiceUnderTest, kit: Any) -> None:
        self.service, self.kit, self.people = service, kit, kit.people
        self.session = self.call = self.panel = ""
        self.more: dict[str, Any] = {}
        self.units: dict[str, str] = {}
        self.accounts: dict[str, Actor] = {}

    async def post(self, actor: Actor | None, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.service.post(actor, f"/v1/selection{path}", {} if body is None else body, **more)

    async def get(self, actor: Actor | None, path: str, **more: Any) -> httpx.Response:
        return await self.service.get(actor, f"/v1/selection{path}", **more)

    async def put(self, actor: Actor | None, path: str, body: Any, **more: Any) -> httpx.Response:
        return await self.service.call(actor, "PUT", f"/v1/selection{path}", body, **more)

    async def ok(self, answer: Any) -> Any:
        answer = answer if isinstance(answer, httpx.Response) else await answer
        assert answer.status_code < 300, answer.text
        return answer.json()

    def on(self, day: date) -> None:
        """Let it be 10:00 in Lhasa's calendar on ``day``."""
        self.service.clock.at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)

    async def policies(self) -> None:
        path = f"/policies/{self.kit.programme}"
        for version in ("batch-3", "batch-4"):
            content = self.kit.content(version) | (self.more if version == "batch-4" else {})
            await self.ok(self.put(self.people.operator, f"{path}/{version}", content))

    async def opened(self, places: int | None = None, nodes: Sequence[Any] | None = (), **call: Any) -> Road:
        """Organisations, policies, batch, session and call stand; without ``places`` as the programme has them."""
        programme = self.kit.content("batch-4", "programme")
        if places is not None:
            programme["batch"] |= {"target": places, "sessions": [{"session": "2024", "quota": places}]}
        await self.ok(self.put(self.people.operator, "/organisations", {"items": self.kit.organisations()}))
        await self.policies()
        await self.ok(self.put(self.people.operator, f"/programmes/{self.kit.programme}/batches/batch-4", programme))
        body = {"programme": self.kit.programme, "batch": "batch-4", "session": "2024"}
        if nodes is not None:
            body["quota_nodes"] = list(nodes)
        self.session = (await self.ok(self.post(self.people.region, "/sessions", body)))["id"]
        window = {"opens_at": "2024-01-10T00:00:00Z", "closes_at": "2024-03-31T16:00:00Z", "scope": "cn/54"}
        answer = self.post(self.people.region, "/calls", {"session": self.session} | window | call)
        self.call = (await self.ok(answer))["id"]
        return self

    def form(self, number: int, **more: Any) -> dict[str, Any]:
        return {
            "call": self.call, "unit": self.kit.unit_of(number), "person": self.kit.person(number),
            **self.kit.statement(number),
        } | more  # fmt: skip

    async def drafted(self, number: int, **more: Any) -> str:
        actor = self.people.applicant(number)
        made = await self.ok(self.post(actor, "/applications", self.form(number, **more)))
        self.units[made["id"]], self.accounts[made["id"]] = made["unit"], actor
        return str(made["id"])

    async def submitted(self, *numbers: int, **more: Any) -> list[str]:
        ids = [await self.drafted(number, **more) for number in numbers]
        for id in ids:
            await self.ok(self.post(self.accounts[id], f"/applications/{id}/submit"))
        return ids

    async def recommended(self, ids: Iterable[str], opinion: str = "given") -> None:
        for unit, mine in self._by(ids, lambda id: self.units[id]).items():
            items = [{"application": id, "opinion": opinion} for id in mine]
            await self.ok(self.post(self.people.unit(unit), "/recommendations", {"items": items}))

    async def approved(self, ids: Iterable[str]) -> None:
        for authority, mine in self._by(ids, lambda id: self.kit.reviewer_of(self.units[id])).items():
            items = [{"application": id, "decision": "approve"} for id in mine]
            await self.ok(self.post(self.people.reviewer(authority), "/reviews", {"items": items}))

    async def a_panel(self, experts: int = 3) -> str:
        body = {"session": self.session, "name": "2024", "experts": [f"expert-{n + 1}" for n in range(experts)]}
        self.panel = (await self.ok(self.post(self.people.region, "/panels", body)))["id"]
        return self.panel

    def sheet(self, id: str, score: int) -> dict[str, Any]:
        criteria = ("key-points", "urgent-needs", "grassroots", "best-of-best")
        return {"application": id, "scores": dict.fromkeys(criteria, score)}

    async def scored(self, scores: Mapping[str, int], experts: int = 3) -> None:
        await self.a_panel(experts)
        items = [self.sheet(id, score) for id, score in scores.items()]
        for expert in range(1, experts + 1):
            await self.ok(self.post(self.people.expert(expert), f"/panels/{self.panel}/score-sheets", {"items": items}))
        await self.ok(self.post(self.people.region, f"/panels/{self.panel}/conclude"))

    async def classified(self, ids: Iterable[str]) -> None:
        items = [{"application": id, "study_direction": "clinical-practice"} for id in ids]
        await self.ok(self.post(self.people.region, f"/sessions/{self.session}/classifications", {"items": items}))

    async def ready(self, count: int, **more: Any) -> list[str]:
        """``count`` people have passed every step; the earlier, the better their score, whatever is preferred (S-03 to S-06)."""
        ids = await self.submitted(*range(count), **more)
        await self.recommended(ids)
        await self.approved(ids)
        await self.scored({id: 95 - 7 * n for n, id in enumerate(ids)})
        await self.classified(ids)
        return ids

    async def balanced(self) -> dict[str, Any]:
        run: dict[str, Any] = await self.ok(self.post(self.people.region, f"/sessions/{self.session}/balancing-runs"))
        return run

    async def proposed(self, swaps: Sequence[Any] = ()) -> dict[str, Any]:
        run = await self.balanced()
        body = {"swaps": list(swaps)}
        roster: dict[str, Any] = await self.ok(
            self.post(self.people.region, f"/balancing-runs/{run['id']}/confirm", body)
        )
        return roster

    async def fixed(self) -> dict[str, Any]:
        roster = await self.proposed()
        done: dict[str, Any] = await self.ok(self.post(self.people.region, f"/rosters/{roster['id']}/fix"))
        return done

    async def application(self, id: str, actor: Actor | None = None) -> dict[str, Any]:
        read: dict[str, Any] = await self.ok(self.get(actor or self.people.region, f"/applications/{id}"))
        return read

    async def states(self) -> dict[str, str]:
        rows = (await self.ok(self.get(self.people.region, f"/applications?session={self.session}&limit=100")))["items"]
        return {row["id"]: row["state"] for row in rows}

    async def roster(self) -> dict[str, Any]:
        rows = (await self.ok(self.get(self.people.region, f"/rosters?session={self.session}")))["items"]
        found: dict[str, Any] = rows[-1]
        return found

    async def receive(self, *events: Any) -> None:
        for event in events:
            await self.service.receive(CONSUMES, event)

    async def heard(self, event: str) -> list[dict[str, Any]]:
        return await self.service.outbox(event)

    @staticmethod
    def _by(ids: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for id in ids:
            groups[key(id)].append(id)
        return groups


@pytest.fixture(scope="session")
async def service(migrated: Callable[[str], str], keys: Keys) -> AsyncIterator[ServiceUnderTest]:
    """The service, running."""
    settings = settings_for(SelectionSettings, migrated("selection"), keys)
    async with under_test(create_app(settings), keys) as running:
        yield running


@pytest.fixture
async def road(service: ServiceUnderTest, kit: Any) -> Road:
    """A road from nothing, on 1 March 2024."""
    await empty_tables(service)
    forget_policies()
    service.clock.at = datetime(2024, 3, 1, 4, tzinfo=UTC)
    return Road(service, kit)
