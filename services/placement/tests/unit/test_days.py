"""Any legal sequence of acts: a person's days are counted once each, at no more than a whole share a day."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.domain.placements import term
from placement.domain.placements.correcting import Correction, correct
from placement.domain.placements.placement import Placement
from placement.domain.placements.segments import Segment, SegmentState, days_served
from placement.domain.placements.shares import HostShare, share_out
from placement.testing.builders import END, REGION, RULES, START, a_placement, a_segment
from shared.kernel.actor import Role
from shared.kernel.refusals import Refusal, RuleViolated
from shared.testing.actors import someone

MINISTRY = someone(Role.MINISTRY_OFFICER)
LATEST = END + timedelta(days=200)
ACTS = ("suspend", "resume", "transfer", "extend", "share", "correct-arrival")


class Diary:
    """The days as a person would keep them by hand: a set, apart from every segment."""

    def __init__(self, arrived: date) -> None:
        self.out: list[tuple[date, date | None]] = []
        self.arrived = arrived

    def days(self, last: date) -> set[date]:
        """From the arrival to ``last``, without the days out."""
        all_days = {self.arrived + timedelta(days=n) for n in range((last - self.arrived).days + 1)}
        for first, again in self.out:
            until = last if again is None else again - timedelta(days=1)
            all_days -= {first + timedelta(days=n) for n in range((until - first).days + 1)}
        return all_days


def act(data: st.DataObject, placement: Placement, segments: list[Segment], diary: Diary) -> None:
    """One act on a day drawn at random; what is refused changes nothing, and the diary notes only what is done."""
    name, day = data.draw(st.sampled_from(ACTS)), START + timedelta(days=data.draw(st.integers(-14, 420)))
    before, kept = deepcopy(placement.__dict__), [deepcopy(each.__dict__) for each in segments]
    try:
        if name == "suspend":
            term.suspend(placement, segments, on=day, today=LATEST, by=REGION)
            diary.out.append((day, None))
        elif name == "resume":
            segments += term.resume(placement, segments, on=day, today=LATEST, new_id=uuid4, by=REGION)[0]
            diary.out[-1] = (diary.out[-1][0], day)
        elif name == "transfer":
            host = data.draw(st.sampled_from(["hosts/H001", "hosts/H002", "hosts/H003"]))
            segments += term.transfer(
                placement, segments, on=day, today=LATEST, host=host, province="11", offer=uuid4(), new_id=uuid4,
                by=MINISTRY,
            )[0]  # fmt: skip
        elif name == "extend":
            segments += term.extend(placement, segments, until=day, rules=RULES, new_id=uuid4, by=MINISTRY)[0]
        elif name == "share":
            part = data.draw(st.integers(1, 99))
            shares = [HostShare(placement.host or "", part), HostShare("hosts/H009", 100 - part)]
            segments += share_out(placement, segments, shares, on=day, new_id=uuid4)
        else:
            correct(placement, segments, Correction(arrived_on=day), RULES, today=LATEST, by=REGION)
            diary.arrived = day
    except Refusal:
        placement.__dict__.update(before)  # as the rolled-back transaction would
        for each, members in zip(segments, kept, strict=True):
            each.__dict__.update(members)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_days_served_are_the_days_of_the_diary(data: st.DataObject) -> None:
    """M-03, P-03: whatever is legal, in any order; the end and its correction included."""
    placement = a_placement()
    segments = [a_segment(placement)]
    arrived = START + timedelta(days=data.draw(st.integers(-14, 30)))
    term.arrive(placement, segments, RULES, on=arrived, today=LATEST, by=REGION)
    diary = Diary(arrived)
    for _ in range(data.draw(st.integers(0, 8))):
        act(data, placement, segments, diary)
        must_be_sound(segments)
    last = arrived + timedelta(days=data.draw(st.integers(0, 420)))
    try:
        ended = term.end(placement, segments, on=last, today=LATEST, reason="health", rules=RULES, by=REGION)
    except RuleViolated:
        return

    served = diary.days(min(last, placement.planned_end))
    assert ended.days_served == len(served) == placement.days_served
    must_be_sound(segments)
    if not diary.out or diary.out[-1][1] is not None:
        again = last + timedelta(days=data.draw(st.integers(-20, 20)))
        try:
            correct(
                placement, segments, Correction(ended_on=again, end_reason="family"), RULES, today=LATEST, by=REGION
            )
        except RuleViolated:
            return
        assert placement.days_served == len(diary.days(min(again, placement.planned_end)))
        must_be_sound(segments)


def must_be_sound(segments: list[Segment]) -> None:
    """No day has more than 100 per cent, and no piece of a day belongs to two hosts."""
    pieces: Counter[tuple[date, int]] = Counter()
    for each in segments:
        if each.state is not SegmentState.VOID:
            for n in range(each.days):
                day = each.starts_on + timedelta(days=n)
                pieces.update({(day, each.share_from): 1, (day, each.share_from + each.share - 1): each.share > 1})
    assert not pieces or max(pieces.values()) == 1


def test_a_day_shared_by_two_hosts_is_one_day() -> None:
    """M-04: 60 and 40 per cent at the same time; both are counted once, and resuming keeps the shares."""
    placement = a_placement()
    segments = [a_segment(placement)]
    term.arrive(placement, segments, RULES, on=START, today=END, by=REGION)
    shares = [HostShare("hosts/H001", 60), HostShare("hosts/H002", 40)]
    segments += share_out(placement, segments, shares, on=date(2024, 9, 1), new_id=uuid4)
    term.suspend(placement, segments, on=date(2024, 12, 1), today=END, by=REGION)
    segments += term.resume(placement, segments, on=date(2025, 1, 1), today=END, new_id=uuid4, by=REGION)[0]

    ended = term.end(placement, segments, on=END, today=END, reason=None, rules=RULES, by=REGION)

    assert ended.days_served == 365 - 31
    closed = [(s.host, s.share, s.share_from, str(s.starts_on)) for s in segments if s.state is SegmentState.CLOSED]
    assert closed == [
        ("hosts/H001", 100, 0, "2024-07-01"),
        ("hosts/H001", 60, 0, "2024-09-01"), ("hosts/H002", 40, 60, "2024-09-01"),
        ("hosts/H001", 60, 0, "2025-01-01"), ("hosts/H002", 40, 60, "2025-01-01"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ([("hosts/H001", 60), ("hosts/H002", 30)], "shares-not-whole"),
        ([("hosts/H001", 100), ("hosts/H002", 0)], "shares-not-whole"),
        ([("hosts/H001", 50), ("hosts/H001", 50)], "share-twice"),
        ([("hosts/H002", 50), ("hosts/H001", 50)], "main-host-missing"),
    ],
)
def test_shares_are_whole_and_led_by_the_host(shares: list[tuple[str, int]], code: str) -> None:
    """M-04: 100 together, a host once, the placement's host first."""
    placement = a_placement()

    with pytest.raises(RuleViolated, match=code):
        share_out(placement, [a_segment(placement)], [HostShare(*each) for each in shares], on=START, new_id=uuid4)


def test_corrections_tell_the_facts_anew() -> None:
    """M-03: the arrival was late after all; the days and the end are told again, and that it was a correction."""
    placement = a_placement()
    segments = [a_segment(placement)]
    term.arrive(placement, segments, RULES, on=START, today=END, by=REGION)
    term.end(placement, segments, on=END, today=END, reason=None, rules=RULES, by=REGION)
    told = correct(placement, segments, Correction(arrived_on=date(2024, 7, 20)), RULES, today=END, by=REGION)

    assert [type(fact).__name__ for fact in told] == ["TraineeArrived", "PlacementChanged", "PlacementEnded"]
    assert (placement.punctuality, placement.days_served, days_served(segments)) == ("late", 346, 346)
    with pytest.raises(RuleViolated, match="reason-missing"):
        correct(placement, segments, Correction(ended_on=date(2025, 3, 1)), RULES, today=END, by=REGION)
    early = Correction(ended_on=date(2025, 3, 1), end_reason="health")
    correct(placement, segments, early, RULES, today=END, by=REGION)
    assert (placement.end_kind, placement.end_reason) == ("early", "health")
