"""The event log as its users see it: append a batch, read in a group, commit offsets.

Promises of every adapter, no more: records of one key keep the order in which they were appended; offsets of a
partition rise by one; what was appended is there when ``append`` returns; a record may appear more than once and
a batch whose ``append`` failed may be there in part. Nobody dedupes for the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple, Protocol

LARGEST_VALUE: Final = 900_000
"""Bytes of the largest value that fits Kafka's default request size together with its headers."""
PARTITIONS: Final = 12
"""Partitions of a topic, fixed for life: another count would move keys."""


class EventLogError(Exception):
    """The root of everything an event log raises; never raised itself."""


class LogUnavailable(EventLogError):
    """The log cannot be reached or did not answer in time; the same call may go through later."""


class StaleGeneration(EventLogError):
    """The reader no longer owns what it commits or seeks: the group has gone on without it."""


class RecordRefused(EventLogError):
    """A record can never be appended: unknown topic, empty key or too large a value."""


class Partition(NamedTuple):
    """One partition of one topic."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class Record:
    """What is appended: the key decides the partition and the order; headers are text."""

    topic: str
    key: str
    value: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A record as read back, with its place and the time the log took it in (aware UTC)."""

    topic: str
    partition: int
    offset: int
    appended_at: datetime
    key: str
    value: bytes
    headers: dict[str, str]


class Reader(Protocol):
    """One member of a consumer group. Not for use by several tasks at once."""

    async def join(self) -> None:
        """Become a member and get an assignment; a second reader of the same member name replaces the first."""
        ...

    async def leave(self) -> None:
        """Give the assignment back; what was not committed goes to others."""
        ...

    async def fetch(self, max_records: int, wait: float) -> dict[Partition, list[Delivered]]:
        """Up to ``max_records`` new records by partition in offset order; waits up to ``wait`` seconds for the first.

        A change of the group is followed here: the assignment is renewed, positions go back to what was committed and
        pauses are forgotten.

        Raises:
            StaleGeneration: another process took this member's name; ``join`` to take it back.
            LogUnavailable: the log is not to be reached.
        """
        ...

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Store for the group the offset of the next record to read, per partition.

        Raises:
            StaleGeneration: the group has been rebalanced since the last ``fetch``; nothing was stored.
            LogUnavailable: the log is not to be reached; something may have been stored.
        """
        ...

    async def committed(self, partition: Partition) -> int | None:
        """The offset stored for the group, or None."""
        ...

    async def position(self, partition: Partition) -> int:
        """Offset of the next record that ``fetch`` would give; ``StaleGeneration`` when not assigned."""
        ...

    def seek(self, partition: Partition, offset: int) -> None:
        """Make ``offset`` the next to be fetched; ``StaleGeneration`` when not assigned."""
        ...

    async def seek_to_beginning(self) -> None:
        """Make the first record of every assigned partition the next to be fetched."""
        ...

    def pause(self, partition: Partition) -> None:
        """Deliver nothing of the partition until it is resumed or the group changes."""
        ...

    def resume(self, partition: Partition) -> None:
        """Undo ``pause``."""
        ...

    def assignment(self) -> frozenset[Partition]:
        """The partitions this reader owns as of the last ``fetch`` or ``join``."""
        ...


class EventLog(Protocol):
    """A partitioned, replayable log of topics. It connects when it is first used."""

    async def append(self, records: Sequence[Record]) -> None:
        """Append in order; durable when it returns.

        Raises:
            LogUnavailable: none, some or all of the records are there; append them all again.
            RecordRefused: a record can never be appended; none was.
        """
        ...

    def reader(self, group: str, topics: Sequence[str], member: str) -> Reader:
        """A reader for ``group``; ``member`` names the process across its restarts (its ordinal)."""
        ...

    async def ensure_topics(self, names: Iterable[str], partitions: int = PARTITIONS) -> None:
        """Create the topics that do not exist; kept for ever, never compacted."""
        ...

    async def end_offsets(self, topics: Sequence[str]) -> dict[Partition, int]:
        """Offset after the last record of every partition."""
        ...

    async def close(self) -> None:
        """Let go of every connection; readers should have left."""
        ...


def check(records: Sequence[Record]) -> None:
    """Refuse records that no adapter takes, so that all adapters refuse the same."""
    for record in records:
        if not record.key:
            raise RecordRefused(f"a record of {record.topic} has no key")
        if len(record.value) > LARGEST_VALUE:
            raise RecordRefused(f"a value of {len(record.value)} bytes is too large; {LARGEST_VALUE} is the most")
