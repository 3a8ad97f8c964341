"""A group member of the embedded log: heartbeats, rebalances, fetching."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import orjson

from shared.eventlog import embedded_groups as groups
from shared.eventlog.port import Delivered, LogUnavailable, Partition, StaleGeneration

if TYPE_CHECKING:
    from shared.eventlog.embedded import EmbeddedLog

_MAX_POLL_INTERVAL: Final = 300.0
_HEARTBEAT: Final = 1.0


class EmbeddedReader:
    """``Reader`` over the tables; see ``shared.eventlog.embedded_groups`` for the rules of membership."""

    def __init__(self, log: EmbeddedLog, group: str, topics: list[str], member: str, session: float) -> None:
        self._log = log
        self._member = groups.Member(group, member, uuid4(), tuple(topics), timedelta(seconds=session))
        self._beat_every = min(_HEARTBEAT, session / 3)
        self._seat: groups.Seat | None = None
        self._positions: dict[Partition, int] = {}
        self._paused: set[Partition] = set()
        self._known_generation: int | None = None
        self._beating: asyncio.Task[None] | None = None
        self._polled = time.monotonic()
        self._turn = 0

    async def join(self) -> None:
        """See ``Reader.join``."""
        await self._stop_beating()
        self._member = groups.Member(
            self._member.group, self._member.name, uuid4(), self._member.topics, self._member.session
        )
        async with self._log.connection() as connection:
            await groups.enter(connection, self._member)
            await self._sit(connection)
        self._polled = time.monotonic()
        self._beating = asyncio.create_task(self._beat())

    async def leave(self) -> None:
        """See ``Reader.leave``; when the log is away the seat falls vacant by itself."""
        await self._stop_beating()
        self._forget()
        try:
            async with self._log.connection() as connection:
                await groups.leave(connection, self._member)
        except LogUnavailable:
            return

    async def fetch(self, max_records: int, wait: float) -> dict[Partition, list[Delivered]]:
        """See ``Reader.fetch``."""
        deadline = time.monotonic() + wait
        while True:
            self._polled = time.monotonic()
            await self._follow_group()
            found = await self._take(max_records)
            left = deadline - time.monotonic()
            if found or left <= 0:
                return found
            await self._log.ring(left)

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """See ``Reader.commit``."""
        if self._seat is None or any(partition not in self._positions for partition in offsets):
            raise StaleGeneration("a partition to be committed is not assigned")
        try:
            async with self._log.connection() as connection:
                await groups.store(connection, self._member, self._seat.generation, offsets)
        except StaleGeneration:
            self._known_generation = None
            raise

    async def committed(self, partition: Partition) -> int | None:
        """See ``Reader.committed``."""
        async with self._log.connection() as connection:
            found = await connection.fetchval(
                "SELECT next_offset FROM log_committed WHERE group_name = $1 AND topic = $2 AND partition = $3",
                self._member.group,
                partition.topic,
                partition.number,
            )
        return None if found is None else int(found)

    async def position(self, partition: Partition) -> int:
        """See ``Reader.position``."""
        self._own(partition)
        return self._positions[partition]

    def seek(self, partition: Partition, offset: int) -> None:
        """See ``Reader.seek``."""
        self._own(partition)
        self._positions[partition] = offset

    async def seek_to_beginning(self) -> None:
        """See ``Reader.seek_to_beginning``."""
        for partition in self._positions:
            self._positions[partition] = 0

    def pause(self, partition: Partition) -> None:
        """See ``Reader.pause``."""
        self._own(partition)
        self._paused.add(partition)

    def resume(self, partition: Partition) -> None:
        """See ``Reader.resume``."""
        self._paused.discard(partition)

    def assignment(self) -> frozenset[Partition]:
        """See ``Reader.assignment``."""
        return frozenset(self._positions)

    def _own(self, partition: Partition) -> None:
        if partition not in self._positions:
            raise StaleGeneration(f"{partition.topic}[{partition.number}] is not assigned to {self._member.name}")

    def _forget(self) -> None:
        self._seat = None
        self._positions = {}
        self._paused = set()

    async def _sit(self, connection: Any) -> None:
        """Take the seat of the present generation; positions go back to what is committed."""
        self._forget()
        seat = await groups.take_seat(connection, self._member)
        if seat is not None:
            self._seat = seat
            self._positions = dict(seat.positions)
            self._known_generation = seat.generation

    async def _follow_group(self) -> None:
        if self._beating is None or self._beating.done():
            await self.join()
            return
        if self._seat is not None and self._known_generation == self._seat.generation:
            return
        async with self._log.connection() as connection:
            await self._sit(connection)
            if self._seat is None and await groups.replaced(connection, self._member):
                raise StaleGeneration(f"another process is {self._member.name} of {self._member.group} now")
        if self._seat is None:  # given up while silent: come back like any newcomer
            await self.join()

    async def _take(self, max_records: int) -> dict[Partition, list[Delivered]]:
        async with self._log.connection() as connection:
            rows = await connection.fetch(_HEADS, list(self._member.topics))
            ready = [
                partition
                for row in rows
                if (partition := Partition(row["topic"], row["partition"])) in self._positions
                and partition not in self._paused
                and row["next_offset"] > self._positions[partition]
            ]
            if not ready:
                return {}
            ready.sort()
            self._turn += 1
            start = self._turn % len(ready)
            ready = ready[start:] + ready[:start]  # nobody is always served first
            found = await connection.fetch(
                _RECORDS,
                [p.topic for p in ready],
                [p.number for p in ready],
                [self._positions[p] for p in ready],
                max_records,
            )
        batch: dict[Partition, list[Delivered]] = {}
        for row in found:
            delivered = Delivered(
                row["topic"],
                row["partition"],
                row["offset"],
                row["appended_at"],
                row["key"],
                row["value"],
                orjson.loads(row["headers"]),
            )
            batch.setdefault(Partition(delivered.topic, delivered.partition), []).append(delivered)
        for partition, records in batch.items():
            self._positions[partition] = records[-1].offset + 1
        return batch

    async def _beat(self) -> None:
        """Keep the seat while ``fetch`` is being called; notice that the group has moved on."""
        while time.monotonic() - self._polled < _MAX_POLL_INTERVAL:
            await asyncio.sleep(self._beat_every)
            try:
                async with self._log.connection() as connection:
                    self._known_generation = await groups.beat(connection, self._member)
            except LogUnavailable:
                continue  # fetch and commit report it; a silence too long costs the seat

    async def _stop_beating(self) -> None:
        task, self._beating = self._beating, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])


_HEADS: Final = "SELECT topic, partition, next_offset FROM log_partition WHERE topic = ANY($1::text[])"
_RECORDS: Final = (
    'SELECT r.topic, r.partition, r."offset", r.key, r.value, r.headers, r.appended_at '
    "FROM unnest($1::text[], $2::int[], $3::bigint[]) WITH ORDINALITY AS w (topic, partition, start, turn) "
    "CROSS JOIN LATERAL (SELECT * FROM log_record l WHERE l.topic = w.topic AND l.partition = w.partition "
    'AND l."offset" >= w.start ORDER BY l."offset" LIMIT $4) r ORDER BY w.turn, r."offset" LIMIT $4'
)
