"""`POST /v1/selection/applications`, whole, beside pgbench that inserts the same rows, and lists at depth; one server.

The service runs in a process of its own on a PostgreSQL with fsync; 32 clients apply over HTTP with a key each: token,
policy, validation, sealed identity number, state, outbox, audit, idempotency record. pgbench writes as many rows of the
same tables in one transaction with as many clients. Then a copy of the applications fills the table to ``rows`` and every
list page is asked at the beginning, in the middle and near the end.

    python benchmarks/write_path.py [seconds] [clients] [rows]
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import yaml
from lists import ask, fill
from pgbench_peer import pgbench, pgbench_script, rows_of

from selection.domain.people.identity import check_digit
from shared.embedded_postgres import DURABLE, EmbeddedPostgres
from shared.kernel.actor import Role
from shared.testing.actors import Keys, someone
from shared.testing.service import VAULT_KEY
from shared.work.migrations import migrate

PROGRAMMES = Path(__file__).resolve().parents[1] / "programmes" / "tibet-special-training"
REGION = someone(Role.REGIONAL_OFFICER, organisation="cn/54")
OPERATOR = someone(Role.OPERATOR)
UNIT = "cn/54/5401/U0001"
ROUNDS = 3


def run_service(port: int, url: str, public: Path, private: Path, clock: Path) -> None:
    """Selection as it is served, without its worker."""
    import uvicorn

    from selection.api import create_app
    from selection.settings import SelectionSettings
    from shared.logs import configure_logs

    settings = SelectionSettings(
        database_url=url, event_log_url="embedded+postgresql://unused", internal_keys=public, signing_key=private,
        cursor_secret="a secret of the benchmark", vault_key=VAULT_KEY, clock_file=clock, pool_size=20,  # noqa: S106
    )  # fmt: skip
    configure_logs("selection", "warning")
    uvicorn.run(create_app(settings), port=port, log_level="error", access_log=False, loop="uvloop", http="httptools")


def person(number: int) -> dict[str, Any]:
    """Somebody whose identity number is sound and nobody else's."""
    born = date(1960, 1, 1) + timedelta(days=number // 999)
    first = f"540102{born:%Y%m%d}{number % 999:03d}"
    return {
        "name_zh": "扎西", "birth_date": born.isoformat(), "identity_number": first + check_digit(first),
        "phone": "13800000000",
    }  # fmt: skip


class Client:
    """One connection's worth of somebody: every call with a fresh key."""

    def __init__(self, session: aiohttp.ClientSession, keys: Keys, port: int) -> None:
        self._session, self._keys, self._origin = session, keys, f"http://127.0.0.1:{port}/v1/selection"

    async def call(self, actor: Any, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """The decoded answer; anything but 2xx ends the run."""
        headers = self._keys.bearer(actor, "selection") | ({"idempotency-key": key} if key else {})
        async with self._session.request(method, self._origin + path, json=body, headers=headers) as answer:
            told = await answer.json()
            if answer.status >= 300:
                raise RuntimeError(f"{method} {path}: {answer.status} {json.dumps(told, ensure_ascii=False)[:600]}")
            return told


async def opened(client: Client) -> str:
    """Organisations, policies, batch, session and call; the call's id."""
    rows = [
        {"path": "cn/54", "name_zh": "区", "name_en": "Region", "unit_class": "regional_authority"},
        {"path": "cn/54/5401", "name_zh": "市", "name_en": "Prefecture", "unit_class": "prefecture_authority"},
        {"path": UNIT, "name_zh": "单位", "name_en": "Unit", "unit_class": "prefecture_unit"},
    ]
    await client.call(OPERATOR, "PUT", "/organisations", {"items": rows})
    for version in ("batch-3", "batch-4"):
        content = yaml.safe_load((PROGRAMMES / version / "selection.yaml").read_text())
        await client.call(OPERATOR, "PUT", f"/policies/tibet-special-training/{version}", content)
    programme = yaml.safe_load((PROGRAMMES / "batch-4" / "programme.yaml").read_text())
    await client.call(OPERATOR, "PUT", "/programmes/tibet-special-training/batches/batch-4", programme)
    named = {"programme": "tibet-special-training", "batch": "batch-4", "session": "2024"}
    session = await client.call(REGION, "POST", "/sessions", named)
    window = {"opens_at": "2024-01-10T00:00:00Z", "closes_at": "2024-12-31T16:00:00Z", "scope": "cn/54"}
    call = await client.call(REGION, "POST", "/calls", {"session": session["id"]} | window)
    return str(call["id"])


async def apply_for(client: Client, call: str, seconds: float, clients: int, first: int) -> list[float]:
    """Latencies of all applications made in the time."""
    until, times, number = time.perf_counter() + seconds, [], first

    async def one() -> None:
        nonlocal number
        while (began := time.perf_counter()) < until:
            number += 1
            mine = number
            form = {
                "call": call, "unit": UNIT, "person": person(mine), "title_level": "intermediate",
                "specialty": "clinical-medicine", "years_of_service": 9, "grassroots_years": 4,
                "focus_area": "science-innovation", "host_preferences": ["hosts/H001"],
            }  # fmt: skip
            actor = someone(Role.APPLICANT, subject=f"account-{mine}")
            await client.call(actor, "POST", "/applications", form, key=f"key-{mine}")
            times.append(time.perf_counter() - began)

    await asyncio.gather(*(one() for _ in range(clients)))
    return sorted(times)


def main() -> None:
    """Rounds in turn; the medians are printed."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 6.0
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 32
    rows = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="talent-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = EmbeddedPostgres(folder / "postgres", settings=DURABLE)
        server.start()
        try:
            asyncio.run(measure(server, folder, seconds, clients, rows))
        finally:
            server.stop()


async def measure(server: EmbeddedPostgres, folder: Path, seconds: float, clients: int, rows: int) -> None:
    """Everything against one server."""
    server.create_database("selection", owner="selection")
    migrate("selection", server.uri("selection"))
    keys_folder = folder / "keys"
    keys_folder.mkdir()
    keys, clock = Keys(keys_folder), folder / "clock"
    clock.write_text(datetime(2024, 3, 1, 4, tzinfo=UTC).isoformat())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = multiprocessing.get_context("spawn").Process(
        target=run_service,
        args=(port, server.uri("selection"), keys.public, keys.private["selection"], clock),
        daemon=True,
    )
    process.start()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        client = Client(session, keys, port)
        await listening(port)
        call = await opened(client)
        with psycopg.connect(server.dsn("selection"), autocommit=False) as connection:
            before = rows_of(connection)
            warm = await apply_for(client, call, 1.0, clients, 0)
            connection.rollback()
            after = rows_of(connection)
            each = {name: round((after[name] - before[name]) / len(warm)) for name in after}
            script = pgbench_script(connection, each, folder)
            ours, theirs, first = [], [], len(warm)
            for _ in range(ROUNDS):
                times = await apply_for(client, call, seconds, clients, first)
                first += len(times)
                ours.append(times)
                theirs.append(await asyncio.to_thread(pgbench, server, script, seconds, clients))
            report(ours, theirs, seconds, clients, each)
            connection.rollback()
            fill(connection, rows)
        await ask(client, rows)
    process.terminate()


async def listening(port: int) -> None:
    """Until the service listens."""
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError("the service does not listen")


def report(ours: list[list[float]], theirs: list[float], seconds: float, clients: int, each: dict[str, int]) -> None:
    """The table of the write path."""
    rate = statistics.median(len(times) / seconds for times in ours)
    peer = statistics.median(theirs)
    times = sorted(ours, key=len)[len(ours) // 2]
    p50, p99 = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.99))
    print(f"{clients} clients, {seconds:g} s a round, median of {ROUNDS}; rows a command: {each}")
    print(f"POST application    {rate:8.0f}/s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms")
    print(f"pgbench, same rows  {peer:8.0f}/s   ratio {rate / peer:.2f}")


if __name__ == "__main__":
    main()
