"""The event log in tables of PostgreSQL: appending, topics, wake-up.

A partition's head row is locked from the taking of offsets until the commit, so records become visible in offset order
and no reader can step over a gap. Waiting readers are woken by NOTIFY after the commit; correctness rests on a poll,
every 500 ms while the connection that listens is up and every 100 ms otherwise.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
import orjson

from shared.eventlog.embedded_reader import EmbeddedReader
from shared.eventlog.partitioner import partition_of
from shared.eventlog.port import PARTITIONS, LogUnavailable, Partition, Record, RecordRefused, check

_POLL: Final = 0.1
_POLL_WITH_BELL: Final = 0.5
_DEADLINE: Final = 15.0
_CHANNEL: Final = "event_log"
_TRANSIENT: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCatalogNameError,
    OSError,
    TimeoutError,
)


class EmbeddedLog:
    """``EventLog`` over one database; see ``shared.eventlog.migrate`` for its tables."""

    def __init__(self, dsn: str, *, session_seconds: float = 10.0) -> None:
        self._dsn = dsn
        self._session = session_seconds
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()
        self._partitions: dict[str, int] = {}
        self._bell = asyncio.Event()
        self._listening: asyncpg.Connection | None = None

    async def append(self, records: Sequence[Record]) -> None:
        """See ``EventLog.append``."""
        check(records)
        if not records:
            return
        async with self.connection() as connection:
            placed = [(Partition(r.topic, await self._place(connection, r)), r) for r in records]
            async with connection.transaction():
                await _insert(connection, placed)
            await connection.execute(f"NOTIFY {_CHANNEL}")

    def reader(self, group: str, topics: Sequence[str], member: str) -> EmbeddedReader:
        """See ``EventLog.reader``."""
        return EmbeddedReader(self, group, sorted(topics), member, self._session)

    async def ensure_topics(self, names: Iterable[str], partitions: int = PARTITIONS) -> None:
        """See ``EventLog.ensure_topics``; a new topic starts a new generation of every group."""
        async with self.connection() as connection, connection.transaction():
            new = await connection.fetch(
                "INSERT INTO log_topic (name, partitions) SELECT DISTINCT unnest($1::text[]), $2::int "
                "ORDER BY 1 ON CONFLICT DO NOTHING RETURNING name",
                sorted(names),
                partitions,
            )
            if new:
                await connection.execute(
                    "INSERT INTO log_partition (topic, partition) "
                    "SELECT topic, number FROM unnest($1::text[]) AS topic, generate_series(0, $2::int - 1) AS number",
                    [row["name"] for row in new],
                    partitions,
                )
                await connection.execute("UPDATE log_group SET generation = generation + 1")

    async def end_offsets(self, topics: Sequence[str]) -> dict[Partition, int]:
        """See ``EventLog.end_offsets``."""
        async with self.connection() as connection:
            return await heads(connection, topics)

    async def close(self) -> None:
        """See ``EventLog.close``."""
        pool, listening, self._pool, self._listening = self._pool, self._listening, None, None
        if pool is not None:
            try:
                async with asyncio.timeout(5):
                    if listening is not None:
                        await listening.close()
                    await pool.close()
            except (TimeoutError, *_TRANSIENT):
                pool.terminate()

    async def ring(self, wait: float) -> None:
        """Wait until something was appended, at most ``wait`` seconds or one poll interval."""
        bell = self._bell
        rings = self._listening is not None and not self._listening.is_closed()
        try:
            await asyncio.wait_for(bell.wait(), min(wait, _POLL_WITH_BELL if rings else _POLL))
        except TimeoutError:
            return

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A pooled connection; trouble on the way to the database leaves as ``LogUnavailable``."""
        try:
            pool = await self._open()
            async with asyncio.timeout(_DEADLINE), pool.acquire(timeout=5) as connection:
                yield connection
        except _TRANSIENT as error:
            raise LogUnavailable(f"the embedded log does not answer: {type(error).__name__}: {error}") from error

    async def _open(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._dsn,
                    min_size=0,
                    max_size=5,
                    timeout=5,
                    command_timeout=10,
                    max_inactive_connection_lifetime=0,
                    reset=_nothing,
                    server_settings={"application_name": "event-log", "lock_timeout": "8s", "jit": "off"},
                )
            if self._listening is None or self._listening.is_closed():
                # Not of the pool: a pooled connection that the server closed can no longer be asked whether it is open.
                self._listening = await asyncpg.connect(self._dsn, timeout=5, command_timeout=10)
                await self._listening.add_listener(_CHANNEL, self._ring)
            return self._pool

    def _ring(self, *_: object) -> None:
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()

    async def _place(self, connection: Any, record: Record) -> int:
        partitions = self._partitions.get(record.topic)
        if partitions is None:
            partitions = await connection.fetchval("SELECT partitions FROM log_topic WHERE name = $1", record.topic)
            if partitions is None:
                raise RecordRefused(f"there is no topic {record.topic}")
            self._partitions[record.topic] = partitions
        return partition_of(record.key, partitions)


async def _nothing(connection: Any) -> None:
    """Connections carry no session state, so handing one back needs no round trip."""


async def heads(connection: Any, topics: Sequence[str]) -> dict[Partition, int]:
    """The next offset of every partition of the topics."""
    rows = await connection.fetch(
        "SELECT topic, partition, next_offset FROM log_partition WHERE topic = ANY($1::text[])", list(topics)
    )
    return {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def _insert(connection: Any, placed: list[tuple[Partition, Record]]) -> None:
    """Take offsets under the lock of each partition's head, in one order for everybody, and write the records."""
    touched = sorted({partition for partition, _ in placed})
    names, numbers = [p.topic for p in touched], [p.number for p in touched]
    rows = await connection.fetch(
        "SELECT p.topic, p.partition, p.next_offset FROM log_partition p "
        "JOIN unnest($1::text[], $2::int[]) AS w (topic, partition) USING (topic, partition) "
        "ORDER BY p.topic, p.partition FOR UPDATE OF p",
        names,
        numbers,
    )
    following = {Partition(row["topic"], row["partition"]): row["next_offset"] for row in rows}
    offsets = []
    for partition, _ in placed:
        offsets.append(following[partition])
        following[partition] += 1
    await connection.execute(
        'INSERT INTO log_record (topic, partition, "offset", key, value, headers) '
        "SELECT t, p, o, k, v, h::jsonb FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[], $5::bytea[], "
        "$6::text[]) AS r (t, p, o, k, v, h)",
        [partition.topic for partition, _ in placed],
        [partition.number for partition, _ in placed],
        offsets,
        [record.key for _, record in placed],
        [record.value for _, record in placed],
        [orjson.dumps(record.headers).decode() for _, record in placed],
    )
    await connection.execute(
        "UPDATE log_partition p SET next_offset = w.next_offset "
        "FROM unnest($1::text[], $2::int[], $3::bigint[]) AS w (topic, partition, next_offset) "
        "WHERE p.topic = w.topic AND p.partition = w.partition",
        names,
        numbers,
        [following[partition] for partition in touched],
    )
