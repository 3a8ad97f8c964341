"""Every published event is consumed: contract → arrival."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gateway.adapters.db.unit_of_work import GatewayWork
from gateway.domain.happening import Happening
from gateway.usecases.project import Arrival
from shared.contracts.envelope import Envelope
from shared.contracts.event import REGISTRY, Event


def arrival_of(envelope: Envelope, event: Event) -> Arrival:
    """The event as the read models take it."""
    happening = Happening(
        service=envelope.service,
        name=type(event).event,
        subject=envelope.subject,
        sequence=envelope.sequence,
        at=envelope.time,
        payload=event.model_dump(mode="json", exclude_none=True),
    )
    return Arrival(envelope.id, envelope.source, envelope.type, envelope.aggregate, happening)


async def _take(work: GatewayWork, event: Event, envelope: Envelope) -> None:
    work.take(arrival_of(envelope, event))


CONSUMES: dict[type[Event], Callable[[GatewayWork, Event, Envelope], Awaitable[None]]] = dict.fromkeys(
    (contract for name, contract in REGISTRY.items() if name.startswith("cn.talent.")), _take
)
"""Every contract that is registered; a new one needs a row in ``domain.folding`` to appear in a section."""
