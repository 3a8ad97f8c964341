"""Webhooks of a whole platform as an agency sees them: its own server, its own judge of signatures, a platform that dies."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook as Judge

from gateway.testing.receiver import Received, Receiver
from talent_local.client import origin, token
from talent_local.cohort.trial import IMPATIENT
from talent_local.home import Home
from talent_local.running.plan import Plan

pytestmark = [pytest.mark.journey, pytest.mark.timeout(420)]

TABLE: list[float] = json.loads(IMPATIENT["GATEWAY_WEBHOOK_RETRIES"])
PATIENCE = 90.0
"""Seconds after which a test gives up hoping."""


@dataclass
class Agency:
    """The personnel information system, with a token of its own (client credentials)."""

    home: Home
    client: httpx.AsyncClient

    async def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {token(self.home, client='agency-personnel')}"}
        return await self.client.request(method, path, json=body, headers=headers)

    async def get(self, path: str) -> Any:
        answer = await self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def all(self, path: str) -> list[dict[str, Any]]:
        """Every page of a list."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = await self.get(f"{path}{'&' if '?' in path else '?'}limit=100{cursor}")
            found += page["items"]
            following = page.get("next_cursor")
            if not following or not page.get("has_more", True):
                return found
            cursor = f"&cursor={following}"

    async def subscribe(self, url: str, **more: Any) -> dict[str, Any]:
        answer = await self.ask("POST", "/v1/webhooks", {"url": url, "start": "beginning"} | more)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def standing(self, webhook: dict[str, Any], fulfilled: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The webhook once it is so."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found: dict[str, Any] = await self.get(f"/v1/webhooks/{webhook['id']}")
                if fulfilled(found):
                    return found
                await asyncio.sleep(0.2)

    async def end(self, webhook: dict[str, Any]) -> None:
        assert (await self.ask("DELETE", f"/v1/webhooks/{webhook['id']}")).status_code == 204


@pytest.fixture
async def agency(carried: Any) -> AsyncIterator[Agency]:
    async with httpx.AsyncClient(base_url=origin(carried.home, "gateway"), timeout=60, trust_env=False) as client:
        yield Agency(carried.home, client)


def judged(received: Received, secret: str, key: bytes) -> None:
    """``v1`` by the library of Standard Webhooks, ``v1a`` by ed25519 with the published key."""
    Judge(secret).verify(received.body, received.headers)
    marks = dict(part.split(",", 1) for part in received.headers["webhook-signature"].split())
    signed = f"{received.id}.{received.headers['webhook-timestamp']}.".encode() + received.body
    Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(marks["v1a"]), signed)


async def published_key(agency: Agency) -> bytes:
    """The key that anybody reads, without a token."""
    (key,) = (await agency.client.get("/.well-known/webhooks/jwks.json")).json()["keys"]
    return base64.urlsafe_b64decode(key["x"] + "=")


def metric(page: str, name: str) -> float:
    """One sample of ``/metrics``."""
    return next(float(line.rsplit(" ", 1)[1]) for line in page.splitlines() if line.startswith(name))


async def test_a_whole_cohort_is_delivered_as_the_feed_tells_it(agency: Agency) -> None:
    """Everything that the agency may see, in the order of its feed, each signed twice; then a test, a replay, the log."""
    wanted = [item["id"] for item in await agency.all("/v1/events")]
    key = await published_key(agency)
    async with Receiver() as receiver:
        webhook = await agency.subscribe(receiver.url())
        await receiver.until(lambda: len(receiver.taken()) >= len(wanted), PATIENCE)
        taken = list(receiver.taken())
        await agency.standing(webhook, lambda found: found["behind"] == 0)
        ping = (await agency.ask("POST", f"/v1/webhooks/{webhook['id']}/ping", {})).json()["delivery"]
        await receiver.until(lambda: len(receiver.taken()) == len(wanted) + 1, PATIENCE)
        again = await agency.ask("POST", f"/v1/webhooks/{webhook['id']}/replay", {"event": wanted[3]})
        await receiver.until(lambda: len(receiver.taken()) == len(wanted) + 2, PATIENCE)
        test, replay = receiver.taken()[-2:]
        log = await agency.all(f"/v1/webhooks/{webhook['id']}/deliveries")
        refused = await agency.ask("POST", "/v1/webhooks", {"url": "https://10.0.0.1/hook"})
        await agency.end(webhook)

    assert len(wanted) > 100
    assert [one.id for one in taken] == wanted
    for one in receiver.received:
        judged(one, webhook["secret"], key)
    assert (test.content["type"], replay.id, again.status_code) == ("cn.talent.gateway.ping.v1", wanted[3], 202)
    assert [one["event"] for one in log if one["kind"] == "live"] == wanted
    assert {one["id"]: one["kind"] for one in log if one["kind"] != "live"}[ping] == "test"
    assert sorted(one["kind"] for one in log if one["kind"] != "live") == ["replay", "test"]
    assert {(one["state"], one["attempts"]) for one in log} == {("delivered", 1)}
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "url-host")


