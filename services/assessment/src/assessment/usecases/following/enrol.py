"""A person has a place on a fixed roster (S-07)."""

from __future__ import annotations

from assessment.domain.participation import Participation
from assessment.usecases.ports import AssessmentPort


async def enrol(work: AssessmentPort, latest: Participation) -> None:
    """Keep what ``selected`` says; a person who had left and was selected again begins anew."""
    known = await work.participations.find(id=latest.id)
    if known is None:
        work.participations.add(latest)
        return
    if known.has_left:
        known.rejoin(work.actor)
    for name in ("unit", "specialty", "title_level", "planned_start", "planned_end", "policy_version"):
        setattr(known, name, getattr(latest, name))
