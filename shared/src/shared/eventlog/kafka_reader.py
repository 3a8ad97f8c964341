"""A group member on Kafka: settings of events.md 1.5, classic protocol, static membership, round robin assignment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    IllegalStateError,
    KafkaError,
    RebalanceInProgressError,
    UnknownError,
    UnknownMemberIdError,
)

from shared.eventlog.port import Delivered, LogUnavailable, Partition, StaleGeneration
from shared.identity.certificates import Certificates, security

_DEADLINE: Final = 15.0
_JOIN_DEADLINE: Final = 25.0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_STALE: Final = (
    CommitFailedError,
    IllegalGenerationError,
    IllegalStateError,
    RebalanceInProgressError,
    UnknownError,  # what aiokafka makes of FENCED_INSTANCE_ID
    UnknownMemberIdError,
)


class _Rebalances(ConsumerRebalanceListener):  # type: ignore[misc]
    """Counts how often the assignment was taken away."""

    def __init__(self) -> None:
        self.count = 0

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """A rebalance begins."""
        if revoked:
            self.count += 1

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """A rebalance has ended; positions are at what was committed."""


class KafkaReader:
    """``Reader`` over an aiokafka consumer, which is thrown away and built anew after any error of its own."""

    def __init__(
        self,
        bootstrap: str,
        group: str,
        topics: list[str],
        member: str,
        session: float,
        tls: Certificates | None = None,
    ) -> None:
        self._bootstrap, self._tls = bootstrap, tls
        self._group = group
        self._topics = topics
        self._name = member
        self._session = session
        self._consumer: AIOKafkaConsumer | None = None
        self._rebalances = _Rebalances()
        self._seen = 0

    async def join(self) -> None:
        """See ``Reader.join``."""
        await self._discard()
        self._rebalances = _Rebalances()
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            group_id=self._group,
            group_instance_id=self._name,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            session_timeout_ms=int(self._session * 1000),
            heartbeat_interval_ms=min(1000, int(self._session * 333)),
            max_poll_interval_ms=300_000,
            request_timeout_ms=int(_DEADLINE * 1000),
            fetch_max_wait_ms=100,
            partition_assignment_strategy=(RoundRobinPartitionAssignor,),
            **security(self._tls),
        )
        self._consumer = consumer
        consumer.subscribe(self._topics, listener=self._rebalances)
        async with self._trouble(_JOIN_DEADLINE):
            await consumer.start()
        self._seen = self._rebalances.count

    async def leave(self) -> None:
        """See ``Reader.leave``; a static member's share is dealt out anew when its session has run out."""
        await self._discard()

    async def fetch(self, max_records: int, wait: float) -> dict[Partition, list[Delivered]]:
        """See ``Reader.fetch``."""
        if self._consumer is None:
            await self.join()
        consumer = self._live()
        self._seen = self._rebalances.count
        async with self._trouble(wait + _DEADLINE):
            found = await consumer.getmany(timeout_ms=int(wait * 1000), max_records=max_records)
        return {
            Partition(place.topic, place.partition): [_delivered(record) for record in records]
            for place, records in found.items()
        }

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """See ``Reader.commit``."""
        if self._rebalances.count != self._seen:
            raise StaleGeneration(f"{self._group}/{self._name}: rebalanced since the last fetch")
        consumer = self._live()
        try:
            async with asyncio.timeout(_DEADLINE):
                await consumer.commit({_place(partition): offset for partition, offset in offsets.items()})
        except _STALE as error:
            raise StaleGeneration(f"{self._group}/{self._name}: {type(error).__name__}: {error}") from error
        except (KafkaError, OSError, TimeoutError) as error:
            raise LogUnavailable(f"Kafka did not take the offsets: {type(error).__name__}: {error}") from error

    async def committed(self, partition: Partition) -> int | None:
        """See ``Reader.committed``."""
        async with self._trouble(_DEADLINE):
            found: int | None = await self._live().committed(_place(partition))
        return found

    async def position(self, partition: Partition) -> int:
        """See ``Reader.position``."""
        try:
            async with asyncio.timeout(_DEADLINE):
                found: int = await self._live().position(_place(partition))
        except IllegalStateError as error:
            raise StaleGeneration(str(error)) from error
        except (KafkaError, OSError, TimeoutError) as error:
            raise LogUnavailable(f"Kafka does not answer: {type(error).__name__}: {error}") from error
        return found

    def seek(self, partition: Partition, offset: int) -> None:
        """See ``Reader.seek``."""
        self._own(partition).seek(_place(partition), offset)

    async def seek_to_beginning(self) -> None:
        """See ``Reader.seek_to_beginning``."""
        async with self._trouble(_DEADLINE):
            await self._live().seek_to_beginning()

    def pause(self, partition: Partition) -> None:
        """See ``Reader.pause``."""
        self._own(partition).pause(_place(partition))

    def resume(self, partition: Partition) -> None:
        """See ``Reader.resume``."""
        if partition in self.assignment():
            self._live().resume(_place(partition))

    def assignment(self) -> frozenset[Partition]:
        """See ``Reader.assignment``."""
        if self._consumer is None:
            return frozenset()
        return frozenset(Partition(place.topic, place.partition) for place in self._consumer.assignment())

    def _live(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise StaleGeneration(f"{self._group}/{self._name} is not a member")
        return self._consumer

    def _own(self, partition: Partition) -> AIOKafkaConsumer:
        if partition not in self.assignment():
            raise StaleGeneration(f"{partition.topic}[{partition.number}] is not assigned to {self._name}")
        return self._live()

    @asynccontextmanager
    async def _trouble(self, deadline: float) -> AsyncIterator[None]:
        """A deadline; any error ends this consumer, the next ``fetch`` builds another."""
        try:
            async with asyncio.timeout(deadline):
                yield
        except (KafkaError, OSError, TimeoutError) as error:
            await self._discard()
            raise LogUnavailable(f"Kafka does not answer: {type(error).__name__}: {error}") from error

    async def _discard(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            try:
                await asyncio.wait_for(consumer.stop(), 5)
            except (KafkaError, OSError, TimeoutError):
                return  # abandoned; the broker gives it up after its session


def _place(partition: Partition) -> TopicPartition:
    return TopicPartition(partition.topic, partition.number)


def _delivered(record: Any) -> Delivered:
    return Delivered(
        record.topic,
        record.partition,
        record.offset,
        _EPOCH + timedelta(milliseconds=record.timestamp),
        record.key.decode(),
        record.value,
        {name: value.decode() for name, value in record.headers},
    )
