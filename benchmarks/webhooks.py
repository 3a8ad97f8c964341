"""Webhooks beside plain loops that post the same number of bodies to the same receiver, and how soon a commit is delivered.

A courier like that of the worker process reads the feed of a gateway with a real PostgreSQL, signs twice (v1 and v1a),
posts in order per subscription and writes its log. The peers are loops of aiohttp over kept connections, one for each
subscription: no feed, no signature, no log, no check of the address. The receiver is a process of its own.

    python benchmarks/webhooks.py [persons] [rounds]
"""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import uvicorn
from sqlalchemy import text

SUBSCRIPTIONS = (1, 32)
SINGLE_COMMITS = 200
PAUSE = 0.05


def run_receiver(port: int) -> None:
    """Counts what comes and notes when each id came first."""
    from aiohttp import web

    came: dict[str, float] = {}
    count = 0

    async def take(request: web.Request) -> web.Response:
        nonlocal count
        await request.read()
        count += 1
        came.setdefault(request.headers.get("webhook-id", ""), time.monotonic())
        return web.Response(status=204)

    async def tell(request: web.Request) -> web.Response:
        if "forget" in request.query:
            came.clear()
        return web.json_response({"count": count, "came": came if "all" in request.query else {}})

    application = web.Application()
    application.router.add_post("/hook", take)
    application.router.add_get("/told", tell)
    web.run_app(application, host="127.0.0.1", port=port, access_log=None, print=lambda *_: None)


async def told(session: aiohttp.ClientSession, receiver: str, query: str = "") -> dict[str, Any]:
    """What the receiver says."""
    async with session.get(f"{receiver}/told{query}") as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def reached(session: aiohttp.ClientSession, receiver: str, count: int) -> None:
    """Until so many came."""
    while (await told(session, receiver))["count"] < count:  # noqa: ASYNC110 - another process counts
        await asyncio.sleep(0.02)


