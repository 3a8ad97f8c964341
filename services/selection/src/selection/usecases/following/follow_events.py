"""What placement and assessment report about a participation, and what selection does about it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.applying.lifecycle import ApplicationState
from selection.domain.applying.stage import stage_of
from selection.domain.policy.places import Stage
from selection.usecases.following.vacate_place import vacate_place
from selection.usecases.ports import SelectionWork
from shared.kernel.actor import system

_HELD = (ApplicationState.SELECTED, ApplicationState.COMPLETED)


async def note_arrival(work: SelectionWork, participation: UUID, arrived_on: date) -> None:
    """Remember that training began: from here on leaving is an early end, not a vacated place."""
    application = await work.applications.get(participation)
    application.started_on = application.started_on or arrived_on


async def note_placement(work: SelectionWork, participation: UUID) -> None:
    """Remember that a host was found: leaving is now leaving a placement."""
    application = await work.applications.get(participation)
    application.placed_on = application.placed_on or work.today


async def follow_end_of_placement(
    work: SelectionWork, participation: UUID, kind: str, started: bool, reason: str
) -> None:
    """React to the end of a placement: ``kind`` is ``normal``, ``early``, ``before_start`` or ``no_show``.

    Before the start the place goes to the reserve, unless a withdrawal has given it away already; an early end closes
    the story; a normal end closes nothing, the assessment does.
    """
    application = await work.applications.get(participation)
    if not started and kind in ("before_start", "no_show"):
        stage = stage_of(application)
        if application.state is ApplicationState.SELECTED:
            application.deselect(reason, system("selection"))
        if application.state in (ApplicationState.DESELECTED, ApplicationState.WITHDRAWN):
            await vacate_place(
                work, application, kind.replace("_", "-"), stage if stage is not Stage.IN_REVIEW else Stage.PLACED
            )
    elif application.state is ApplicationState.WITHDRAWN:
        if (closed := application.end_withdrawn()) is not None:
            work.announce(closed)
    elif kind == "early":
        _close(work, application, "ended_early")


async def close_story(work: SelectionWork, participation: UUID, outcome: str) -> None:
    """Close the story of a participation: ``certified``, ``failed`` or ``revoked``; a later word replaces an earlier."""
    _close(work, await work.applications.get(participation), outcome)


def _close(work: SelectionWork, application: Application, outcome: str) -> None:
    if application.state in _HELD and application.outcome != outcome:
        work.announce(application.complete(outcome, system("selection")))
