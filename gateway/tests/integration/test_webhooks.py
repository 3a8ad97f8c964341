"""Webhooks from subscription to delivery, judged by the official library of Standard Webhooks."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import text
from standardwebhooks import Webhook as Judge

from gateway.adapters.db.unit_of_work import GatewayWork
from gateway.adapters.webhooks.courier import Courier
from gateway.adapters.webhooks.running import courier_of
from gateway.adapters.webhooks.sending import Sender
from gateway.domain.webhooks.destination import DestinationRules
from gateway.testing.receiver import Received, Receiver
from gateway.testing.stage import Stage
from gateway.testing.stories import cohort, participation, story, woven
from shared.kernel.actor import system
from shared.kernel.clock import SystemClock
from shared.work.unit import Circumstances

RULES = DestinationRules(frozenset({443}), loopback=True)
REGION = "cn/54"
TOLD = woven(story(1), ["selection"])
"""One person's events; the first tells the unit."""


class Subscriber:
    """An agency that keeps webhooks."""

    def __init__(self, stage: Stage, role: str = "regional_officer", organisation: str = REGION) -> None:
        self.stage = stage
        self.headers = stage.bearer(role, organisation=organisation, subject=f"acc-{role}-{organisation}")

    async def ask(self, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.stage.client.request(method, f"/v1/webhooks{path}", json=json, headers=sent)

    async def subscribe(self, url: str, **more: Any) -> dict[str, Any]:
        answer = await self.ask("POST", "", {"url": url, "start": "beginning"} | more)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def standing(self, webhook: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = (await self.ask("GET", f"/{webhook['id']}")).json()
        return found

    async def log(self, webhook: dict[str, Any], **query: str) -> list[dict[str, Any]]:
        asked = "&".join(f"{name}={value}" for name, value in ({"limit": "100"} | query).items())
        items: list[dict[str, Any]] = (await self.ask("GET", f"/{webhook['id']}/deliveries?{asked}")).json()["items"]
        return items


@asynccontextmanager
async def a_courier(stage: Stage, *, lease: float = 60.0, seconds: float = 5.0) -> AsyncIterator[Courier]:
    """A courier like that of the worker process, with its own connections."""
    sender, stop = Sender(RULES, seconds=seconds), asyncio.Event()
    await sender.open()
    courier = hired(stage, sender, owner=f"courier-{uuid4().hex[:6]}", lease=lease)
    task = asyncio.create_task(courier.run(stop))
    try:
        yield courier
    finally:
        stop.set()
        await asyncio.wait([task])
        await sender.close()
        task.result()


def hired(stage: Stage, sender: Sender, *, owner: str, lease: float = 60.0) -> Courier:
    """A courier over the engine of the test."""

    def unit(seed: str) -> GatewayWork:
        return GatewayWork(stage.engine, SystemClock(), Circumstances(system("gateway"), seed=seed))

    desk = stage.door.own.state.running.extras["webhook_desk"]
    return courier_of(desk, stage.engine, unit, sender, owner=owner, lease=lease)


async def hurry(stage: Stage, webhook: dict[str, Any]) -> None:
    """Let the pause before the next attempt be over."""
    async with stage.engine.begin() as connection:
        await connection.execute(
            text("UPDATE webhook_progress SET due_at = now() WHERE webhook = :id"), {"id": webhook["id"]}
        )


async def settled(subscriber: Subscriber, webhook: dict[str, Any], **expected: Any) -> dict[str, Any]:
    """The standing once it is as expected."""
    async with asyncio.timeout(10):
        while True:
            found = await subscriber.standing(webhook)
            if all(found[name] == value for name, value in expected.items()):
                return found
            await asyncio.sleep(0.05)


def judged(received: Received, secret: str, public_key: str) -> None:
    """Both signatures hold: v1 by the official library, v1a by ed25519 itself."""
    Judge(secret).verify(received.body, received.headers)
    signed = f"{received.id}.{received.headers['webhook-timestamp']}.".encode() + received.body
    marks = dict(part.split(",", 1) for part in received.headers["webhook-signature"].split() if part.startswith("v1a"))
    raw = base64.b64decode(public_key.removeprefix("whpk_"))
    Ed25519PublicKey.from_public_bytes(raw).verify(base64.b64decode(marks["v1a"]), signed)


async def feed_ids(subscriber: Subscriber) -> list[str]:
    """Ids of the feed as the subscriber reads it."""
    page = await subscriber.stage.client.get("/v1/events", params={"limit": 200}, headers=subscriber.headers)
    return [item["id"] for item in page.json()["items"]]


async def test_every_event_of_the_feed_is_delivered_signed_and_in_order(stage: Stage) -> None:
    """What the receiver gets is what the feed shows to the same organisation, in its order, under both signatures."""
    subscriber = Subscriber(stage)
    await stage.arrive(cohort(3))
    async with Receiver() as receiver:
        webhook = await subscriber.subscribe(receiver.url())
        wanted = await feed_ids(subscriber)

        async with a_courier(stage):
            await receiver.until(lambda: len(receiver.ids()) == len(wanted))
            await stage.arrive(woven(story(5), []))
            wanted = await feed_ids(subscriber)
            await receiver.until(lambda: len(receiver.ids()) == len(wanted))
            standing = await settled(subscriber, webhook, behind=0)

    assert receiver.ids() == wanted
    assert len(receiver.received) == len(wanted)
    for one in receiver.received:
        judged(one, webhook["secret"], webhook["public_key"])
        assert set(one.content) == {"type", "timestamp", "data"}
        assert one.content["data"]["id"] == one.id
        assert one.headers["content-type"] == "application/json"
    assert (standing["failures"], standing["state"]) == (0, "active")
    assert standing["delivered_at"]
    keys = (await stage.client.get("/.well-known/webhooks/jwks.json")).json()["keys"]
    assert [key["whpk"] for key in keys] == [webhook["public_key"]]


async def test_an_agency_gets_its_own_organisation_and_no_money(stage: Stage) -> None:
    await stage.arrive(cohort(3))
    near, far = Subscriber(stage, "agency", "cn/54/5402"), Subscriber(stage, "agency", "cn/65")
    async with Receiver() as receiver:
        await near.subscribe(receiver.url("/near"))
        idle = await far.subscribe(receiver.url("/far"))
        wanted = await feed_ids(near)

        async with a_courier(stage):
            await receiver.until(lambda: len(receiver.ids("/near")) == len(wanted))
            await settled(far, idle, behind=0)

    assert receiver.ids("/near") == wanted
    assert {one.content["data"]["subject"] for one in receiver.received} == {participation(1)}
    assert "/funding" not in {one.content["data"]["source"] for one in receiver.received}
    assert receiver.ids("/far") == []


async def test_a_filter_by_type_and_session(stage: Stage) -> None:
    await stage.arrive(cohort(2))
    subscriber = Subscriber(stage)
    kind = "cn.talent.selection.selected.v1"
    async with Receiver() as receiver:
        one = await subscriber.subscribe(receiver.url(), types=[kind])
        none = await subscriber.subscribe(receiver.url("/none"), session="1999")

        async with a_courier(stage):
            await settled(subscriber, one, behind=0)
            await settled(subscriber, none, behind=0)

    assert [found.content["type"] for found in receiver.received] == [kind, kind]


async def test_a_failing_event_holds_back_its_successors_and_keeps_its_id(stage: Stage) -> None:
    """500, then 503 with Retry-After, then 204: the same message three times, and nothing overtakes it."""
    await stage.arrive(TOLD[:3])
    subscriber = Subscriber(stage)
    said = [(500, {}), (503, {"retry-after": "600"})]
    answers = {"/hook": lambda count: said[count - 1] if count <= 2 else (204, {})}
    async with Receiver(lambda path, count: answers[path](count)) as receiver, a_courier(stage):
        webhook = await subscriber.subscribe(receiver.url())
        first = await settled(subscriber, webhook, failures=1)
        await hurry(stage, webhook)
        second = await settled(subscriber, webhook, failures=2)
        log = await subscriber.log(webhook)
        await hurry(stage, webhook)
        await settled(subscriber, webhook, failures=0, behind=0)
        wanted = await feed_ids(subscriber)

    assert [one.id for one in receiver.received] == [wanted[0], wanted[0], *wanted]
    assert first["next_attempt_at"] is not None
    waited = await asyncio.to_thread(_seconds_between, second["failing_since"], second["next_attempt_at"])
    assert waited > 550
    assert [(one["state"], one["attempts"]) for one in log] == [("failing", 2)]
    assert [(one["code"], one["status"]) for one in log[0]["tries"]] == [("status", 500), ("status", 503)]
    assert log[0]["tries"][0]["excerpt"] == "no, ##################"


def _seconds_between(begin: str, end: str) -> float:
    from datetime import datetime

    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


async def test_skipping_goes_past_and_the_skipped_can_be_replayed(stage: Stage) -> None:
    """An event that the receiver cannot take is skipped by its owner and comes again when it is asked for."""
    await stage.arrive(TOLD[:3])
    subscriber = Subscriber(stage)
    broken = True
    poison = ""

    def answer(_path: str, count: int) -> tuple[int, dict[str, str]]:
        return (400 if broken and count == 1 else 200), {}

    async with Receiver(answer) as receiver, a_courier(stage):
        webhook = await subscriber.subscribe(receiver.url())
        await settled(subscriber, webhook, failures=1)
        early = await subscriber.ask("POST", f"/{webhook['id']}/skip", {})
        await settled(subscriber, webhook, failures=0, behind=0)
        nothing = await subscriber.ask("POST", f"/{webhook['id']}/skip", {})
        skipped = await subscriber.log(webhook, state="skipped")
        poison = skipped[0]["event"]
        broken = False
        again = await subscriber.ask("POST", f"/{webhook['id']}/replay-skipped", {})
        await receiver.until(lambda: poison in receiver.ids())
        one = await subscriber.ask("POST", f"/{webhook['id']}/replay", {"event": receiver.ids()[0]})
        await receiver.until(lambda: len(receiver.taken()) == 4)
        unknown = await subscriber.ask("POST", f"/{webhook['id']}/replay", {"event": str(uuid4())})

    assert early.status_code == 200
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing-fails")
    assert (again.status_code, again.json()) == (202, {"count": 1})
    assert one.status_code == 202
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not-delivered")
    assert receiver.ids()[-1] == poison


async def test_everything_since_an_event_comes_again_in_order(stage: Stage) -> None:
    await stage.arrive(TOLD[:5])
    subscriber = Subscriber(stage)
    async with Receiver() as receiver, a_courier(stage):
        webhook = await subscriber.subscribe(receiver.url())
        await settled(subscriber, webhook, behind=0)
        wanted = receiver.ids()

        answer = await subscriber.ask("POST", f"/{webhook['id']}/replay", {"event": wanted[2], "onwards": True})
        await receiver.until(lambda: len(receiver.taken()) == 8)

    assert answer.status_code == 202
    assert [one.id for one in receiver.taken()] == [*wanted, *wanted[2:]]


async def test_pausing_loses_nothing(stage: Stage) -> None:
    await stage.arrive(TOLD[:2])
    subscriber = Subscriber(stage)
    async with Receiver() as receiver, a_courier(stage):
        webhook = await subscriber.subscribe(receiver.url())
        await settled(subscriber, webhook, behind=0)
        paused = await subscriber.ask("POST", f"/{webhook['id']}/pause", {})
        await stage.arrive(TOLD[2:4])
        again = await subscriber.ask("POST", f"/{webhook['id']}/pause", {})
        before = len(receiver.received)
        resumed = await subscriber.ask("POST", f"/{webhook['id']}/resume", {})
        await receiver.until(lambda: len(receiver.ids()) == 4)
        wanted = await feed_ids(subscriber)

    assert paused.json()["state"] == "paused"
    assert paused.json()["allowed_actions"] == ["change", "delete", "ping", "replay", "resume", "rotate", "skip"]
    assert (again.status_code, again.json()["code"]) == (409, "wrong-state")
    assert before == 2
    assert resumed.json()["state"] == "active"
    assert receiver.ids() == wanted


@pytest.mark.parametrize(("status", "reason"), [(410, "gone"), (500, "failing")])
async def test_a_receiver_that_is_gone_or_fails_for_days_is_disabled(status: int, reason: str, stage: Stage) -> None:
    """Visible in the resource and in the audit trail; resuming goes on where it stopped."""
    await stage.arrive(TOLD[:3])
    subscriber = Subscriber(stage)
    broken = True
    async with Receiver(lambda _path, _count: (status if broken else 200, {})) as receiver, a_courier(stage):
        webhook = await subscriber.subscribe(receiver.url())
        if reason == "failing":
            await settled(subscriber, webhook, failures=1)
            async with stage.engine.begin() as connection:
                await connection.execute(text("UPDATE webhook_progress SET failing_since = now() - interval '6 days'"))
            await hurry(stage, webhook)
        standing = await settled(subscriber, webhook, state="disabled")
        broken = False
        await subscriber.ask("POST", f"/{webhook['id']}/resume", {})
        await receiver.until(lambda: len(receiver.ids()) == 3)
        wanted = await feed_ids(subscriber)
    async with stage.engine.connect() as connection:
        noted = (
            await connection.execute(
                text("SELECT details FROM audit WHERE action = 'webhook.disable' AND object_id = :id"),
                {"id": webhook["id"]},
            )
        ).scalar_one()

    assert standing["reason"] == reason
    assert noted == {"reason": reason}
    assert receiver.ids() == wanted


async def test_redirects_are_not_followed_and_dead_receivers_do_not_slow_the_others(stage: Stage) -> None:
    await stage.arrive(cohort(2))
    subscriber = Subscriber(stage)

    def answer(path: str, _count: int) -> tuple[int, dict[str, str]]:
        return (307, {"location": "/elsewhere"}) if path == "/moved" else (200, {})

    async with Receiver(answer) as receiver, a_courier(stage):
        moved = await subscriber.subscribe(receiver.url("/moved"))
        dead = await subscriber.subscribe("http://127.0.0.1:9/")
        good = await subscriber.subscribe(receiver.url("/good"))
        await settled(subscriber, good, behind=0)
        await settled(subscriber, moved, failures=1)
        await settled(subscriber, dead, failures=1)
        codes = [(await subscriber.log(one))[0]["tries"][0]["code"] for one in (moved, dead)]

    assert codes == ["redirect", "connection"]
    assert {one.path for one in receiver.received} == {"/moved", "/good"}


async def test_a_new_secret_signs_beside_the_former_one(stage: Stage) -> None:
    await stage.arrive(TOLD[:1])
    subscriber = Subscriber(stage)
    async with Receiver() as receiver, a_courier(stage):
        webhook = await subscriber.subscribe(receiver.url())
        await receiver.until(lambda: len(receiver.received) == 1)
        rotated = (await subscriber.ask("POST", f"/{webhook['id']}/rotate", {}, idempotency_key="turn-1")).json()
        repeated = (await subscriber.ask("POST", f"/{webhook['id']}/rotate", {}, idempotency_key="turn-1")).json()
        await stage.arrive(TOLD[1:2])
        await receiver.until(lambda: len(receiver.received) == 2)
        async with stage.engine.begin() as connection:
            await connection.execute(text("UPDATE webhook SET former_until = now() - interval '1 second'"))
            stored = (
                await connection.execute(text("SELECT string_agg(encode(response, 'escape'), ' ') FROM idempotency"))
            ).scalar()
        await stage.arrive(TOLD[2:3])
        await receiver.until(lambda: len(receiver.received) == 3)

    assert rotated["secret"] != webhook["secret"]
    assert repeated["secret"] is None
    assert rotated["secret"].removeprefix("whsec_") not in (stored or "")
    for secret in (webhook["secret"], rotated["secret"]):
        Judge(secret).verify(receiver.received[1].body, receiver.received[1].headers)
    Judge(rotated["secret"]).verify(receiver.received[2].body, receiver.received[2].headers)
    with pytest.raises(Exception, match="No matching signature"):
        Judge(webhook["secret"]).verify(receiver.received[2].body, receiver.received[2].headers)


async def test_a_test_message_is_delivered_and_logged(stage: Stage) -> None:
    subscriber = Subscriber(stage)
    async with Receiver() as receiver, a_courier(stage):
        webhook = await subscriber.subscribe(receiver.url())
        answer = await subscriber.ask("POST", f"/{webhook['id']}/ping", {})
        await receiver.until(lambda: len(receiver.received) == 1)
        async with asyncio.timeout(10):
            log = await subscriber.log(webhook, state="delivered")
            while not log:
                log = await subscriber.log(webhook, state="delivered")
        one = await stage.client.get(answer.headers["location"], headers=subscriber.headers)

    assert answer.status_code == 202
    assert receiver.received[0].content["type"] == "cn.talent.gateway.ping.v1"
    judged(receiver.received[0], webhook["secret"], webhook["public_key"])
    assert [(found["kind"], found["state"]) for found in log] == [("test", "delivered")]
    assert one.json() == log[0]


async def test_two_couriers_share_the_work_and_nothing_comes_twice(stage: Stage) -> None:
    await stage.arrive(cohort(2))
    subscriber = Subscriber(stage)
    async with Receiver() as receiver:
        webhooks = [await subscriber.subscribe(receiver.url(f"/{n}")) for n in range(12)]
        wanted = await feed_ids(subscriber)

        async with a_courier(stage), a_courier(stage):
            for webhook in webhooks:
                await settled(subscriber, webhook, behind=0)

    for n in range(12):
        assert [one.id for one in receiver.taken(f"/{n}")] == wanted


async def test_a_courier_that_dies_in_the_middle_loses_nothing(stage: Stage) -> None:
    """Killed between delivery and ledger: another one goes on after the lease; every event came, first times in order."""
    await stage.arrive(cohort(2))
    subscriber = Subscriber(stage)
    async with Receiver() as receiver:
        webhook = await subscriber.subscribe(receiver.url())
        wanted = await feed_ids(subscriber)
        sender = Sender(RULES)
        await sender.open()
        doomed = hired(stage, sender, owner="doomed", lease=1.0)
        task = asyncio.create_task(doomed.run(asyncio.Event()))
        await receiver.until(lambda: len(receiver.received) >= 5)
        for one in [task, *doomed.under_way]:
            one.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await sender.close()
        before = len(receiver.received)

        async with a_courier(stage):
            await settled(subscriber, webhook, behind=0)

    assert before < len(wanted)
    assert receiver.ids() == wanted


async def test_a_courier_that_lost_its_lease_cannot_move_the_position(stage: Stage) -> None:
    """A late entry of the first courier is refused by the epoch."""
    from gateway.adapters.db.webhook_ledger import Entry, Ledger

    await stage.arrive(TOLD[:2])
    subscriber = Subscriber(stage)
    webhook = await subscriber.subscribe("http://127.0.0.1:9/")
    first, second = Ledger(stage.engine, "first", 60.0), Ledger(stage.engine, "second", 60.0)
    claimed = (await first.claim(5, sick=False))[0]
    assert await second.claim(5, sick=False) == []
    async with stage.engine.begin() as connection:
        await connection.execute(text("UPDATE webhook_progress SET leased_until = now() - interval '1 second'"))
    taken = (await second.claim(5, sick=False))[0]
    late = Entry((2, 2), [], [], 0, 0.0, delivered=True, release=True)

    assert await first.record(claimed, late) is None
    assert (await subscriber.standing(webhook))["behind"] == 2
    assert await second.record(taken, late) == 0.0
    assert (await subscriber.standing(webhook))["behind"] == 0


async def test_a_name_that_leads_inside_is_not_connected_to(stage: Stage) -> None:
    """The name was public when the subscription was made; at the attempt it points to this machine."""
    await stage.arrive(TOLD[:1])
    subscriber = Subscriber(stage)
    webhook = await subscriber.subscribe("https://receiver.agency.gov.cn/hook")

    async def inside(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    sender, stop = Sender(DestinationRules(frozenset({443})), inside), asyncio.Event()
    await sender.open()
    courier = hired(stage, sender, owner="careful")
    task = asyncio.create_task(courier.run(stop))
    await settled(subscriber, webhook, failures=1)
    stop.set()
    await task
    await sender.close()

    assert (await subscriber.log(webhook))[0]["tries"][0]["code"] == "refused-address"


async def test_bad_wishes_are_refused_with_everything_that_is_wrong(stage: Stage) -> None:
    subscriber = Subscriber(stage)
    wish = {"url": "http://me@10.0.0.1:22/", "types": ["cn.talent.nothing.v1"]}

    refused = await subscriber.ask("POST", "", wish, accept_language="zh-CN")
    member = await subscriber.ask("POST", "", {"url": "https://a.gov.cn/", "secret": "mine"})
    replay = await subscriber.ask("POST", f"/{uuid4()}/replay", {})

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "webhook-refused")
    assert {error["code"] for error in problem["errors"]} == {
        "url-not-https", "url-credentials", "url-port", "url-host", "unknown-type"
    }  # fmt: skip
    assert all(not error["detail"].isascii() for error in problem["errors"])
    assert member.status_code == 400
    assert replay.status_code == 400


async def test_webhooks_belong_to_an_organisation(stage: Stage) -> None:
    """Foreign and child organisations see nothing; auditors read, operators act, others may not ask."""
    owner = Subscriber(stage)
    webhook = await owner.subscribe("https://receiver.agency.gov.cn/hook")
    path = f"/{webhook['id']}"

    for role, organisation, status in (
        ("regional_officer", "cn/65", 404), ("agency", "cn/54/5402", 404), ("ministry_officer", "cn", 404),
        ("agency", REGION, 200), ("auditor", "", 200), ("operator", "", 200), ("applicant", REGION, 403),
        ("unit_officer", REGION, 403),
    ):  # fmt: skip
        other = Subscriber(stage, role, organisation)
        assert (await other.ask("GET", path)).status_code == status, (role, organisation)
        assert (await other.ask("GET", f"{path}/deliveries")).status_code == status, (role, organisation)
    assert (await Subscriber(stage, "agency", "cn/65").ask("POST", f"{path}/pause", {})).status_code == 404
    assert (await Subscriber(stage, "auditor").ask("POST", f"{path}/pause", {})).status_code == 403
    assert (await Subscriber(stage, "operator").ask("POST", f"{path}/pause", {})).status_code == 200
    assert (await Subscriber(stage, "agency", "").ask("POST", "", {"url": "https://a.gov.cn/"})).status_code == 403


async def test_changing_and_deleting_heed_the_version_that_was_read(stage: Stage) -> None:
    subscriber = Subscriber(stage)
    webhook = await subscriber.subscribe("https://receiver.agency.gov.cn/hook")
    path, wish = f"/{webhook['id']}", {"url": "https://other.agency.gov.cn/"}

    stale = await subscriber.ask("PUT", path, wish, if_match='"v7"')
    tag = (await subscriber.ask("GET", path)).headers["etag"]
    changed = await subscriber.ask("PUT", path, wish, if_match=tag)
    gone = await subscriber.ask("DELETE", path, if_match=changed.headers["etag"])
    after = await subscriber.ask("GET", path)
    listed = (await subscriber.ask("GET", "")).json()["items"]

    assert (stale.status_code, stale.json()["code"]) == (412, "stale-version")
    assert (changed.status_code, changed.json()["url"]) == (200, wish["url"])
    assert (gone.status_code, after.status_code, listed) == (204, 404, [])


async def test_an_organisation_keeps_a_limited_number(stage: Stage) -> None:
    subscriber = Subscriber(stage)
    answers = [await subscriber.ask("POST", "", {"url": f"https://receiver.agency.gov.cn/{n}"}) for n in range(21)]

    assert [answer.status_code for answer in answers] == [201] * 20 + [409]
    assert answers[-1].json()["code"] == "too-many-webhooks"
