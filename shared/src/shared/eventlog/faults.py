"""An event log with the faults that Kafka may show, from a seed: for tests, so that nothing relies on more than is promised.

Injected: acknowledgements that get lost, batches that arrive in part, duplicates, records that become visible late,
rebalances at any moment, offsets that are refused before or after they were stored.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

from shared.eventlog.port import (
    PARTITIONS,
    Delivered,
    EventLog,
    LogUnavailable,
    Partition,
    Reader,
    Record,
    StaleGeneration,
)


class FaultyLog:
    """Wraps a log; ``rate`` is the share of calls that go wrong in one of the ways."""

    def __init__(self, inner: EventLog, seed: int, *, rate: float = 0.2) -> None:
        self._inner, self._rate = inner, rate
        self._random = random.Random(seed)

    def strikes(self) -> bool:
        """Whether the next call goes wrong."""
        return self._random.random() < self._rate

    def choice(self, *ways: str) -> str:
        """One of the ways to go wrong."""
        return self._random.choice(ways)

    def cut(self, length: int) -> int:
        """How much of a sequence survives."""
        return self._random.randrange(length + 1)

    async def append(self, records: Sequence[Record]) -> None:
        """See ``EventLog.append``."""
        if not self.strikes():
            await self._inner.append(records)
            return
        way = self.choice("refused", "half", "unacknowledged", "twice")
        if way == "half":
            await self._inner.append(records[: self.cut(len(records))])
        elif way != "refused":
            await self._inner.append(records)
        if way != "twice":
            raise LogUnavailable(f"injected: {way}")
        await self._inner.append(records)

    def reader(self, group: str, topics: Sequence[str], member: str) -> FaultyReader:
        """See ``EventLog.reader``."""
        return FaultyReader(self._inner.reader(group, topics, member), self)

    async def ensure_topics(self, names: Iterable[str], partitions: int = PARTITIONS) -> None:
        """See ``EventLog.ensure_topics``."""
        await self._inner.ensure_topics(names, partitions)

    async def end_offsets(self, topics: Sequence[str]) -> dict[Partition, int]:
        """See ``EventLog.end_offsets``."""
        return await self._inner.end_offsets(topics)

    async def close(self) -> None:
        """See ``EventLog.close``."""
        await self._inner.close()


class FaultyReader:
    """A reader whose group is restless."""

    def __init__(self, inner: Reader, faults: FaultyLog) -> None:
        self._inner, self._faults = inner, faults

    async def join(self) -> None:
        """See ``Reader.join``."""
        await self._inner.join()

    async def leave(self) -> None:
        """See ``Reader.leave``."""
        await self._inner.leave()

    async def fetch(self, max_records: int, wait: float) -> dict[Partition, list[Delivered]]:
        """See ``Reader.fetch``."""
        if not self._faults.strikes():
            return await self._inner.fetch(max_records, wait)
        if self._faults.choice("rebalance", "late") == "rebalance":
            await self._inner.leave()
            await self._inner.join()
            return await self._inner.fetch(max_records, wait)
        seen: dict[Partition, list[Delivered]] = {}
        for partition, records in (await self._inner.fetch(max_records, wait)).items():
            kept = records[: self._faults.cut(len(records))]
            if len(kept) < len(records):
                self._inner.seek(partition, records[len(kept)].offset)
            if kept:
                seen[partition] = kept
        return seen

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """See ``Reader.commit``."""
        if not self._faults.strikes():
            await self._inner.commit(offsets)
            return
        if self._faults.choice("before", "after") == "after":
            await self._inner.commit(offsets)
        await self._inner.leave()
        await self._inner.join()
        raise StaleGeneration("injected: the group was rebalanced")

    async def committed(self, partition: Partition) -> int | None:
        """See ``Reader.committed``."""
        return await self._inner.committed(partition)

    async def position(self, partition: Partition) -> int:
        """See ``Reader.position``."""
        return await self._inner.position(partition)

    def seek(self, partition: Partition, offset: int) -> None:
        """See ``Reader.seek``."""
        self._inner.seek(partition, offset)

    async def seek_to_beginning(self) -> None:
        """See ``Reader.seek_to_beginning``."""
        await self._inner.seek_to_beginning()

    def pause(self, partition: Partition) -> None:
        """See ``Reader.pause``."""
        self._inner.pause(partition)

    def resume(self, partition: Partition) -> None:
        """See ``Reader.resume``."""
        self._inner.resume(partition)

    def assignment(self) -> frozenset[Partition]:
        """See ``Reader.assignment``."""
        return self._inner.assignment()
