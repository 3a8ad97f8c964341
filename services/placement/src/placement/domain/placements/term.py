"""The term of a placement that has begun: arrival, suspension, transfer, extension and end, with their dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from placement.domain.facts import PlacementChanged, PlacementEnded, TraineeArrived
from placement.domain.placements.placement import Placement
from placement.domain.placements.segments import (
    Segment,
    SegmentState,
    cut,
    day_before,
    days_served,
    last_closed,
    live,
)
from placement.domain.placements.shares import again, whole
from placement.domain.placements.states import PlacementState
from placement.domain.policies import Rules
from shared.kernel.actor import Actor, system
from shared.kernel.refusals import Conflict, RuleViolated


def not_in_future(day: date, today: date) -> None:
    """Refuse an actual date after today.

    Raises:
        RuleViolated: ``date-in-future`` (money depends on actual dates).
    """
    if day > today:
        raise RuleViolated("date-in-future", "An actual date cannot lie in the future.", rule="M-03", today=str(today))


def arrive(
    placement: Placement, planned: list[Segment], rules: Rules, *, on: date, today: date, by: Actor
) -> TraineeArrived:
    """The person is at the host from ``on``; punctual within the grace days of the policy (M-03).

    Raises:
        RuleViolated: ``date-in-future``, ``arrival-too-early``, ``arrival-after-term`` or ``not-ready``: what the
            policy asks for before the arrival is not in force.
    """
    placement._advance("arrive", by)
    punctuality = punctuality_of(placement, rules, on=on, today=today)
    in_force = {
        "agreement": placement.agreement_on, "mentor": placement.mentor_on, "plan": placement.plan_on,
        "pre_training": placement.pre_training_on,
    }  # fmt: skip
    missing = [need for need in rules.arrival.requires if in_force[need] is None]
    if missing:
        raise RuleViolated("not-ready", f"Not in force yet: {', '.join(missing)}.", rule="M-04", missing=missing)
    placement.arrived_on, placement.punctuality = on, punctuality
    for segment in planned:
        segment.start(on)
    begin_when_ready(placement)
    assert placement.host is not None
    return TraineeArrived(placement.id, placement.host, on, placement.punctuality)


def punctuality_of(placement: Placement, rules: Rules, *, on: date, today: date) -> str:
    """``on_time`` within the grace days of the policy, else ``late`` (M-03).

    Raises:
        RuleViolated: ``date-in-future``, ``arrival-too-early`` or ``arrival-after-term``.
    """
    not_in_future(on, today)
    earliest = placement.planned_start - timedelta(days=rules.arrival.earliest_days)
    if on < earliest:
        raise RuleViolated("arrival-too-early", f"The earliest arrival is {earliest}.", rule="M-03")
    if on > placement.planned_end:
        raise RuleViolated("arrival-after-term", "The planned term is already over.", rule="M-03")
    return "on_time" if on <= placement.planned_start + timedelta(days=rules.arrival.grace_days) else "late"


def begin_when_ready(placement: Placement) -> None:
    """Training begins by itself once the person is there and agreement, mentor and plan are in force (M-04 to M-07)."""
    ready = placement.agreement_on and placement.mentor_on and placement.plan_on
    if placement.state is PlacementState.ARRIVED and ready:
        placement._advance("begin", system("placement"))


def suspend(placement: Placement, segments: list[Segment], *, on: date, today: date, by: Actor) -> PlacementChanged:
    """No day is served from ``on`` until the term is resumed."""
    placement._advance("suspend", by)
    not_in_future(on, today)
    _must_be_running(placement, segments, on)
    cut(segments, day_before(on))
    return changed(placement, "suspended", on)


def resume(
    placement: Placement, segments: list[Segment], *, on: date, today: date, new_id: Callable[[], UUID], by: Actor
) -> tuple[list[Segment], PlacementChanged]:
    """Days are served again from ``on``, in a new segment for every host that shared the days before."""
    placement._advance("resume", by)
    not_in_future(on, today)
    _after_all(segments, on)
    if on > placement.planned_end:
        raise RuleViolated("resume-after-term", "The term is over; end the placement instead.", rule="M-03")
    last = last_closed(segments)
    before = [segment for segment in segments if segment.state is SegmentState.CLOSED and segment.ends_on == last]
    return again(placement, before, new_id, on), changed(placement, "resumed", on)


def transfer(
    placement: Placement,
    segments: list[Segment],
    *,
    on: date,
    today: date,
    host: str,
    province: str,
    offer: UUID,
    new_id: Callable[[], UUID],
    by: Actor,
) -> tuple[list[Segment], PlacementChanged]:
    """The person goes on at another host alone from ``on``; mentor and plan have to be made anew there."""
    placement._advance("transfer", by)
    not_in_future(on, today)
    if host == placement.host:
        raise Conflict("same-host", "The person is at this host already.")
    _must_be_running(placement, segments, on)
    cut(segments, day_before(on))
    placement.host, placement.host_province, placement.offer = host, province, offer
    placement.mentorship = placement.mentor = placement.mentor_on = None
    placement.plan = placement.plan_on = None
    return [whole(placement, new_id(), on)], changed(placement, "transferred", on)


def extend(
    placement: Placement,
    segments: list[Segment],
    *,
    until: date,
    rules: Rules,
    new_id: Callable[[], UUID],
    by: Actor,
) -> tuple[list[Segment], PlacementChanged]:
    """The term goes on until a later day, in a new segment of the same placement for every host that has the last day.

    Raises:
        RuleViolated: ``extension-not-later`` or ``extension-too-long`` (the policy's limit in days).
    """
    placement._advance("extend", by)
    if until <= placement.planned_end:
        raise RuleViolated("extension-not-later", f"The term already lasts until {placement.planned_end}.", rule="P-03")
    if (until - placement.planned_end).days > rules.term.extension_days:
        raise RuleViolated(
            "extension-too-long", f"A term is extended by {rules.term.extension_days} days at most.", rule="P-03"
        )
    last, first = placement.planned_end, placement.planned_end + timedelta(days=1)
    placement.planned_end = until
    before = [segment for segment in live(segments) if segment.ends_on == last]
    return again(placement, before, new_id, first), changed(placement, "extended", first)


def end(
    placement: Placement,
    segments: list[Segment],
    *,
    on: date,
    today: date,
    reason: str | None,
    rules: Rules,
    by: Actor,
) -> PlacementEnded:
    """End the term with ``on`` as its last day; before the planned end it is an early end and needs a coded reason.

    Raises:
        RuleViolated: ``date-in-future``, ``end-after-term``, ``reason-missing`` or ``unknown-reason``.
    """
    placement.lifecycle.next("end", placement.state, by)
    not_in_future(on, today)
    if on > placement.planned_end + timedelta(days=rules.term.tolerance_days):
        raise RuleViolated("end-after-term", "The term ended before that day; extend it first.", rule="P-03")
    early = on < placement.planned_end - timedelta(days=rules.term.tolerance_days)
    if early and reason is None:
        raise RuleViolated("reason-missing", "An early end needs a reason of the policy's list.", rule="P-03")
    if early and reason not in rules.end_reasons and not by.subject.startswith("system:"):
        raise RuleViolated("unknown-reason", f"Use one of: {', '.join(rules.end_reasons)}.", rule="P-03")
    return finish(placement, segments, kind="early" if early else "normal", reason=reason, on=on, by=by)


def finish(
    placement: Placement, segments: list[Segment], *, kind: str, reason: str | None, on: date, by: Actor
) -> PlacementEnded:
    """Close what runs and count the days; ``end`` and the withdrawal decide what kind of end it is.

    Raises:
        RuleViolated: ``end-before-change`` when later days are already on record.
    """
    first = next((segment.starts_on for segment in live(segments)), None) or last_closed(segments)
    if first is not None and on < first:
        raise RuleViolated("end-before-change", f"Days until {first} are already on record.", rule="M-03")
    cut(segments, on)
    return placement.end(kind, reason or "completed", on, days_served(segments), by=by)


def _must_be_running(placement: Placement, segments: list[Segment], on: date) -> None:
    first = live(segments)[0].starts_on
    if on <= first or on > placement.planned_end:
        raise RuleViolated(
            "outside-segment", f"Choose a day after {first} and not after {placement.planned_end}.", rule="M-03"
        )


def _after_all(segments: list[Segment], on: date) -> None:
    last = last_closed(segments)
    if last is not None and on <= last:
        raise RuleViolated("outside-segment", f"Choose a day after {last}.", rule="M-03")


def changed(placement: Placement, change: str, on: date) -> PlacementChanged:
    """The fact of a change that takes effect on a day."""
    assert placement.host is not None
    return PlacementChanged(placement.id, change, on, placement.host, placement.planned_end)
