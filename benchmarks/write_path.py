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
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import yaml

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
WRITTEN = ("application", "person", "vault_item", "outbox", "stream", "audit", "idempotency", "recommendation", "seat")


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


def rows_of(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table that an application writes holds."""
    known = {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    return {
        name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # type: ignore[index]
        for name in WRITTEN
        if name in known
    }


def pgbench_script(connection: psycopg.Connection[Any], per_command: dict[str, int], folder: Path) -> Path:
    """A transaction that inserts as many rows of the same shape into copies of the tables, one statement a row."""
    lines = ["BEGIN;"]
    for name, count in per_command.items():
        if not count:
            continue
        connection.execute(f"CREATE TABLE peer_{name} (LIKE {name} INCLUDING ALL)")
        columns = [
            (row[0], row[1], row[2])
            for row in connection.execute(
                "SELECT column_name, data_type, is_identity FROM information_schema.columns WHERE table_name = %s "
                "ORDER BY ordinal_position", (name,)
            )
        ]  # fmt: skip
        row = connection.execute(f"SELECT * FROM {name} ORDER BY random() LIMIT 1")
        values = dict(zip([column.name for column in row.description or ()], row.fetchone() or (), strict=True))
        named = [column for column, _, identity in columns if identity == "NO"]
        unique = {
            found[0]
            for found in connection.execute(
                "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
                "WHERE i.indisunique AND i.indrelid = %s::regclass", (name,)
            )
        }  # fmt: skip
        shown = [
            _value(values[column], kind, column in unique) for column, kind, identity in columns if identity == "NO"
        ]
        lines += [f"INSERT INTO peer_{name} ({', '.join(named)}) VALUES ({', '.join(shown)});"] * count
    connection.commit()
    path = folder / "peer.sql"
    path.write_text("\n".join([*lines, "COMMIT;"]))
    return path


def _value(value: Any, kind: str, unique: bool) -> str:
    fresh = {"uuid": "gen_random_uuid()", "text": "gen_random_uuid()::text", "bytea": "uuid_send(gen_random_uuid())"}
    if unique and kind in {*fresh, "character varying"}:
        return fresh.get(kind, "gen_random_uuid()::text")
    if value is None:
        return "NULL"
    if isinstance(value, (bytes, memoryview)):
        return f"'\\x{bytes(value).hex()}'"
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    return "'" + str(value).replace("'", "''") + "'"


def pgbench(server: EmbeddedPostgres, script: Path, seconds: float, clients: int) -> float:
    """Transactions a second."""
    binary = Path(server.binaries) / "pgbench"
    command = [
        str(binary), "-n", "-f", str(script), "-T", str(max(1, round(seconds))), "-c", str(clients), "-j", "2", "-M", "prepared",
        server.dsn("selection"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return next(float(line.split()[2]) for line in done.stdout.splitlines() if line.startswith("tps ="))


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
        await lists(client, rows)
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


def fill(connection: psycopg.Connection[Any], rows: int) -> None:
    """Copy applications until there are ``rows``; persons and calls stay what they are."""
    connection.execute("SET session_replication_role = replica")
    for constraint in ("uq_application_call_id_account", "uq_application_call_id_person_id"):
        connection.execute(f"ALTER TABLE application DROP CONSTRAINT {constraint}")
    columns = [
        row[0]
        for row in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'application' AND column_name NOT IN "
            "('id', 'updated_at') ORDER BY ordinal_position"
        )
    ]
    named = ", ".join(columns)
    connection.execute(
        f"INSERT INTO application (id, updated_at, {named}) SELECT uuidv7(), now() - n * interval '1 second', {named} "
        "FROM (SELECT * FROM application LIMIT 1) a, generate_series(1, %s) AS n",
        (rows - (connection.execute("SELECT count(*) FROM application").fetchone() or (0,))[0],),
    )
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE application")


async def lists(client: Client, rows: int) -> None:
    """Latency of a page of 50 at the beginning, after walking, and by change; warm."""
    print(f"\n{rows} applications, pages of 50")
    shapes = {"by id": "", "by change": "&updated_since=2000-01-01T00:00:00Z", "one state": "&state=draft"}
    for label, filters in shapes.items():
        path = f"/applications?limit=50{filters}"
        times, page = [], await client.call(REGION, "GET", path)
        for _ in range(200):
            began = time.perf_counter()
            page = await client.call(REGION, "GET", f"{path}&cursor={page['next_cursor']}")
            times.append((time.perf_counter() - began) * 1000)
        times.sort()
        print(f"{label:12} p50 {times[100]:6.1f} ms   p99 {times[198]:6.1f} ms")


if __name__ == "__main__":
    main()
