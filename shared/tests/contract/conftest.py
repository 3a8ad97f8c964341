"""Both event logs under one name: the embedded one always, Kafka when a broker is given."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest

from shared.embedded_postgres import EmbeddedPostgres
from shared.eventlog.factory import open_event_log
from shared.eventlog.migrate import ensure_schema
from shared.eventlog.port import EventLog, Reader

SESSION = 3.0
_topics = itertools.count()
_RUN = uuid4().hex[:8]


def _kafka() -> str:
    servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if servers:
        return f"kafka://{servers}"
    if os.environ.get("REQUIRE_KAFKA") == "1":
        pytest.fail("REQUIRE_KAFKA=1 and KAFKA_BOOTSTRAP_SERVERS names no broker")
    pytest.skip("KAFKA_BOOTSTRAP_SERVERS names no broker: the contract suite is NOT proven on Kafka in this run")


@pytest.fixture(scope="session", params=["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
async def url(request: pytest.FixtureRequest) -> str:
    """URL of the log under test."""
    if request.param == "kafka":
        return _kafka()
    postgres: EmbeddedPostgres = request.getfixturevalue("postgres")
    postgres.create_database("eventlog")
    found = f"embedded+{postgres.dsn('eventlog')}"
    await ensure_schema(found)
    return found


@pytest.fixture
async def log(url: str) -> AsyncIterator[EventLog]:
    """An open log."""
    found = open_event_log(url, session_seconds=SESSION)
    yield found
    await found.close()


@pytest.fixture
async def another(url: str) -> AsyncIterator[EventLog]:
    """A second client of the same log, as another process would have."""
    found = open_event_log(url, session_seconds=SESSION)
    yield found
    await found.close()


@pytest.fixture
async def topic(log: EventLog) -> str:
    """A topic that no other test uses."""
    name = f"contract.{_RUN}.{next(_topics)}"
    await log.ensure_topics([name], partitions=4)
    return name


@pytest.fixture
async def reading(log: EventLog) -> AsyncIterator[Callable[..., Any]]:
    """Makes readers and takes them out of their groups at the end."""
    made: list[Reader] = []

    async def make(
        topic: str, *, group: str = "readers", member: str = "one", via: EventLog | None = None, join: bool = True
    ) -> Reader:
        reader = (via or log).reader(f"{group}.{topic}", [topic], member)
        made.append(reader)
        if join:
            await reader.join()
        return reader

    yield make
    for reader in made:
        await reader.leave()
