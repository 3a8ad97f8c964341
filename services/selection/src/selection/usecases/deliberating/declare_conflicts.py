"""An expert stands aside for candidates with whom there is a conflict of interest (S-05)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from selection.domain.panel.panel import ConflictOfInterest
from selection.usecases.deliberating.score_candidates import panel_candidates, panel_for_expert
from selection.usecases.ports import SelectionWork
from selection.usecases.sheet import no_twice


async def declare_conflicts(
    work: SelectionWork, panel_id: UUID, declared: Sequence[tuple[UUID, str]]
) -> list[ConflictOfInterest]:
    """Declare (application, reason) pairs; declaring again changes nothing. A sheet already given no longer counts.

    Raises:
        Conflict: ``panel-concluded``. NotFound: not a candidate of this panel. Malformed: ``row-twice``.
    """
    panel = await panel_for_expert(work, panel_id)
    no_twice((application for application, _ in declared), "application")
    await panel_candidates(work, panel, [application for application, _ in declared])
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
    return result
