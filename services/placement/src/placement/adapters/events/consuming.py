"""Which contracts move placement: contract → use case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from placement.adapters.db.unit_of_work import SqlPlacementWork
from placement.usecases.cases.open_case import Selection, open_case
from placement.usecases.cases.record_leaving import record_leaving
from shared.contracts import selection
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event

Handler = Callable[[SqlPlacementWork, Any, Envelope], Awaitable[None]]


async def _selected(work: SqlPlacementWork, event: selection.Selected, _: Envelope) -> None:
    await open_case(
        work,
        Selection(
            participation=event.participation,
            account=event.account,
            programme=event.programme,
            batch=event.batch,
            session=event.session,
            roster=event.roster,
            roster_version=event.roster_version,
            direction=event.direction,
            specialty=event.specialty,
            specialty_group=event.specialty_group,
            study_direction=event.study_direction,
            focus_area=event.focus_area,
            sending_unit=event.sending_unit,
            origin_area=event.origin_area,
            title_level=event.title_level,
            rank=event.rank,
            planned_start=event.planned_start,
            planned_end=event.planned_end,
            term=event.term,
            host_preferences=list(event.host_preferences),
            policy_version=event.policy_version,
            position_class=event.position_class,
            destination=event.destination,
            staff_category=event.staff_category,
        ),
    )


async def _deselected(work: SqlPlacementWork, event: selection.Deselected, _: Envelope) -> None:
    await record_leaving(
        work, event.participation, withdrawn=False, roster_version=event.roster_version, reason=event.reason
    )


async def _withdrawn(work: SqlPlacementWork, event: selection.ApplicationWithdrawn, _: Envelope) -> None:
    await record_leaving(work, event.participation, withdrawn=True, roster_version=None, reason=event.reason)


CONSUMES: dict[type[Event], Handler] = {
    selection.Selected: _selected,
    selection.Deselected: _deselected,
    selection.ApplicationWithdrawn: _withdrawn,
}
"""Event → what placement does about it; whatever is not named here is none of its business."""