async def plain(session: aiohttp.ClientSession, receiver: str, body: bytes, count: int, loops: int) -> float:
    """Posts a second of ``loops`` loops that share ``count`` bodies."""

    async def loop(share: int) -> None:
        for _ in range(share):
            async with session.post(
                f"{receiver}/hook", data=body, headers={"content-type": "application/json"}
            ) as answer:
                await answer.read()

    began = time.perf_counter()
    await asyncio.gather(*(loop(count // loops) for _ in range(loops)))
    return count // loops * loops / (time.perf_counter() - began)


class World:
    """A gateway with a database of its own, an organisation that subscribes, and a courier."""

    def __init__(self, stage: Any, receiver: str) -> None:
        self.stage, self.receiver = stage, receiver
        self.headers = stage.bearer("operator", organisation="cn", subject="acc-bench")

    async def empty(self) -> None:
        """No events, no subscriptions."""
        async with self.stage.engine.begin() as connection:
            await connection.execute(
                text("TRUNCATE feed, journey, roster, webhook_delivery, webhook_progress, webhook")
            )
            await connection.execute(text("UPDATE feed_head SET position = 0, pruned = 0"))

    async def subscribe(self, count: int) -> None:
        """So many subscriptions to everything, from the beginning."""
        for n in range(count):
            answer = await self.stage.client.post(
                "/v1/webhooks", json={"url": f"{self.receiver}/hook?n={n}", "start": "beginning"}, headers=self.headers
            )
            assert answer.status_code == 201, answer.text

    async def deliver(self, session: aiohttp.ClientSession, expected: int) -> float:
        """Deliveries a second from the start of a courier until ``expected`` came."""
        from gateway.adapters.webhooks.running import courier_of
        from gateway.adapters.webhooks.sending import Sender

        desk = self.stage.door.own.state.running.extras["webhook_desk"]
        sender, stop = Sender(desk.rules.destination, seconds=10.0), asyncio.Event()
        await sender.open()
        unit = self.stage.door.own.state.running.system_unit
        courier = courier_of(desk, self.stage.engine, unit, sender, owner="bench")
        before = (await told(session, self.receiver))["count"]
        began = time.perf_counter()
        task = asyncio.create_task(courier.run(stop))
        await reached(session, self.receiver, before + expected)
        seconds = time.perf_counter() - began
        stop.set()
        await task
        await sender.close()
        return expected / seconds

    async def latencies(self, session: aiohttp.ClientSession) -> list[float]:
        """Seconds from the commit of a single event to its arrival at the receiver, sorted."""
        from gateway.adapters.webhooks.running import courier_of
        from gateway.adapters.webhooks.sending import Sender
        from gateway.testing.stories import cohort

        desk = self.stage.door.own.state.running.extras["webhook_desk"]
        sender, stop = Sender(desk.rules.destination, seconds=10.0), asyncio.Event()
        await sender.open()
        courier = courier_of(
            desk, self.stage.engine, self.stage.door.own.state.running.system_unit, sender, owner="bench"
        )
        task = asyncio.create_task(courier.run(stop))
        await told(session, self.receiver, "?forget=1")  # ids of a cohort are always the same
        committed: dict[str, float] = {}
        for arrival in cohort(40)[:SINGLE_COMMITS]:
            await self.stage.arrive([arrival])
            committed[arrival.event_id] = time.monotonic()
            await asyncio.sleep(PAUSE)
        while True:
            came = (await told(session, self.receiver, "?all=1"))["came"]
            if committed.keys() <= came.keys():
                break
            await asyncio.sleep(0.05)
        stop.set()
        await task
        await sender.close()
        return sorted(came[key] - at for key, at in committed.items())


async def measure(database: str, folder: Path, receiver: str, persons: int, rounds: int) -> None:
    """Set up, measure, print."""
    from gateway.adapters.serving import configured
    from gateway.api import create_app
    from gateway.settings import GatewaySettings
    from gateway.testing.stage import Stage
    from gateway.testing.stories import cohort
    from gateway.testing.upstream import AUDIENCE, behind_the_door, free_port, serving
    from shared.logs import configure_logs
    from shared.testing.actors import Keys
    from shared.work.database import open_engine

    configure_logs("gateway", "warning")
    port, behind = free_port(), free_port()
    issuer, keys = f"http://127.0.0.1:{behind}", Keys(folder)
    settings = GatewaySettings(
        database_url=database, event_log_url="embedded+postgresql://unused", internal_keys=keys.public,
        signing_key=keys.private["gateway"], cursor_secret="a secret of the benchmark",  # noqa: S106 - guards nothing
        oidc_issuer=issuer, oidc_audience=AUDIENCE, selection_url=issuer, placement_url=issuer, assessment_url=issuer,
        funding_url=issuer, webhook_loopback=True, webhooks_per_organisation=100,
    )  # fmt: skip
    upstream, door = behind_the_door(issuer), create_app(settings)
    config = uvicorn.Config(upstream, host="127.0.0.1", port=behind, log_config=None, access_log=False)
    engine = open_engine(database, pool=10)
    with serving(config), serving(configured(door, "127.0.0.1", port)):
        url = f"http://127.0.0.1:{port}"
        async with (
            httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client,
            aiohttp.ClientSession(trust_env=False) as session,
        ):
            world = World(Stage(url, port, issuer, upstream, door, client, engine), receiver)
            events = cohort(persons)
            body = (
                b'{"type":"cn.talent.selection.selected.v1","timestamp":"2024-04-08T01:00:00Z","data":"'
                + b"x" * 600
                + b'"}'
            )
            print(f"{'subscriptions':>14}{'courier /s':>12}{'plain loops /s':>16}{'ratio':>8}")
            for count in SUBSCRIPTIONS:
                couriers, loops = [], []
                for _ in range(rounds):
                    await world.empty()
                    for start in range(0, len(events), 200):
                        await world.stage.arrive(events[start : start + 200])
                    await world.subscribe(count)
                    couriers.append(await world.deliver(session, len(events) * count))
                    loops.append(await plain(session, receiver, body, len(events) * count, count))
                ours, peer = statistics.median(couriers), statistics.median(loops)
                print(f"{count:>14}{ours:>12.0f}{peer:>16.0f}{ours / peer:>8.2f}", flush=True)
            await world.empty()
            await world.subscribe(1)
            found = await world.latencies(session)
            print(
                f"commit to arrival, one event at a time: p50 {found[len(found) // 2] * 1000:.0f} ms, "
                f"p99 {found[int(len(found) * 0.99)] * 1000:.0f} ms ({len(found)} events)"
            )
    await engine.dispose()


def main() -> None:
    """Bring up database and receiver, measure, take them down."""
    from gateway.testing.upstream import free_port
    from shared.embedded_postgres import DURABLE, EmbeddedPostgres
    from shared.work.migrations import migrate

    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=run_receiver, args=(port,), daemon=True)
    process.start()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another account
        server = EmbeddedPostgres(Path(folder) / "postgres", settings=DURABLE)
        server.start()
        try:
            server.create_database("gateway")
            migrate("gateway", server.uri("gateway"))
            url = server.uri("gateway", driver="asyncpg")
            asyncio.run(measure(url, Path(folder), f"http://127.0.0.1:{port}", persons, rounds))
        finally:
            server.stop()
            process.terminate()


if __name__ == "__main__":
    main()
