"""What tracing costs a service: off, 5 % and 100 % of its requests, in one run; a sink of OTLP/HTTP in its own process.

Three processes of selection's API serve the same database, each with another setting of OpenTelemetry's own variables; one
after the other is asked, in every round in another order. A read is one page of applications, a write is
`POST /v1/selection/applications`, whole. Prints requests per second, the processor time of the service a request, its
resident memory after everything, and what the sink was sent. ``of off`` is the median of the ratios within a round.

    python benchmarks/tracing.py [seconds] [clients] [rounds]
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from gateway_path import cpu_of, free_ports
from write_path import REGION, Client, apply_for, listening, opened

from shared.embedded_postgres import DURABLE, EmbeddedPostgres
from shared.testing.actors import Keys
from shared.testing.service import VAULT_KEY
from shared.work.migrations import migrate

SHARES = {"off": None, "5 %": "0.05", "100 %": "1.0"}
PATIENCE = 6
SENDING_SECONDS = 6.0
"""Longer than the exporter waits before it sends what it has (5 s)."""


@dataclass(slots=True)
class Way:
    """One setting and what came of it.

    Attributes:
        rates: requests a second by kind, one figure a round.
        spent: processor seconds a request by kind, one figure a round.
    """

    port: int
    pid: int
    first: int
    rates: dict[str, list[float]] = field(default_factory=lambda: {"read": [], "write": []})
    spent: dict[str, list[float]] = field(default_factory=lambda: {"read": [], "write": []})


def run_sink(port: int) -> None:
    """Takes what exporters send, by the name of the service; says what came when asked."""
    from aiohttp import web
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    bodies: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response(content_type="application/x-protobuf")

    async def tell(_: web.Request) -> web.Response:
        spans: dict[str, int] = {}
        for body in bodies:  # read now: not while something is measured
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                told = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
                count = sum(len(scope.spans) for scope in resource.scope_spans)
                spans[told["service.name"]] = spans.get(told["service.name"], 0) + count
        return web.json_response({"spans": spans, "bytes": sum(map(len, bodies)), "posts": len(bodies)})

    app = web.Application(client_max_size=1 << 26)
    app.add_routes([web.post("/v1/traces", take), web.get("/told", tell)])
    web.run_app(app, host="127.0.0.1", port=port, print=None)


def environment(name: str, share: str | None, sink: int) -> dict[str, str]:
    """OpenTelemetry's variables for a share of the requests."""
    if share is None:
        return {"OTEL_SDK_DISABLED": "true"}
    return {
        "OTEL_SERVICE_NAME": name,
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{sink}",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": share,
    }


