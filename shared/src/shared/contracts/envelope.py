"""CloudEvents 1.0 in binary content mode: context attributes as ``ce_`` headers, payload as JSON value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import orjson

from shared.contracts import assessment, funding, placement, selection
from shared.contracts.event import REGISTRY, Event

SERVICES = (selection, placement, assessment, funding)
CONTENT_TYPE = "application/json"


class UnreadableEvent(ValueError):
    """The record is no event of ours: a header is missing, the type is unknown or the payload does not fit."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The context of one event.

    Attributes:
        id: CloudEvents id, unique per source.
        source: ``/selection`` and so on.
        type: full type name, see ``Event.type_name``.
        subject: id that keys and orders the event.
        time: business time of the fact.
        sequence: 1, 2, 3 … per source and subject.
        aggregate: kind of the thing that ``subject`` names.
        extensions: further ``ce_`` attributes without the prefix (traceparent, causation, correlation, org).
    """

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    sequence: int
    aggregate: str = "participation"
    extensions: dict[str, str] = field(default_factory=dict)

    @property
    def service(self) -> str:
        """The producing service."""
        return self.source.strip("/")

    def headers(self) -> dict[str, str]:
        """The record headers of binary mode."""
        attributes = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time.isoformat().replace("+00:00", "Z"),
            "partitionkey": self.subject,
            "dataschema": f"urn:talent:schema:{self.type}",
            "seq": str(self.sequence),
            "aggregate": self.aggregate,
        } | self.extensions
        return {"content-type": CONTENT_TYPE} | {f"ce_{name}": value for name, value in attributes.items()}


_OWN = {"specversion", "id", "source", "type", "subject", "time", "partitionkey", "dataschema", "seq", "aggregate"}


def read_envelope(headers: dict[str, str]) -> Envelope:
    """The envelope of a record's headers. Raises ``UnreadableEvent`` when an attribute is missing or malformed."""
    found = {name.removeprefix("ce_"): value for name, value in headers.items() if name.startswith("ce_")}
    try:
        return Envelope(
            id=found["id"],
            source=found["source"],
            type=found["type"],
            subject=found["subject"],
            time=datetime.fromisoformat(found["time"]),
            sequence=int(found["seq"]),
            aggregate=found["aggregate"],
            extensions={name: value for name, value in found.items() if name not in _OWN},
        )
    except (KeyError, ValueError) as error:
        raise UnreadableEvent(f"bad or missing attribute: {error}") from error


def read_event(envelope: Envelope, value: bytes) -> Event | None:
    """The payload as its contract, or None for a type this release does not know.

    Raises:
        UnreadableEvent: the type is known and the payload does not fit it.
    """
    contract = REGISTRY.get(envelope.type)
    if contract is None:
        return None
    try:
        return contract.model_validate(orjson.loads(value))
    except ValueError as error:
        raise UnreadableEvent(f"{envelope.type}: payload does not fit its schema") from error
