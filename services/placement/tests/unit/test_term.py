"""Days: what is served is counted once, whatever happens to the term; reports cover every day of it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.domain.placements import term
from placement.domain.placements.segments import SegmentState
from placement.domain.placements.states import PlacementState
from placement.domain.policies import ReportRules, Rules, resolve
from placement.domain.reports import add_months, periods
from placement.testing.builders import END, HOST, REGION, RULES, START, a_placement, a_segment, content
from shared.kernel.refusals import RuleViolated


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_days_served_are_the_days_neither_before_nor_after_nor_suspended(data: st.DataObject) -> None:
    """Arrival, any suspensions and resumptions, then the end: every served day is counted exactly once."""
    placement = a_placement()
    segments = [a_segment(placement)]
    arrived = START + timedelta(days=data.draw(st.integers(-14, 60)))
    term.arrive(placement, segments, RULES, on=arrived, today=END, by=HOST)
    day, suspended = arrived, set[date]()
    for _ in range(data.draw(st.integers(0, 3))):
        first = day + timedelta(days=data.draw(st.integers(1, 30)))
        again = first + timedelta(days=data.draw(st.integers(1, 30)))
        term.suspend(placement, segments, on=first, today=END, by=HOST)
        more, _ = term.resume(placement, segments, on=again, today=END, new_id=uuid4, by=HOST)
        segments += more
        suspended |= {first + timedelta(days=n) for n in range((again - first).days)}
        day = again
    last = day + timedelta(days=data.draw(st.integers(0, (END - day).days)))

    ended = term.end(placement, segments, on=last, today=END, reason="health", rules=RULES, by=HOST)

    served = {arrived + timedelta(days=n) for n in range((last - arrived).days + 1)} - suspended
    assert ended.days_served == len(served)
    assert ended.kind == ("normal" if last >= END - timedelta(days=3) else "early")
    counted = [s for s in segments if s.state is SegmentState.CLOSED]
    days = [s.starts_on + timedelta(days=n) for s in counted for n in range(s.days)]
    assert len(days) == len(set(days)) == len(served)


def test_an_extension_is_a_segment_of_its_own_and_may_be_cut_short() -> None:
    """P-03: extended by a quarter; ending before the extension begins voids it."""
    placement = a_placement()
    segments = [a_segment(placement)]
    term.arrive(placement, segments, RULES, on=START, today=START, by=HOST)

    more, fact = term.extend(placement, segments, until=date(2025, 9, 30), rules=RULES, new_id=uuid4, by=REGION)
    segments += more
    ended = term.end(placement, segments, on=date(2025, 5, 1), today=END, reason="family", rules=RULES, by=HOST)

    assert (fact.change, fact.effective_on, fact.planned_end) == ("extended", date(2025, 7, 1), date(2025, 9, 30))
    assert [s.state for s in segments] == ["closed", "void"]
    assert (ended.kind, ended.days_served) == ("early", 305)
    for until, code in ((END, "extension-not-later"), (date(2027, 1, 1), "extension-too-long")):
        fresh = a_placement(state=PlacementState.ACTIVE)
        with pytest.raises(RuleViolated, match=code):
            term.extend(fresh, [], until=until, rules=RULES, new_id=uuid4, by=REGION)


def test_training_begins_when_everything_is_in_force() -> None:
    """M-04 to M-07: arrived is not yet active."""
    placement = a_placement(plan_on=None)
    term.arrive(placement, [a_segment(placement)], RULES, on=START, today=START, by=HOST)
    assert placement.state == "arrived"

    placement.plan_on = START
    term.begin_when_ready(placement)

    assert str(placement.state) == "active"


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 1200), st.integers(1, 12), st.integers(0, 30))
@settings(max_examples=300, deadline=None)
def test_report_periods_cover_every_day_once(start: date, days: int, months: int, grace: int) -> None:
    """D-02: no gap, no overlap, the last one may be longer but never a few days."""
    end = start + timedelta(days=days)

    found = list(periods(start, end, ReportRules(months, grace, ("region",))))

    assert found[0][1] == start
    assert found[-1][2] == end
    assert [number for number, *_ in found] == list(range(1, len(found) + 1))
    for (_, _, to, due), (_, following, _, _) in pairwise(found):
        assert following == to + timedelta(days=1)
        assert due == to + timedelta(days=grace)
    if len(found) > 1:
        assert (found[-1][2] - found[-1][1]).days + 1 >= months * 15


def test_a_year_has_four_quarterly_reports() -> None:
    """The programme's own rule: a term of a year, a report each quarter."""
    found = [(str(a), str(b), str(due)) for _, a, b, due in periods(START, END, RULES.reports)]

    assert found == [
        ("2024-07-01", "2024-09-30", "2024-10-15"), ("2024-10-01", "2024-12-31", "2025-01-15"),
        ("2025-01-01", "2025-03-31", "2025-04-15"), ("2025-04-01", "2025-06-30", "2025-07-15"),
    ]  # fmt: skip


def test_months_end_on_the_last_day_when_there_is_no_such_day() -> None:
    """31 January and a month is the last of February."""
    assert [add_months(date(2024, 1, 31), n) for n in (1, 2, 13)] == [
        date(2024, 2, 29), date(2024, 3, 31), date(2025, 2, 28),
    ]  # fmt: skip


def test_the_fourth_batch_inherits_the_third_and_overrides_part() -> None:
    """P-08: one number differs, everything else is the third batch's."""
    third = Rules.of(content("batch-3"))

    assert (third.arrival.grace_days, RULES.arrival.grace_days) == (3, 7)
    assert RULES.arrival.requires == third.arrival.requires
    assert RULES.reports == third.reports
    assert resolve(content("batch-3"), {}) == content("batch-3")


@pytest.mark.parametrize("version", ["batch-3", "batch-4"])
def test_specialties_are_those_that_selection_knows(version: str) -> None:
    """One code list: what selection hands over, placement can match."""
    codes = resolve(content("batch-3", "selection"), content(version, "selection"))["codes"]
    wanted: dict[str, set[str]] = {}
    for row in codes["specialties"]:
        wanted.setdefault(row["group"], set()).add(row["code"])

    assert {group: set(members) for group, members in RULES.specialties.items()} == wanted
