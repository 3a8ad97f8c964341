"""Whose work is at hand: trace, command, case, principal; on every log line and in the headers of events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5


@dataclass(slots=True)
class Surroundings:
    """What is known about the request or event that is worked on; filled in as it becomes known.

    Attributes:
        trace: 32 hexadecimal digits of the trace, whether or not its spans are kept.
        command: id of the command that began it all; events carry it as ``ce_correlation`` from service to service.
        case: id of the thing that it is about, when that is an id.
        principal: opaque account of the caller.
        org: path of the caller's organisation.
        role: class of the caller's role, for metrics.
    """

    trace: str | None = None
    command: str | None = None
    case: str | None = None
    principal: str | None = None
    org: str | None = None
    role: str = "nobody"


_CURRENT: ContextVar[Surroundings | None] = ContextVar("surroundings", default=None)


def surroundings() -> Surroundings | None:
    """What surrounds the work at hand; None at start-up and between the turns of a background task."""
    return _CURRENT.get()


@contextmanager
def surrounded(by: Surroundings) -> Iterator[Surroundings]:
    """Work inside the block is surrounded by ``by``."""
    token = _CURRENT.set(by)
    try:
        yield by
    finally:
        _CURRENT.reset(token)


def command_id(principal: str, route: str, key: str) -> str:
    """The id of a command: the same whenever it is repeated, and telling nothing about its key."""
    return str(uuid5(NAMESPACE_URL, f"urn:talent:command:{principal}\x00{route}\x00{key}"))


def as_id(text: str) -> str | None:
    """``text`` when it is a UUID, else None: what else stands in a path is not written down."""
    try:
        return str(UUID(text))
    except ValueError:
        return None


def trace_of(traceparent: str | None) -> str | None:
    """The trace id of a W3C ``traceparent``, or None when it is none."""
    parts = (traceparent or "").split("-")
    return parts[1] if len(parts) >= 4 and len(parts[1]) == 32 else None
