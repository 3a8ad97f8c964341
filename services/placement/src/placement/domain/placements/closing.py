"""Leaving: what the roster and the person decided, kept so that events may come in any order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from placement.domain.facts import PlacementEnded
from placement.domain.placements.placement import Placement
from placement.domain.placements.segments import Segment, SegmentState
from placement.domain.placements.states import SERVING, PlacementState
from placement.domain.placements.term import finish
from shared.kernel.actor import system
from shared.kernel.lifecycle import Aggregate

_SERVICE = system("placement")


@dataclass(kw_only=True)
class Leaving(Aggregate):
    """What is known about a participation's leaving. ``id`` is the participation.

    A withdrawal is for good; a deselection holds against every roster version up to ``roster_version``.
    """

    withdrawn: bool = False
    roster_version: int | None = None
    reason: str

    def holds_against(self, roster_version: int) -> bool:
        """True when a selection by this version of the roster is void."""
        return self.withdrawn or (self.roster_version is not None and self.roster_version >= roster_version)

    def learn(self, *, withdrawn: bool, roster_version: int | None, reason: str) -> None:
        """Take in one more event; the outcome is the same in any order. A withdrawal's reason prevails."""
        if withdrawn or not self.withdrawn:
            newer = roster_version is None or self.roster_version is None or roster_version >= self.roster_version
            if newer:
                self.reason = reason
        self.withdrawn = self.withdrawn or withdrawn
        if roster_version is not None:
            self.roster_version = max(roster_version, self.roster_version or roster_version)


def leave(placement: Placement, segments: list[Segment], leaving: Leaving, today: date) -> PlacementEnded | None:
    """Apply a leaving to a placement, whatever its state; None when there is nothing (more) to tell.

    Before the confirmation the case closes; after it the placement is cancelled; after the arrival it ends, early
    unless the term is over.
    """
    if not leaving.holds_against(placement.roster_version):
        return None
    if placement.state in SERVING:
        on = min(today, placement.planned_end)
        kind = "early" if today < placement.planned_end else "normal"
        return finish(placement, segments, kind=kind, reason=leaving.reason, on=on, by=_SERVICE)
    if placement.state is PlacementState.CONFIRMED:
        for segment in segments:
            if segment.state is SegmentState.PLANNED:
                segment.void()
        return placement.not_started("cancel", "before_start", leaving.reason, today, by=_SERVICE)
    if "close" in placement.allowed_actions(_SERVICE):
        placement.close(leaving.reason, today, by=_SERVICE)
    return None
