"""An expert stands aside for candidates with whom there is a conflict of interest (S-05)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from selection.domain.applying.application import Application
from selection.domain.panel.assigned import AssignmentState
from selection.domain.panel.panel import ConflictOfInterest, Panel
from selection.usecases.deliberating.assign_candidates import assign_open
from selection.usecases.deliberating.score_candidates import panel_candidates, panel_for_expert
from selection.usecases.ports import SelectionWork
from selection.usecases.sheet import no_twice


async def declare_conflicts(
    work: SelectionWork, panel_id: UUID, declared: Sequence[tuple[UUID, str]]
) -> list[ConflictOfInterest]:
    """Declare (application, reason) pairs; declaring again changes nothing. A sheet already given no longer counts.

    What was assigned to the expert goes to another; where nobody is left, the conclusion asks for fewer sheets.

    Raises:
        Conflict: ``panel-concluded``. NotFound: not a candidate of this panel. Malformed: ``row-twice``.
    """
    panel = await panel_for_expert(work, panel_id)
    no_twice((application for application, _ in declared), "application")
    candidates = await panel_candidates(work, panel, [application for application, _ in declared])
    known = {
        each.application_id: each for each in await work.conflicts.list(panel_id=panel.id, expert=work.actor.subject)
    }
    result = []
    for application, reason in declared:
        conflict = known.get(application)
        if conflict is None:
            conflict = ConflictOfInterest(
                id=work.new_id(), panel_id=panel.id, application_id=application, expert=work.actor.subject, reason=reason,
                declared_at=work.now,
            )  # fmt: skip
            work.conflicts.add(conflict)
        result.append(conflict)
    await _reassign(work, panel, candidates)
    return result


async def _reassign(work: SelectionWork, panel: Panel, candidates: Mapping[UUID, Application]) -> None:
    if not panel.assigned:
        return
    for assignment in await work.assignments.list(
        panel_id=panel.id, expert=work.actor.subject, application_id=set(candidates), state=AssignmentState.ASSIGNED
    ):
        assignment.release("conflict", work.actor)
    await assign_open(work, panel, candidates.values(), alone_is_refused=False)