async def test_a_receiver_that_fails_is_tried_again_by_the_table_then_disabled_and_taken_up(agency: Agency) -> None:
    """Three failures and a success; then nothing but failure: the inbox and the metrics of the worker say so."""
    kind = "cn.talent.selection.selected.v1"
    wanted = [item["id"] for item in await agency.all(f"/v1/events?type={kind}")]
    answers: Callable[[int], int] = lambda count: 500 if count <= 3 else 204  # noqa: E731
    async with Receiver(lambda _path, count: (answers(count), {})) as receiver:
        webhook = await agency.subscribe(receiver.url(), types=[kind])
        await agency.standing(webhook, lambda found: found["behind"] == 0)
        slow = (await agency.all(f"/v1/webhooks/{webhook['id']}/deliveries"))[0]
        delivered = list(receiver.received)

        answers = lambda _count: 503  # noqa: E731
        again = await agency.ask("POST", f"/v1/webhooks/{webhook['id']}/replay", {"event": wanted[0], "onwards": True})
        await agency.standing(webhook, lambda found: found["failures"] > 0)
        failing = await until_metric(agency, 'webhooks{state="failing"}', lambda value: value >= 1)
        disabled = await agency.standing(webhook, lambda found: found["state"] == "disabled")
        waiting = await agency.get("/v1/inbox?service=gateway")
        counted = await until_metric(agency, 'webhooks{state="disabled"}', lambda value: value >= 1)

        answers = lambda _count: 200  # noqa: E731
        resumed = await agency.ask("POST", f"/v1/webhooks/{webhook['id']}/resume", {})
        await agency.standing(webhook, lambda found: found["behind"] == 0 and found["failures"] == 0)
        nothing = await agency.get("/v1/inbox?service=gateway")
        log = await agency.all(f"/v1/webhooks/{webhook['id']}/deliveries")
        await agency.end(webhook)

    assert [one.id for one in delivered] == [wanted[0]] * 3 + wanted
    assert [one["status"] for one in slow["tries"]] == [500, 500, 500, 204]
    moments = [datetime.fromisoformat(one["at"]) for one in slow["tries"]]
    gaps = [(after - before).total_seconds() for before, after in pairwise(moments)]
    assert all(gap >= pause - 0.05 for gap, pause in zip(gaps, TABLE, strict=True))
    assert again.status_code == 202
    assert metric(failing, "webhook_oldest_undelivered_seconds") > 0
    assert (disabled["reason"], disabled["allowed_actions"].count("resume")) == ("failing", 1)
    assert [(item["kind"], item["subject"], item["state"]) for item in waiting["items"]] == [
        ("repair-webhook", webhook["id"], "disabled")
    ]
    assert metric(counted, 'webhook_deliveries_total{kind="live",outcome="status"}') >= 4
    assert metric(counted, 'webhook_deliveries_total{kind="live",outcome="ok"}') >= len(wanted)
    assert resumed.status_code == 200
    assert nothing["items"] == []
    assert receiver.ids() == wanted
    assert [one["event"] for one in log] == wanted
    assert {one["state"] for one in log} == {"delivered"}


async def until_metric(agency: Agency, name: str, fulfilled: Callable[[float], bool]) -> str:
    """The page of metrics once a sample is so."""
    async with asyncio.timeout(PATIENCE):
        while True:
            page = (await agency.client.get("/metrics")).text
            if fulfilled(metric(page, name)):
                return page
            await asyncio.sleep(0.2)


async def serving_again(agency: Agency) -> None:
    """Until the supervisor has brought the gateway back."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                if (await agency.client.get("/health/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)


async def test_nothing_is_lost_when_the_courier_dies_in_the_middle(agency: Agency) -> None:
    """Killed twice with -9 while it delivers: everything at least once, in order, and the log tells every event."""
    wanted = [item["id"] for item in await agency.all("/v1/events")]
    key = await published_key(agency)
    gateway = Plan.read(agency.home).units(agency.home)["gateway"]
    deaths = [len(wanted) // 4, len(wanted) * 2 // 3]
    died: list[int] = []

    def answer(_path: str, count: int) -> tuple[int, dict[str, str]]:
        if deaths and count >= deaths[0]:
            deaths.pop(0)
            died.append(gateway.pid or 0)
            gateway.kill()
        return 204, {}

    async with Receiver(answer) as receiver:
        webhook = await agency.subscribe(receiver.url())
        await receiver.until(lambda: len(receiver.ids()) >= len(wanted), 3 * PATIENCE)
        await serving_again(agency)
        await agency.standing(webhook, lambda found: found["behind"] == 0)
        log = await agency.all(f"/v1/webhooks/{webhook['id']}/deliveries")
        await agency.end(webhook)

    assert len(set(died) | {gateway.pid}) == 3
    assert receiver.ids() == wanted
    assert len(receiver.received) > len(wanted)
    for one in receiver.received:
        judged(one, webhook["secret"], key)
    assert [one["event"] for one in log] == wanted
    assert {one["state"] for one in log} == {"delivered"}
