"""The gateway's forwarding path beside a direct call, nginx and an ordinary FastAPI + httpx proxy, all in one run.

Prints requests per second and latencies over keep-alive connections, each way's share of nginx, and what it adds to the
99th percentile of the direct call: medians over rounds in which the ways take turns, shares being taken round by round, so
that a machine that is slower for a while is so for all of them. Every way goes to the same FastAPI upstream, one process each; through the door with
a verified token, an internal one and limits counted. nginx is taken from the PATH (``apt-get install nginx-light``) and
left out when it is not there. Run it alone on a quiet machine:
``python benchmarks/gateway_path.py [seconds [connections …]]``.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import uvloop
from fastapi import Request, Response
from pydantic import BaseModel


class Thing(BaseModel):
    """What the service answers with."""

    id: str
    state: str
    allowed_actions: list[str]


WAYS = ("direct", "nginx", "door", "fastapi + httpx")
ROUNDS = 7
WARM = 0.5
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr error;
events {{ worker_connections 2048; }}
http {{
  access_log off; keepalive_requests 1000000;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d;
  scgi_temp_path {folder}/e;
  upstream service {{ server 127.0.0.1:{upstream}; keepalive 256; keepalive_requests 1000000; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
"""
"""One worker with a keep-alive pool to the upstream; no token is verified, nothing is counted."""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on right now."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def run_upstream(port: int, jwk: dict[str, Any]) -> None:
    """A realistic service (FastAPI, pydantic) that is also the issuer."""
    import uvicorn
    from fastapi import FastAPI

    issuer = f"http://127.0.0.1:{port}"
    app = FastAPI()

    @app.get("/v1/selection/things/{name}")
    async def thing(name: str) -> Thing:
        return Thing(id=name, state="submitted", allowed_actions=["withdraw"])

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, str]:
        return {"issuer": issuer, "jwks_uri": f"{issuer}/jwks"}

    @app.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return {"keys": [jwk]}

    uvicorn.run(app, port=port, log_level="error", access_log=False, loop="uvloop", http="httptools")


def run_door(port: int, upstream: int, key: Path) -> None:
    """The gateway as it is served, without its worker; the database is never asked on this path."""
    from gateway.adapters.serving import Server, configured
    from gateway.api import create_app
    from gateway.settings import GatewaySettings
    from shared.logs import configure_logs

    origin = f"http://127.0.0.1:{upstream}"
    settings = GatewaySettings(
        database_url="postgresql+asyncpg://nobody@127.0.0.1:1/none", event_log_url="kafka://127.0.0.1:1", internal_keys=key,
        signing_key=key, cursor_secret="a secret of the benchmark",  # noqa: S106 - guards nothing
        oidc_issuer=origin, oidc_audience="bench", selection_url=origin, placement_url=origin, assessment_url=origin,
        funding_url=origin, limits={"read": "100000000/minute"},
    )  # fmt: skip
    configure_logs("gateway", "warning")
    Server(configured(create_app(settings), "127.0.0.1", port), lambda: None).run()


def start_nginx(port: int, upstream: int, folder: Path) -> subprocess.Popen[bytes] | None:
    """Nginx on the port, or None when it is not installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        return None
    written = folder / "nginx.conf"
    written.write_text(NGINX.format(folder=folder, port=port, upstream=upstream))
    return subprocess.Popen([program, "-p", str(folder), "-c", str(written)], stderr=subprocess.DEVNULL)


def run_plain(port: int, upstream: int) -> None:
    """What one would write first: a FastAPI route and a pooled httpx client, no token, no limits."""
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI()
    client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{upstream}")

    @app.api_route("/{path:path}", methods=["GET"])
    async def forward(path: str, request: Request) -> Response:
        answer = await client.request(
            request.method, "/" + path, headers={"accept": request.headers.get("accept", "*/*")}
        )
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))

    uvicorn.run(app, port=port, log_level="error", access_log=False, loop="uvloop", http="httptools")


async def one_connection(port: int, token: str, until: float, times: list[float]) -> None:
    """Ask again and again over one connection; an answer that is not 200 is a negative time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "GET /v1/selection/things/one HTTP/1.1\r\nHost: door\r\nAccept: application/json\r\nAuthorization: Bearer "
    request = f"{head}{token}\r\n\r\n".encode()
    while (began := time.perf_counter()) < until:
        writer.write(request)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        took = time.perf_counter() - began
        times.append(took if answer.startswith(b"HTTP/1.1 200") else -took)
    writer.close()


async def load(port: int, token: str, seconds: float, connections: int) -> list[float]:
    """Latencies of everything that was answered in the time, after a short warm-up."""
    times: list[float] = []
    for duration in (WARM, seconds):
        times = []
        until = time.perf_counter() + duration
        await asyncio.gather(*(one_connection(port, token, until, times) for _ in range(connections)))
    return sorted(times)


