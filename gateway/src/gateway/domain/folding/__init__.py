"""The fold itself: which event writes what, as one table; a service writes its own sections only."""

from __future__ import annotations

from bisect import insort
from typing import Any

from gateway.domain.company import COMPANY
from gateway.domain.folding.assessing import ASSESSING
from gateway.domain.folding.paying import PAYING
from gateway.domain.folding.placing import PLACING
from gateway.domain.folding.returning import RETURNING
from gateway.domain.folding.selecting import SELECTING
from gateway.domain.folding.writing import Write
from gateway.domain.happening import Happening
from gateway.domain.journey import SERVICES, Journey
from gateway.domain.rights import RIGHTS

__all__ = ["WRITES", "fold"]


def fold(journey: Journey, happening: Happening) -> bool:
    """Apply one event of the journey's participation.

    Returns:
        False when the event was applied before or its name is unknown; the journey is then unchanged or has only a
        longer timeline.
    """
    if happening.sequence <= journey.sequences.get(happening.service, 0):
        return False
    journey.sequences[happening.service] = happening.sequence
    entry = {"at": happening.stamp, "service": happening.service, "event": happening.name, "seq": happening.sequence}
    insort(journey.timeline, entry, key=_place)
    write = WRITES.get((happening.service, happening.name))
    if write is not None:
        write(journey, happening)
    return write is not None


def _place(entry: dict[str, Any]) -> tuple[str, int, int]:
    return entry["at"], SERVICES.index(entry["service"]), entry["seq"]


WRITES: dict[tuple[str, str], Write] = {**SELECTING, **RIGHTS, **PLACING, **COMPANY, **ASSESSING, **RETURNING, **PAYING}
"""Every event of a participation and what it writes; a test compares the keys with the published contracts."""
