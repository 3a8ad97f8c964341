"""Contracts of other services to use cases of selection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from selection.usecases.following.follow_events import (
    close_story,
    follow_end_of_placement,
    note_arrival,
    note_placement,
)
from selection.usecases.ports import SelectionWork
from shared.contracts.assessment import Assessed, CertificateRevoked, Certified
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.contracts.placement import Placed, PlacementArrived, PlacementEnded


async def _placed(work: SelectionWork, event: Placed, _: Envelope) -> None:
    await note_placement(work, event.participation)


async def _arrived(work: SelectionWork, event: PlacementArrived, _: Envelope) -> None:
    await note_arrival(work, event.participation, event.arrived_on)


async def _ended(work: SelectionWork, event: PlacementEnded, _: Envelope) -> None:
    await follow_end_of_placement(work, event.participation, event.kind, event.started, event.reason)


async def _assessed(work: SelectionWork, event: Assessed, _: Envelope) -> None:
    if event.result == "fail":
        await close_story(work, event.participation, "failed")


async def _certified(work: SelectionWork, event: Certified, _: Envelope) -> None:
    await close_story(work, event.participation, "certified")


async def _revoked(work: SelectionWork, event: CertificateRevoked, _: Envelope) -> None:
    await close_story(work, event.participation, "revoked")


CONSUMES: dict[type[Event], Callable[[Any, Any, Envelope], Awaitable[None]]] = {
    Placed: _placed,
    PlacementArrived: _arrived,
    PlacementEnded: _ended,
    Assessed: _assessed,
    Certified: _certified,
    CertificateRevoked: _revoked,
}
"""Every event selection listens to."""
