"""Applying events inside one transaction: dedupe, order, handlers, cursors."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.envelope import Envelope, UnreadableEvent, read_event
from shared.contracts.event import Event
from shared.messaging import inbox
from shared.messaging.incoming import Incoming, Stream
from shared.telemetry.surroundings import surroundings, trace_of
from shared.work.unit import UnitOfWork

Handler = Callable[[Any, Any, Envelope], Awaitable[None]]
UnitFactory = Callable[[str], UnitOfWork]
"""Makes a unit of work whose ids derive from the given seed."""


@dataclass(slots=True)
class Outcome:
    """What one transaction did: for metrics and for waking what waits."""

    applied: int = 0
    duplicates: int = 0
    gaps: int = 0
    subjects: set[str] = field(default_factory=set)
    handled: list[tuple[Incoming, float]] = field(default_factory=list)
    """What was applied, with the seconds that its handler took; the transaction has not committed yet."""


@dataclass(frozen=True, slots=True)
class Applier:
    """Knows the consumer's name and its handlers.

    Attributes:
        consumer: name under which inbox and cursors are kept; the consumer group.
        consumes: contract → handler.
        pending_seconds: how long an event may wait for an earlier one before it is parked.
    """

    consumer: str
    consumes: Mapping[type[Event], Handler]
    pending_seconds: float = 3600.0

    async def apply(self, unit: UnitOfWork, events: Sequence[Incoming]) -> Outcome:
        """Apply the events in order inside the open unit of work.

        Raises:
            TooEarly: a handler misses an earlier event; nothing of the batch must be committed.
            UnreadableEvent: an envelope or payload that cannot be read.
            Refusal: what a handler refuses.
        """
        connection, outcome = unit.connection, Outcome()
        fresh = await inbox.claim(connection, self.consumer, events)
        outcome.duplicates = len(events) - len(fresh)
        streams = {event.stream for event in events if (event.envelope.source, event.event_id) in fresh}
        if not streams:
            return outcome
        await unit.foresee(
            {
                event.envelope.subject
                for event in events
                if (event.envelope.source, event.event_id) in fresh and self._listener(event.envelope.type)[1]
            }
        )
        parked = await inbox.parked_streams(connection, self.consumer, streams)
        cursors = await inbox.cursors(connection, self.consumer, streams)
        reached: dict[Stream, int] = {}
        waiting: list[tuple[Incoming, str]] = []
        behind: list[tuple[Incoming, str]] = []
        for event in events:
            name = (event.envelope.source, event.event_id)
            if name not in fresh:
                continue
            fresh.remove(name)
            last = reached.get(event.stream, cursors.get(event.stream, 0))
            if event.stream in parked:
                behind.append((event, "behind a parked event"))
            elif event.fault is not None:
                raise UnreadableEvent(event.fault)
            elif event.sequence <= last:
                outcome.duplicates += 1
            elif event.sequence > last + 1:
                outcome.gaps += 1
                waiting.append((event, f"number {last + 1} of its stream has not been applied"))
            else:
                began = time.perf_counter()
                await self.handle(unit, event)
                outcome.handled.append((event, time.perf_counter() - began))
                reached[event.stream] = event.sequence
                outcome.applied += 1
                outcome.subjects.add(event.envelope.subject)
        await inbox.advance(connection, self.consumer, reached)
        await inbox.keep(connection, "parked", self.consumer, behind)
        await inbox.keep(connection, "pending", self.consumer, waiting, seconds=self.pending_seconds)
        return outcome

    async def handle(self, unit: UnitOfWork, event: Incoming) -> None:
        """Hand one event to its handler; a type nobody here listens to passes silently.

        Raises:
            UnreadableEvent: the payload does not fit, or it is another major version of a type we listen to.
        """
        if event.fault is not None:
            raise UnreadableEvent(event.fault)
        contract, handler = self._listener(event.envelope.type)
        if handler is None:
            return
        if contract is None:
            raise UnreadableEvent(f"{event.envelope.type}: this release reads another major version")
        found = read_event(event.envelope, event.raw)
        around = surroundings()
        if around is not None:
            around.command = event.envelope.extensions.get("correlation")
            around.case = event.envelope.subject
            around.trace = trace_of(event.envelope.extensions.get("traceparent"))
        await unit.next_event(f"{self.consumer}:{event.event_id}", str(event.event_id))
        await handler(unit, found, event.envelope)

    def _listener(self, name: str) -> tuple[type[Event] | None, Handler | None]:
        family = name.rpartition(".v")[0]
        similar: Handler | None = None
        for contract, handler in self.consumes.items():
            known = contract.type_name()
            if known == name:
                return contract, handler
            if known.rpartition(".v")[0] == family:
                similar = handler
        return None, similar

    async def set_aside(
        self, unit: UnitOfWork, event: Incoming, queue: inbox.Queue, error: str, attempts: int = 0
    ) -> None:
        """Put one event into ``parked`` or ``pending`` instead of applying it, unless it was received before."""
        if not await inbox.claim(unit.connection, self.consumer, [event]):
            return
        seconds = self.pending_seconds if queue == "pending" else None
        kept = [(event, error)]
        await inbox.keep(unit.connection, queue, self.consumer, kept, attempts=attempts, seconds=seconds)
