"""The event log on Apache Kafka through aiokafka: appending, topics, end offsets.

Settings are those of events.md 1.5. The producer is thrown away after any error (aiokafka #1017) and every await has a
deadline. No Kafka transactions.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from shared.eventlog.kafka_reader import KafkaReader
from shared.eventlog.port import PARTITIONS, LogUnavailable, Partition, Record, RecordRefused, check
from shared.identity.certificates import Certificates, security

_REQUEST: Final = 15.0
_DEADLINE: Final = 20.0
_TROUBLE: Final = (KafkaError, OSError, TimeoutError)
_TOPIC_EXISTS: Final = 36


class KafkaLog:
    """``EventLog`` on a Kafka cluster; ``bootstrap`` is ``host:port[,host:port]``, ``tls`` None for a plain one."""

    def __init__(self, bootstrap: str, *, session_seconds: float = 10.0, tls: Certificates | None = None) -> None:
        self._bootstrap, self._tls = bootstrap, tls
        self._session = session_seconds
        self._producer: AIOKafkaProducer | None = None
        self._appending = asyncio.Lock()
        self._known: set[str] = set()

    async def append(self, records: Sequence[Record]) -> None:
        """See ``EventLog.append``."""
        check(records)
        if not records:
            return
        async with self._appending:
            try:
                async with asyncio.timeout(_DEADLINE):
                    await self._refuse_unknown({record.topic for record in records})
                    await self._send(records)
            except _TROUBLE as error:
                await self._drop_producer()
                raise LogUnavailable(f"Kafka did not take the batch: {type(error).__name__}: {error}") from error

    def reader(self, group: str, topics: Sequence[str], member: str) -> KafkaReader:
        """See ``EventLog.reader``."""
        return KafkaReader(self._bootstrap, group, sorted(topics), member, self._session, self._tls)

    async def ensure_topics(self, names: Iterable[str], partitions: int = PARTITIONS) -> None:
        """See ``EventLog.ensure_topics``; three replicas where the cluster has three brokers, two of them in sync."""
        async with self._admin() as admin:
            brokers = len((await admin.describe_cluster())["brokers"])
            replicas = min(3, brokers)
            settings = {
                "retention.ms": "-1",
                "cleanup.policy": "delete",
                "min.insync.replicas": "2" if replicas == 3 else "1",
                "unclean.leader.election.enable": "false",
                "message.timestamp.type": "LogAppendTime",
            }
            existing = set(await admin.list_topics())
            wanted = sorted(set(names) - existing)
            if not wanted:
                return
            response = await admin.create_topics(
                [NewTopic(name, partitions, replicas, topic_configs=settings) for name in wanted]
            )
            for topic, code, *message in response.topic_errors:
                if code not in (0, _TOPIC_EXISTS):
                    raise LogUnavailable(f"Kafka did not create {topic}: error {code} {message}")
            while not set(wanted) <= set(await admin.list_topics()):  # noqa: ASYNC110 - brokers hear of it later
                await asyncio.sleep(0.05)

    async def end_offsets(self, topics: Sequence[str]) -> dict[Partition, int]:
        """See ``EventLog.end_offsets``."""
        async with self._admin() as admin:
            described = await admin.describe_topics(list(topics))
        places = [TopicPartition(t["topic"], p["partition"]) for t in described for p in t["partitions"]]
        observer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap, request_timeout_ms=int(_REQUEST * 1000), **security(self._tls)
        )
        try:
            async with asyncio.timeout(_DEADLINE):
                await observer.start()
                ends = await observer.end_offsets(places)
        except _TROUBLE as error:
            raise LogUnavailable(f"Kafka does not answer: {type(error).__name__}: {error}") from error
        finally:
            await shut(observer)
        return {Partition(place.topic, place.partition): offset for place, offset in ends.items()}

    async def close(self) -> None:
        """See ``EventLog.close``."""
        await self._drop_producer()

    async def _refuse_unknown(self, topics: set[str]) -> None:
        """For a topic that does not exist aiokafka waits a whole request timeout; ask once instead."""
        if topics <= self._known:
            return
        async with self._admin() as admin:
            self._known = set(await admin.list_topics())
        if missing := topics - self._known:
            raise RecordRefused(f"there is no topic {', '.join(sorted(missing))}")

    async def _send(self, records: Sequence[Record]) -> None:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                acks="all",
                enable_idempotence=True,
                linger_ms=5,
                max_batch_size=262144,
                compression_type=None,
                request_timeout_ms=int(_REQUEST * 1000),
                **security(self._tls),
            )
            self._producer = producer
            await producer.start()
        acknowledgements = []
        for record in records:
            headers = [(name, value.encode()) for name, value in record.headers.items()]
            acknowledgements.append(
                await self._producer.send(record.topic, record.value, record.key.encode(), headers=headers)
            )
        answers = await asyncio.gather(*acknowledgements, return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await shut(producer)

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[AIOKafkaAdminClient]:
        admin = AIOKafkaAdminClient(
            bootstrap_servers=self._bootstrap, request_timeout_ms=int(_REQUEST * 1000), **security(self._tls)
        )
        try:
            async with asyncio.timeout(_DEADLINE):
                await admin.start()
                yield admin
        except _TROUBLE as error:
            raise LogUnavailable(f"Kafka does not answer: {type(error).__name__}: {error}") from error
        finally:
            with suppress(*_TROUBLE):
                await asyncio.wait_for(admin.close(), 5)


async def shut(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    """Stop a client within 5 s; one that does not stop is abandoned, its server side times out."""
    try:
        await asyncio.wait_for(client.stop(), 5)
    except _TROUBLE:
        return
