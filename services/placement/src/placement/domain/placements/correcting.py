"""Correct an actual date that was recorded wrongly: by an act of its own, with a coded reason (M-03)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from placement.domain.facts import PlacementChanged, PlacementEnded, TraineeArrived
from placement.domain.placements.moving import MovedChange, move_change
from placement.domain.placements.placement import Placement
from placement.domain.placements.segments import Segment, SegmentState, days_served
from placement.domain.placements.term import changed, not_in_future, punctuality_of
from placement.domain.policies import Rules
from shared.kernel.actor import Actor
from shared.kernel.refusals import Conflict, RuleViolated


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The dates as they really were; None leaves a date as it is. ``end_reason`` when an end turns out to be early.

    ``moved`` is a suspension, resumption or transfer that took effect on another day.
    """

    arrived_on: date | None = None
    ended_on: date | None = None
    returned_on: date | None = None
    end_reason: str | None = None
    moved: MovedChange | None = None


Fact = TraineeArrived | PlacementEnded | PlacementChanged


def correct(
    placement: Placement, segments: list[Segment], correction: Correction, rules: Rules, *, today: date, by: Actor
) -> list[Fact]:
    """Put dates right, and everything that follows from them: punctuality, the kind of the end, the days served.

    Gives the facts anew as they should have been told, and ``placement.changed`` that says it was a correction.

    Raises:
        Conflict: ``wrong-state``, ``never-started``, ``not-recorded`` for a date that was never recorded.
        RuleViolated: ``date-in-future``, ``arrival-too-early``, ``arrival-after-term``, ``outside-segment``,
            ``end-after-term``, ``reason-missing``, ``unknown-reason``, ``return-before-end``.
    """
    placement._advance("correct", by)
    if placement.arrived_on is None:
        raise Conflict("never-started", "The person never arrived; there is no date to correct.", rule="M-03")
    served = [segment for segment in segments if segment.state in (SegmentState.ACTIVE, SegmentState.CLOSED)]
    facts: list[Fact] = []
    if correction.arrived_on is not None:
        facts.append(_arrived(placement, served, correction.arrived_on, rules, today))
    if correction.moved is not None:
        not_in_future(correction.moved.effective_on, today)
        move_change(served, correction.moved)
    if correction.ended_on is not None:
        _ended(placement, served, correction, rules, today)
    if correction.returned_on is not None:
        if placement.returned_on is None:
            raise Conflict("not-recorded", "No return is on record yet.", rule="D-08")
        not_in_future(correction.returned_on, today)
        placement.returned_on = correction.returned_on
    if placement.returned_on is not None and placement.returned_on < (placement.ended_on or placement.returned_on):
        raise RuleViolated("return-before-end", "The return cannot be before the end.", rule="D-08")
    if correction.moved is not None:
        moved = correction.moved
        told = changed(placement, "corrected", moved.effective_on)
        facts.append(replace(told, corrects=moved.change, recorded_on=moved.recorded_on))
    else:
        facts.append(changed(placement, "corrected", correction.arrived_on or correction.ended_on or today))
    if placement.ended_on is not None:
        placement.days_served = days_served(segments)
        assert placement.end_kind is not None
        facts.append(
            PlacementEnded(
                placement.id, placement.host or "", True, placement.ended_on, placement.end_kind, placement.end_reason,
                placement.days_served,
            )
        )  # fmt: skip
    return facts


def _arrived(placement: Placement, served: list[Segment], on: date, rules: Rules, today: date) -> TraineeArrived:
    punctuality = punctuality_of(placement, rules, on=on, today=today)
    opening = [segment for segment in served if segment.starts_on == placement.arrived_on]
    if not opening or on > min(segment.ends_on for segment in opening):
        raise RuleViolated("outside-segment", "Later days are already on record; choose an earlier day.", rule="M-03")
    for segment in opening:
        segment.starts_on = on
    placement.arrived_on, placement.punctuality = on, punctuality
    assert placement.host is not None
    return TraineeArrived(placement.id, opening[0].host, on, punctuality)


def _ended(placement: Placement, served: list[Segment], correction: Correction, rules: Rules, today: date) -> None:
    on = correction.ended_on
    if on is None or placement.ended_on is None:
        raise Conflict("not-recorded", "No end is on record yet.", rule="P-03")
    not_in_future(on, today)
    tolerance = timedelta(days=rules.term.tolerance_days)
    if on > placement.planned_end + tolerance:
        raise RuleViolated("end-after-term", "The term ended before that day.", rule="P-03")
    last = min(placement.ended_on, placement.planned_end)
    closing = [segment for segment in served if segment.ends_on == last]
    record = max((segment.starts_on for segment in closing), default=None) or max(s.ends_on for s in served)
    if on < record:
        raise RuleViolated("end-before-change", f"Days until {record} are already on record.", rule="M-03")
    early = on < placement.planned_end - tolerance
    reason = correction.end_reason or (placement.end_reason if placement.end_kind == "early" else None)
    if early and reason is None:
        raise RuleViolated("reason-missing", "An early end needs a reason of the policy's list.", rule="P-03")
    if early and correction.end_reason is not None and correction.end_reason not in rules.end_reasons:
        raise RuleViolated("unknown-reason", f"Use one of: {', '.join(rules.end_reasons)}.", rule="P-03")
    for segment in closing:
        segment.ends_on = min(on, placement.planned_end)
    placement.ended_on = on
    placement.end_kind, placement.end_reason = ("early", reason) if early else ("normal", "completed")