def wait_for(port: int) -> None:
    """Until somebody listens."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=0.2):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"nobody listens on {port}")


def main() -> None:
    """Rounds of every way in turn."""
    from joserfc import jwt
    from joserfc.jwk import ECKey, OKPKey

    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    crowds = [int(each) for each in sys.argv[2:]] or [32, 128]
    upstream, door, plain, peer = free_ports(4)
    issuer_key = ECKey.generate_key("P-256", {"kid": "issuer"})
    now = int(time.time())
    claims = {"iss": f"http://127.0.0.1:{upstream}", "aud": "bench", "sub": "acc", "exp": now + 3600}
    token = jwt.encode({"alg": "ES256", "kid": "issuer", "typ": "at+jwt"}, claims, issuer_key, algorithms=["ES256"])
    with tempfile.TemporaryDirectory() as folder:
        own = OKPKey.generate_key("Ed25519", {"kid": "gateway-1"}).as_dict(private=True)
        key = Path(folder) / "gateway.jwk"
        key.write_text(json.dumps(own | {"keys": []}))
        made = multiprocessing.get_context("spawn")
        processes = [
            made.Process(target=run_upstream, args=(upstream, issuer_key.as_dict(private=False)), daemon=True),
            made.Process(target=run_door, args=(door, upstream, key), daemon=True),
            made.Process(target=run_plain, args=(plain, upstream), daemon=True),
        ]
        for process in processes:
            process.start()
        nginx = start_nginx(peer, upstream, Path(folder))
        ports = {"direct": upstream, "nginx": peer, "door": door, "fastapi + httpx": plain}
        if nginx is None:
            print("nginx is not on the PATH: without it")
            del ports["nginx"]
        started = [process.pid or 0 for process in processes]
        pids = dict(zip(("direct", "door", "fastapi + httpx"), started, strict=True))
        if nginx is not None:
            pids["nginx"] = nginx.pid
        try:
            for port in ports.values():
                wait_for(port)
            for connections in crowds:
                rounds: dict[str, list[list[float]]] = {way: [] for way in WAYS if way in ports}
                spent = dict.fromkeys(rounds, 0.0)
                for _ in range(ROUNDS):
                    for way, found in rounds.items():
                        before = cpu_of(pids[way])
                        found.append(uvloop.run(load(ports[way], token, seconds, connections)))
                        spent[way] += (cpu_of(pids[way]) - before) / max(1, len(found[-1])) * seconds / (seconds + WARM)
                report(rounds, {way: sum_ / ROUNDS for way, sum_ in spent.items()}, seconds, connections)
        finally:
            for process in processes:
                process.terminate()
            if nginx is not None:
                nginx.terminate()
                nginx.wait()


def cpu_of(pid: int) -> float:
    """Processor seconds that a process and its children have used; Linux only."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK") + sum(cpu_of(int(child)) for child in children)


def report(rounds: dict[str, list[list[float]]], cpu: dict[str, float], seconds: float, connections: int) -> None:
    """The table; ``cpu`` is in seconds a request, which a busy machine falsifies least."""
    print(f"{connections} connections, {seconds:g} s a round, medians of {ROUNDS} rounds")
    print(
        f"{'way':18}{'req/s':>9}{'of direct':>11}{'of nginx':>10}{'p50 ms':>9}{'p99 ms':>9}{'p99 added':>11}{'failed':>8}{'CPU µs':>8}"
    )
    failed = {way: sum(took < 0 for times in found for took in times) for way, found in rounds.items()}
    good = {way: [[took for took in times if took > 0] for times in found] for way, found in rounds.items()}
    for way, found in good.items():
        of_nginx = f"{of(found, good['nginx']):.2f}" if "nginx" in good else "-"
        p50, p99 = (median(percentile(times, part) for times in found) for part in (0.5, 0.99))
        added = median(
            percentile(mine, 0.99) - percentile(beneath, 0.99)
            for mine, beneath in zip(found, good["direct"], strict=True)
        )
        print(
            f"{way:18}{median(map(len, found)) / seconds:>9.0f}{of(found, good['direct']):>11.2f}{of_nginx:>10}"
            f"{p50:>9.1f}{p99:>9.1f}{added:>11.1f}{failed[way]:>8}{cpu[way] * 1e6:>8.0f}"
        )
    print(f"door / fastapi + httpx: {of(good['door'], good['fastapi + httpx']):.1f} times\n")


def of(mine: list[list[float]], other: list[list[float]]) -> float:
    """The median share of one way in another, round by round."""
    return median(len(here) / len(there) for here, there in zip(mine, other, strict=True))


def percentile(times: list[float], part: float) -> float:
    """A latency in milliseconds of sorted seconds."""
    return times[int(len(times) * part)] * 1000


if __name__ == "__main__":
    main()
