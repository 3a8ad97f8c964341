"""The embedded log over a PostgreSQL that dies and comes back."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.embedded_postgres import DURABLE, EmbeddedPostgres
from shared.eventlog.factory import open_event_log
from shared.eventlog.migrate import ensure_schema
from shared.eventlog.port import LogUnavailable, Record


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """A server that may be killed; not below pytest's folders, which are closed to the account it may run as."""
    with tempfile.TemporaryDirectory(prefix="talent-pg-", ignore_cleanup_errors=True) as folder:
        found = EmbeddedPostgres(Path(folder), settings=DURABLE)
        found.start()
        yield found
        found.stop()


async def test_a_log_that_was_open_serves_again_after_a_crash_of_the_server(server: EmbeddedPostgres) -> None:
    """A killed server costs refusals while it is away, never the client: nobody has to restart the services."""
    server.create_database("log")
    url = f"embedded+{server.dsn('log')}"
    await ensure_schema(url)
    log = open_event_log(url)
    record = Record(topic="t", key="k", value=b"{}", headers={})
    await log.ensure_topics(["t"], partitions=1)
    await log.append([record])

    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)
    refusals = 0
    while refusals < 20:
        try:
            await log.append([record])
            break
        except LogUnavailable:
            refusals += 1
            await asyncio.sleep(0.1)

    offsets = await log.end_offsets(["t"])
    await log.close()
    assert list(offsets.values()) == [2]
