"""Segments: the stretches of days a person is bound to one host; suspended days belong to none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.kernel.actor import Actor, Role, system
from shared.kernel.lifecycle import Aggregate, Lifecycle, Transition, arrows


class SegmentState(StrEnum):
    """Planned until the arrival, active while it runs, closed when served, void when no day was served."""

    PLANNED = "planned"
    ACTIVE = "active"
    CLOSED = "closed"
    VOID = "void"


_ITSELF = frozenset({Role.SYSTEM})

SEGMENT = Lifecycle(
    "segment",
    initial=SegmentState.PLANNED,
    transitions=[
        Transition("start", SegmentState.PLANNED, SegmentState.ACTIVE, _ITSELF),
        Transition("close", SegmentState.ACTIVE, SegmentState.CLOSED, _ITSELF),
        *arrows("void", (SegmentState.PLANNED, SegmentState.ACTIVE), SegmentState.VOID, _ITSELF),
    ],
)

_SERVICE: Actor = system("placement")


@dataclass(kw_only=True)
class Segment(Aggregate):
    """Days ``starts_on`` to ``ends_on``, both counted, of one person at one host.

    ``share`` is the part of those days, in percent, that belongs to this host; it lies on ``share_from`` to ``share_from
    + share`` of a line of 100. No two planned, active or closed segments of one account may share a piece of that line
    on one day, and no two placements a day; the database refuses it.
    """

    lifecycle: ClassVar[Lifecycle[SegmentState]] = SEGMENT

    placement: UUID
    account: str
    host: str
    starts_on: date
    ends_on: date
    share: int = 100
    share_from: int = 0
    state: SegmentState = SegmentState.PLANNED

    @property
    def days(self) -> int:
        """Calendar days, first and last included."""
        return (self.ends_on - self.starts_on).days + 1

    def start(self, on: date) -> None:
        """The person is there: planned days become actual ones."""
        self._advance("start", _SERVICE)
        self.starts_on = on
        self.ends_on = max(self.ends_on, on)

    def close(self, on: date) -> None:
        """Close with ``on`` as the last day; without a day served it is void."""
        if on < self.starts_on:
            self.void()
            return
        self._advance("close", _SERVICE)
        self.ends_on = on

    def void(self) -> None:
        """No day of it is served."""
        self._advance("void", _SERVICE)


def live(segments: list[Segment]) -> list[Segment]:
    """The active segments in order of days: one, or more after an extension; none while suspended."""
    return sorted((s for s in segments if s.state is SegmentState.ACTIVE), key=lambda segment: segment.starts_on)


def cut(segments: list[Segment], last: date) -> None:
    """Let the last day served be ``last``: later days of active segments are not served."""
    for segment in live(segments):
        segment.close(min(segment.ends_on, last))


def last_closed(segments: list[Segment]) -> date | None:
    """The last day that is already on record as served, or None."""
    return max((s.ends_on for s in segments if s.state is SegmentState.CLOSED), default=None)


def days_served(segments: list[Segment]) -> int:
    """Days of the closed segments, a day shared by two hosts once: what funding pays for."""
    total, until = 0, date.min
    for segment in sorted(segments, key=lambda each: (each.starts_on, each.ends_on)):
        if segment.state is SegmentState.CLOSED and segment.ends_on > until:
            total += (segment.ends_on - max(segment.starts_on - timedelta(days=1), until)).days
            until = segment.ends_on
    return total


def day_before(day: date) -> date:
    """The calendar day before."""
    return day - timedelta(days=1)
