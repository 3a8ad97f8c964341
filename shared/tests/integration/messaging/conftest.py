"""A service that writes down which events it was given, on a real database and the embedded log."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.envelope import Envelope
from shared.contracts.event import topic_of
from shared.contracts.selection import StoryClosed
from shared.embedded_postgres import EmbeddedPostgres
from shared.eventlog.factory import open_event_log
from shared.eventlog.migrate import ensure_schema
from shared.eventlog.port import EventLog, Record
from shared.kernel.actor import system
from shared.kernel.clock import FixedClock
from shared.kernel.refusals import RuleViolated, TooEarly
from shared.messaging.applying import Applier
from shared.messaging.consumer import Consumer
from shared.work.database import open_engine
from shared.work.plumbing_v1 import create_plumbing_v1
from shared.work.unit import Circumstances, UnitOfWork

_topics = itertools.count()
NOTES = "CREATE TABLE note (nth bigint GENERATED ALWAYS AS IDENTITY, subject text, seq int, outcome text)"


class NotingWork(UnitOfWork):
    """Publishes any contract that is announced."""

    service = "selection"
    translate = staticmethod(lambda fact: fact)


class Notebook:
    """Test rig: a consumer whose handler notes what it is given, and trouble on demand.

    Attributes:
        trouble: called by the handler before it notes; raises to make it fail.
    """

    def __init__(self, engine: AsyncEngine, log: EventLog) -> None:
        self.engine, self.log = engine, log
        self.topic = topic_of("selection")
        self.trouble: Callable[[StoryClosed, Envelope], Awaitable[None]] = _peace
        self.applier = Applier("notes", {StoryClosed: self.handle})

    def unit(self, seed: str) -> NotingWork:
        """A unit of work on the notes."""
        return NotingWork(
            self.engine, FixedClock(datetime(2024, 1, 1, tzinfo=UTC)), Circumstances(system("notes"), seed=seed)
        )

    async def handle(self, work: Any, event: StoryClosed, envelope: Envelope) -> None:
        """Note the event, then run into trouble if there is any."""
        await work.connection.execute(
            text("INSERT INTO note (subject, seq, outcome) VALUES (:subject, :seq, :outcome)"),
            {"subject": envelope.subject, "seq": envelope.sequence, "outcome": event.outcome},
        )
        await self.trouble(event, envelope)

    def consumer(self, member: str = "one", log: EventLog | None = None) -> Consumer:
        """A consumer in the group of the notes."""
        return Consumer(log or self.log, self.unit, self.applier, [self.topic], member=member)

    async def consume(self, consumer: Consumer, until: Callable[[], Awaitable[bool]], seconds: float = 30.0) -> None:
        """Run a consumer until the condition holds, then drain it."""
        stop = asyncio.Event()
        running = asyncio.create_task(consumer.run(stop))
        deadline = time.monotonic() + seconds
        try:
            while not await until():
                assert not running.done(), running.exception()
                assert time.monotonic() < deadline, f"not reached; noted {await self.noted()}"
                await asyncio.sleep(0.05)
        finally:
            stop.set()
            await running

    async def noted(self, subject: UUID | None = None) -> list[int]:
        """Sequence numbers in the order in which they were noted, of one subject or all."""
        return [
            row.seq
            for row in await self.rows(
                "SELECT seq FROM note WHERE CAST(:s AS text) IS NULL OR subject = :s ORDER BY nth",
                s=str(subject) if subject else None,
            )
        ]

    async def rows(self, statement: str, **values: Any) -> Sequence[Any]:
        """What a statement of its own transaction returns."""
        async with self.engine.begin() as connection:
            answer = await connection.execute(text(statement), values)
            return answer.all() if answer.returns_rows else []

    async def until(self, condition: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
        """Poll until the condition holds."""
        deadline = time.monotonic() + seconds
        while not await condition():
            assert time.monotonic() < deadline, "it did not come to pass"
            await asyncio.sleep(0.01)

    def has(self, count: int) -> Callable[[], Awaitable[bool]]:
        """Condition: so many notes."""

        async def reached() -> bool:
            return len(await self.noted()) >= count

        return reached

    def kept(self, queue: str, count: int) -> Callable[[], Awaitable[bool]]:
        """Condition: so many open parked or pending rows."""

        async def reached() -> bool:
            return len(await self.rows(f"SELECT id FROM {queue} WHERE resolution IS NULL")) == count

        return reached


async def _peace(event: StoryClosed, envelope: Envelope) -> None:
    return


def refuse(*numbers: int) -> Callable[[StoryClosed, Envelope], Awaitable[None]]:
    """Trouble: refuse these sequence numbers for good."""

    async def trouble(event: StoryClosed, envelope: Envelope) -> None:
        if envelope.sequence in numbers:
            raise RuleViolated("poison", "Never.")

    return trouble


def wait_for(flag: asyncio.Event, *numbers: int) -> Callable[[StoryClosed, Envelope], Awaitable[None]]:
    """Trouble: these sequence numbers are too early until the flag is set."""

    async def trouble(event: StoryClosed, envelope: Envelope) -> None:
        if envelope.sequence in numbers and not flag.is_set():
            raise TooEarly("the flag")

    return trouble


def told(subject: UUID, sequence: int, *, outcome: str = "certified", type_name: str | None = None) -> Record:
    """One event as the relay would append it."""
    event = StoryClosed(participation=subject, outcome=outcome)
    envelope = Envelope(
        id=str(uuid4()),
        source="/selection",
        type=type_name or event.type_name(),
        subject=str(subject),
        time=datetime(2024, 1, 1, tzinfo=UTC),
        sequence=sequence,
    )
    return Record(topic_of("selection"), str(subject), event.model_dump_json().encode(), envelope.headers())


@pytest.fixture(scope="session")
def database(postgres: EmbeddedPostgres) -> str:
    """A migrated database with a table for notes."""
    postgres.create_database("notes")
    engine = create_engine(postgres.uri("notes", driver="psycopg"))
    with engine.begin() as connection:
        create_plumbing_v1(Operations(MigrationContext.configure(connection)))
        connection.exec_driver_sql(NOTES)
    engine.dispose()
    return postgres.uri("notes")


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    """The empty database."""
    found = open_engine(database)
    async with found.begin() as connection:
        await connection.execute(
            text(
                "TRUNCATE note, outbox, stream, inbox, aggregate_cursor, parked, pending, relay_lease, event_archive, "
                "idempotency RESTART IDENTITY"
            )
        )
    yield found
    await found.dispose()


@pytest.fixture
async def log(postgres: EmbeddedPostgres) -> AsyncIterator[EventLog]:
    """An empty embedded log."""
    name = f"notes_log_{next(_topics)}"
    postgres.create_database(name)
    url = f"embedded+{postgres.dsn(name)}"
    await ensure_schema(url)
    found = open_event_log(url, session_seconds=3.0)
    await found.ensure_topics([topic_of("selection")])
    yield found
    await found.close()
    postgres.drop_database(name)


@pytest.fixture
def notebook(engine: AsyncEngine, log: EventLog) -> Notebook:
    """The rig."""
    return Notebook(engine, log)
