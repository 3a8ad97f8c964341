"""Move the day of a suspension, a resumption or a transfer that was recorded wrongly (M-03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from placement.domain.placements.segments import Segment
from shared.kernel.refusals import Conflict, RuleViolated

Movable = Literal["suspended", "resumed", "transferred"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedChange:
    """A change of the term that took effect on another day than ``recorded_on`` says."""

    change: Movable
    recorded_on: date
    effective_on: date


def move_change(served: Sequence[Segment], moved: MovedChange) -> None:
    """Let the days of the segments around the change follow it; both hosts of shared days move together.

    Raises:
        Conflict: ``not-recorded`` when no such change took effect on that day.
        RuleViolated: ``outside-segment`` when another recorded day lies between.
    """
    closing = [each for each in served if each.ends_on == moved.recorded_on - _DAY]
    opening = [each for each in served if each.starts_on == moved.recorded_on]
    same = {each.host for each in closing} & {each.host for each in opening}
    there = {
        "suspended": bool(closing) and not opening,
        "resumed": bool(opening) and not closing and any(each.ends_on < moved.recorded_on for each in served),
        "transferred": bool(closing) and bool(opening) and not same,
    }[moved.change]
    if not there:
        raise Conflict("not-recorded", f"No such change is on record for {moved.recorded_on}.", rule="M-03")
    around = [each for each in served if each not in closing and each not in opening]
    earliest = max(
        [each.starts_on + _DAY for each in closing]
        + [each.ends_on + _DAY + _DAY for each in around if each.ends_on < moved.recorded_on and not closing]
    )
    latest = min(
        [each.ends_on for each in opening]
        + [each.starts_on - _DAY for each in around if each.starts_on > moved.recorded_on and not opening],
        default=date.max,
    )
    if not earliest <= moved.effective_on <= latest:
        raise RuleViolated(
            "outside-segment", f"Choose a day from {earliest} to {latest}: other days are on record.", rule="M-03"
        )
    for each in closing:
        each.ends_on = moved.effective_on - _DAY
    for each in opening:
        each.starts_on = moved.effective_on