def main() -> None:
    """Rounds in turn; the medians are printed."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 6.0
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 16
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    with tempfile.TemporaryDirectory(prefix="talent-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = EmbeddedPostgres(folder / "postgres", settings=DURABLE)
        server.start()
        processes: list[subprocess.Popen[bytes]] = []
        try:
            asyncio.run(measure(server, folder, processes, seconds, clients, rounds))
        finally:
            for process in processes:
                process.terminate()
                process.wait()
            server.stop()


def serve(
    server: EmbeddedPostgres,
    keys: Keys,
    clock: Path,
    ports: list[int],
    sink: int,
    processes: list[subprocess.Popen[bytes]],
) -> dict[str, Way]:
    """Start the API once for every share; it writes its log as it does everywhere."""
    service = {
        "SELECTION_DATABASE_URL": server.uri("selection"),
        "SELECTION_EVENT_LOG_URL": "embedded+postgresql://unused",
        "SELECTION_INTERNAL_KEYS": str(keys.public),
        "SELECTION_SIGNING_KEY": str(keys.private["selection"]),
        "SELECTION_CURSOR_SECRET": "a secret of the benchmark",
        "SELECTION_VAULT_KEY": VAULT_KEY,
        "SELECTION_CLOCK_FILE": str(clock),
        "SELECTION_POOL_SIZE": "20",
        "SELECTION_HOST": "127.0.0.1",
    }
    ways: dict[str, Way] = {}
    for n, ((name, share), port) in enumerate(zip(SHARES.items(), ports, strict=True)):
        settings = os.environ | service | {"SELECTION_PORT": str(port)} | environment(name, share, sink)
        with clock.with_name(f"{n}.log").open("wb") as log:
            processes.append(
                subprocess.Popen([sys.executable, "-m", "selection.api"], env=settings, stdout=log, stderr=log)
            )
        ways[name] = Way(port, processes[-1].pid, 10_000_000 * n)
    return ways


async def measure(
    server: EmbeddedPostgres,
    folder: Path,
    processes: list[subprocess.Popen[bytes]],
    seconds: float,
    clients: int,
    rounds: int,
) -> None:
    """Everything against one server."""
    server.create_database("selection", owner="selection")
    migrate("selection", server.uri("selection"))
    (folder / "keys").mkdir()
    keys, clock = Keys(folder / "keys"), folder / "clock"
    clock.write_text(datetime(2024, 3, 1, 4, tzinfo=UTC).isoformat())
    made = multiprocessing.get_context("spawn")
    sink, *ports = free_ports(1 + len(SHARES))
    taker = made.Process(target=run_sink, args=(sink,), daemon=True)
    taker.start()
    ways = serve(server, keys, clock, ports, sink, processes)
    for port in (sink, *ports):
        await up(port)
    idle = {name: resident(way.pid) for name, way in ways.items()}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        doors = {name: Client(session, keys, way.port) for name, way in ways.items()}
        call = await opened(doors["off"])
        names = list(ways)
        for turn in range(rounds + 1):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                for kind in ("write", "read"):
                    await one_round(ways[name], doors[name], kind, call, seconds if turn else 1.0, clients)
                    if not turn:  # warmed up
                        ways[name].rates[kind].clear()
                        ways[name].spent[kind].clear()
        await asyncio.sleep(SENDING_SECONDS)
        async with session.get(f"http://127.0.0.1:{sink}/told") as answer:
            told = await answer.json()
    report(ways, idle, told)
    taker.terminate()
    print(f"{rounds} rounds of {seconds:g} s, {clients} clients; load {os.getloadavg()[0]:.1f} in the end")


async def up(port: int) -> None:
    """Until somebody listens; four processes that start at once are slow on a busy machine."""
    for _ in range(PATIENCE):
        with suppress(TimeoutError):
            return await listening(port)
    raise TimeoutError(f"nobody listens on {port}")


async def one_round(way: Way, client: Client, kind: str, call: str, seconds: float, clients: int) -> None:
    """Ask one service for a time; spans that wait are sent before the processor time is read."""
    before = cpu_of(way.pid)
    if kind == "write":
        done = len(await apply_for(client, call, seconds, clients, way.first))
        way.first += done
    else:
        done = await read(client, seconds, clients)
    await asyncio.sleep(SENDING_SECONDS)
    way.rates[kind].append(done / seconds)
    way.spent[kind].append((cpu_of(way.pid) - before) / done)


async def read(client: Client, seconds: float, clients: int) -> int:
    """Ask for a page of applications again and again; how often it was answered."""
    until, done = time.perf_counter() + seconds, 0

    async def one() -> None:
        nonlocal done
        while time.perf_counter() < until:
            await client.call(REGION, "GET", "/applications?limit=20")
            done += 1

    await asyncio.gather(*(one() for _ in range(clients)))
    return done


def resident(pid: int) -> float:
    """Resident memory in MB; Linux only."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def report(ways: dict[str, Way], idle: dict[str, float], told: dict[str, Any]) -> None:
    """The table, and what came of spans."""
    print(
        f"{'':8}{'read/s':>8}{'CPU µs':>8}{'of off':>8}{'write/s':>9}{'CPU µs':>8}{'of off':>8}{'idle MB':>9}{'MB':>7}"
    )
    for name, way in ways.items():
        cells = ""
        for kind in ("read", "write"):
            spent, off = way.spent[kind], ways["off"].spent[kind]
            share = statistics.median(mine / theirs for mine, theirs in zip(spent, off, strict=True))
            cells += f"{statistics.median(way.rates[kind]):>8.0f}{statistics.median(spent) * 1e6:>8.0f}{share:>8.2f}"
        print(f"{name:8}{cells} {idle[name]:>9.0f}{resident(way.pid):>7.0f}")
    print(f"spans sent: {told['spans']}, {told['bytes'] / 1e6:.1f} MB in {told['posts']} posts")


if __name__ == "__main__":
    main()
