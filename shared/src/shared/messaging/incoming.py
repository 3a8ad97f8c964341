"""An event as it came out of the log: its place, its envelope, its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.envelope import Envelope, UnreadableEvent, read_envelope
from shared.eventlog.port import Delivered

Stream = tuple[str, str]
"""What is kept in order: (source, aggregate id)."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event to be applied.

    Attributes:
        topic: where it came from, with ``partition`` and ``offset``.
        event_id: CloudEvents id; made from the place when the envelope is unreadable.
        headers: record headers as read.
        raw: record value as read.
        fault: why the envelope cannot be read, or None.
    """

    topic: str
    partition: int
    offset: int
    event_id: UUID
    envelope: Envelope
    headers: dict[str, str]
    raw: bytes
    fault: str | None = None

    @property
    def stream(self) -> Stream:
        """The order this event belongs to."""
        return (self.envelope.source, self.envelope.subject)

    @property
    def sequence(self) -> int:
        """1, 2, 3 … within the stream; 0 when unreadable."""
        return self.envelope.sequence


def incoming(record: Delivered) -> Incoming:
    """Read a record of the log; never fails, see ``Incoming.fault``."""
    return reread(record.topic, record.partition, record.offset, record.key, record.headers, record.value)


def reread(topic: str, partition: int, offset: int, key: str, headers: dict[str, str], raw: bytes) -> Incoming:
    """Read the parts of a record that were kept."""
    try:
        envelope = read_envelope(headers)
        return Incoming(topic, partition, offset, UUID(envelope.id), envelope, headers, raw)
    except (UnreadableEvent, ValueError) as error:
        event_id = uuid5(NAMESPACE_URL, f"{topic}/{partition}/{offset}")
        source = f"/{topic.partition('.')[0]}"
        envelope = Envelope(str(event_id), source, "unreadable", key, datetime.fromtimestamp(0, UTC), 0)
        return Incoming(topic, partition, offset, event_id, envelope, headers, raw, fault=str(error))
