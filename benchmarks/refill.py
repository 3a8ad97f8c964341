"""How fast a lost event log is filled again from archive and outbox, beside plain reading of the same rows.

``python benchmarks/refill.py [events=20000] [--kafka]``: a database of one service, half of the events archived; the
log is the embedded one, or a real broker (Java 17 and Maven). Afterwards the log is read back: everything once, every
aggregate in order.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text

from shared.contracts.event import topic_of
from shared.embedded_postgres import EmbeddedPostgres
from shared.eventlog.factory import open_event_log
from shared.eventlog.migrate import ensure_schema
from shared.eventlog.port import EventLog
from shared.messaging.refill import _published, refill
from shared.work.database import open_engine
from shared.work.plumbing_v1 import create_plumbing_v1
from talent_local.home import checkout
from talent_local.kafka_broker import KafkaBroker

SERVICE = "selection"
AGGREGATES = 500
FILL = """
INSERT INTO {table} ({id}event_id, aggregate_type, aggregate_id, aggregate_seq, type, schema_version, payload, headers,
created_at, published_at) {overriding}
SELECT {nth}gen_random_uuid(), 'participation', (n % :aggregates)::text, n / :aggregates + 1,
'cn.talent.selection.story.closed.v1', 1, jsonb_build_object('participation', n, 'outcome', repeat('x', 400)),
'{{"time": "2024-01-01T00:00:00+00:00"}}', now(), now() FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
"""


async def read_back(log: EventLog, events: int) -> bool:
    """True when every aggregate is there in its order, without holes."""
    reader = log.reader("benchmark", [topic_of(SERVICE)], "one")
    await reader.join()
    seen: dict[str, list[int]] = {}
    count = 0
    while count < events:
        for records in (await reader.fetch(2000, 1.0)).values():
            for record in records:
                seen.setdefault(record.key, []).append(int(record.headers["ce_seq"]))
                count += 1
    await reader.leave()
    return all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen.values())


async def measure(url: str, log_url: str, events: int) -> tuple[float, float, bool]:
    """Seconds of plain reading, of the refill, and whether the log is right."""
    engine, log = open_engine(url), open_event_log(log_url)
    try:
        began = time.monotonic()
        read = 0
        async for rows in _published(engine, 1000):
            read += len(rows)
        plain = time.monotonic() - began
        began = time.monotonic()
        count = await refill(engine, log, SERVICE)
        seconds = time.monotonic() - began
        assert count == read == events
        return plain, seconds, await read_back(log, events)
    finally:
        await log.close()
        await engine.dispose()


def fill(server: EmbeddedPostgres, events: int) -> str:
    """A database of the service with that many published events, the first half of them archived."""
    server.create_database("benchmark")
    engine: Any = create_engine(server.uri("benchmark", driver="psycopg"))
    with engine.begin() as connection:
        create_plumbing_v1(Operations(MigrationContext.configure(connection)))
        half = events // 2
        parts = (("event_archive", 0, half - 1, ""), ("outbox", half, events - 1, "OVERRIDING SYSTEM VALUE"))
        for table, first, last, overriding in parts:
            statement = FILL.format(table=table, id="id, ", nth="n + 1, ", overriding=overriding)
            connection.execute(text(statement), {"aggregates": AGGREGATES, "first": first, "last": last})
    engine.dispose()
    return server.uri("benchmark")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", nargs="?", type=int, default=20_000)
    parser.add_argument("--kafka", action="store_true")
    asked = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="refill-"))
    root.chmod(0o755)
    server = EmbeddedPostgres(root / "postgres")
    broker = KafkaBroker(root / "kafka", jars=checkout() / "deploy" / "local" / "kafka" / "target" / "jars")
    try:
        server.start()
        url = fill(server, asked.events)
        if asked.kafka:
            broker.start()
            log_url = f"kafka://{broker.bootstrap}"
        else:
            server.create_database("event_log")
            log_url = f"embedded+{server.dsn('event_log')}"
            asyncio.run(ensure_schema(log_url))
        plain, seconds, right = asyncio.run(measure(url, log_url, asked.events))
        kind = "Kafka" if asked.kafka else "embedded"
        print("| log | events | refill | events/s | of plain reading | each once and in order | load |")
        print("|---|---|---|---|---|---|---|")
        rate = asked.events / seconds
        load = os.getloadavg()[0]
        print(
            f"| {kind} | {asked.events} | {seconds:.1f} s | {rate:.0f} | {plain / seconds:.2f} | {right} | {load:.0f} |"
        )
    finally:
        broker.kill()
        server.kill()
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    main()
